"""Charts: plain numbers and words in, escaped SVG out; knows no framework and no clock."""
