"""Counting doses and dating the last one over uncertain times. Knows no question's words."""
