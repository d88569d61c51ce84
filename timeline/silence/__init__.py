"""Silent periods between things that happened at uncertain times. Knows no event."""
