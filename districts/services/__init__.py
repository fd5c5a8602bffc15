"""Everything that changes units, schools, people and tokens."""
