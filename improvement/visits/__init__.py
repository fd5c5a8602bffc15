"""On-site visits beside their rows: the table of steps, the page, the protocol of a draw."""
