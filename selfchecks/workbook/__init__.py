"""From the bytes of an upload to values with cells and everything that is wrong with them."""
