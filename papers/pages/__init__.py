"""Pages of the documents: the shelf, and what the application form asks for."""
