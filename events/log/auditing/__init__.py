"""What verification looks at, and how it says what does not hold. Mends nothing."""
