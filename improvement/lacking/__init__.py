"""What is told of what is lacking: of one district, of each school, of the whole city."""
