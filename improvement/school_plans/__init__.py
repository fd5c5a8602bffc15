"""School plans (一校一策) beside their rows: the table of steps, measures in the reader's words."""
