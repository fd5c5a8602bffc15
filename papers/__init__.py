"""What leaves the portal on paper: which documents there are, what fills them, who takes them."""
