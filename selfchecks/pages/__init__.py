"""What the bureau's pages show, put together before any template runs."""
