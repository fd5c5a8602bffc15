"""The bureau's pages of improvement."""
