"""Frozen dataset versions, their differences, and exports."""
