"""Proofs for strangers: made, written as text, checked. Changes no log."""
