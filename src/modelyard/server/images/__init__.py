"""Images: import, upload, verify, thumbnails, and the grid."""
