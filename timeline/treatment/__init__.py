"""What a course of treatment was: sessions, what ran beside it, what came of it. Knows no view."""
