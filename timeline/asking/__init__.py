"""Questions as people write them, and answers as people read them. Computes no bound."""
