"""Learning: arrays and files in, arrays and files out; it knows no web, database or user."""
