"""What each public page shows, as frozen dataclasses ready to print."""
