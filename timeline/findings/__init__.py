"""What an examination found and a laboratory measured, beside cited ranges. Concludes nothing."""
