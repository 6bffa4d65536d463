"""Interchange formats, one a file, reading and writing together; pure."""
