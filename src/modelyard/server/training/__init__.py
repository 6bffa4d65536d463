"""Runs: durable training of a model on a frozen version."""
