"""Embeddings of images: computed by a job after an import, stored as shards, loaded as arrays; twins and similar."""
