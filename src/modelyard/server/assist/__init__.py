"""What models do for the people who label: suggestions, what to label next, what looks wrong."""
