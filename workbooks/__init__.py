"""The one door for tables: from the bytes of a file to values with cells, and back with marks."""
