"""What templates of the admin's lists cannot say themselves."""
