"""What was supplied, by whom and to whom, for how much. Adds no telling twice, and says not what it was for."""
