"""What a district reported in its yearly self-check, and what was decided about it."""
