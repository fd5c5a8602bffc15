"""Everything that changes versions of the standard, and the rules read from them."""
