"""The founding case and its walk-through, shipped with the program. Holds no rule of its own."""
