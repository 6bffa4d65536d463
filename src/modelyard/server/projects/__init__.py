"""Projects: their members, settings and classes, and where each stands in the loop."""
