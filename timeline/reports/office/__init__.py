"""Word and Excel: a composed report as files of an office. Composes nothing; loaded only where used."""
