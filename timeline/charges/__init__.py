"""Charges, what came of them, hearings and deadlines. Decides nobody's guilt."""
