"""A whole log as lines, and back: the same log in another place. Reads no file and prints nothing."""
