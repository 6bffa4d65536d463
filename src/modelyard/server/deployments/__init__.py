"""Deployments: models made available at an address, and what they were asked."""
