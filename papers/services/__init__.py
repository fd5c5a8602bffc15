"""Making documents, and keeping what is needed for them."""
