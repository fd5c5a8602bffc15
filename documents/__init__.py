"""Official documents in the form of GB/T 9704-2012: built, filled in, the same bytes each time."""
