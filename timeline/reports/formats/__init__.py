"""The formats of a report, one a file: each takes a composed report and gives text or bytes. Composes nothing."""
