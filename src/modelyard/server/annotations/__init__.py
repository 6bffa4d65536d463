"""What people say about images, and the queue of images that wait to be labelled."""
