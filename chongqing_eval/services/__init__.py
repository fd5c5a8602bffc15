"""What concerns the whole installation: keeping a copy of it and putting a copy back."""
