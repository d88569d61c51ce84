"""Another log of the same cases brought into this one: compared, counted, appended. Opens no log and prints nothing."""
