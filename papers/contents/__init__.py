"""What fills each document: fields in the words of an official paper, always in Chinese."""
