"""Load on a portal: where it is served, who asks for what, and what that takes of the machine."""
