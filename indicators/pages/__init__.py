"""What the public indicator pages show."""
