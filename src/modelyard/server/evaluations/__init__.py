"""Models, how good they are, and which of two is better."""
