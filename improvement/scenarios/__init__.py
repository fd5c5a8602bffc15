"""What is told of scenarios: each change in a sentence, several side by side."""
