"""Everything that changes self-checks, and what their pages, admin and API ask for."""
