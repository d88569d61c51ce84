"""What a disk may hold after the power went: recorded writes and syncs, replayed with torn and dropped ones."""
