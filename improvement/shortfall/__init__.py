"""What is lacking, said of each school in what a district can add, and what that costs."""
