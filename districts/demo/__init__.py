"""Made-up people and schools for trials; plain code, the same seed gives the same data."""
