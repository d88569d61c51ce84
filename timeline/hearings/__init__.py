"""What an account hears: who counts, what constrains, what is set aside. Asks no question."""
