"""From the fields of a line to a draft, checked. Opens no file and no log."""
