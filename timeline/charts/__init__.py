"""Charts of a case: each file makes one kind, pure; only `drawing` turns one into a picture."""
