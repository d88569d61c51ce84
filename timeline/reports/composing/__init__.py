"""One section of a report a file: each asks a case and gives sections of blocks. Writes no format."""
