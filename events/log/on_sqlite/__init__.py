"""What is SQLite's own: the file, its settings, writing, faults, copies. Knows no event."""
