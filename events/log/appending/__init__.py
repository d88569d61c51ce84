"""What an append is made of: heads, places, numbers, what clashes. Reads no text and opens no log."""
