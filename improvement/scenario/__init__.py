"""What if: changes thought of, applied to the figures a district reported, in order."""
