"""What people say about images: issues pinned to a place, their threads, mentions, resolving."""
