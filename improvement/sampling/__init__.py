"""Which schools are visited: how likely each is to be drawn, and the draw; no Django."""
