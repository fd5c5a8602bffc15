"""What a district tells and what the public says: tables of steps, words, the gate to the form."""
