"""Privacy: what a person leaves in texts, how long things are kept, and a trail that shows each change of it."""
