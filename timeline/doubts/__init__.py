"""What a careful colleague would ask of a record before relying on it. Answers none of it."""
