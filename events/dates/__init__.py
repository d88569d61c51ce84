"""Zones, EDTF, dates as people write them, relative phrases: text to bounds. Knows no event."""
