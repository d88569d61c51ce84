"""What leaves the log for other programs: one format a file, by name. Reads the log and never appends."""
