"""What is told of a plan of additions: finding, money, reasons, schools, years."""
