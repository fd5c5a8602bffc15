"""What each public page shows; the templates read models, counts and these few rows."""
