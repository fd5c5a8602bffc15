"""What people do about what must get better."""
