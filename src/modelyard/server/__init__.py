"""The product: people, projects and the loop, over HTTP."""
