"""The calculation: reported figures and rules in, verdicts with their working out; no Django."""
