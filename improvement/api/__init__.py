"""Plans and scenarios over REST."""
