"""How the made-up self-checks of the demonstration are filled in and what becomes of them."""
