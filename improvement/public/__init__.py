"""Pages for everybody: practices others can follow, and what the public has to say."""
