"""The district bureau's pages, one module per screen: its address, what it shows, its form."""
