"""Every query of the annotations room: answers and their revisions, and the queue."""
