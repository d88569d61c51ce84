"""What is kept beside the log: tables, questions, rows, the place they lie in, how they are brought up and read."""
