"""Embeddings that a head can learn, without pictures or a backbone."""

import numpy as np


def made(
    classes: int, each: int, *, spread: float = 0.6, dimensions: int = 64, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return embeddings around `classes` centres, and their classes."""
    centres = np.random.default_rng(99).normal(size=(classes, dimensions))
    truth = np.repeat(np.arange(classes), each)
    features = centres[truth] + spread * np.random.default_rng(seed).normal(size=(len(truth), dimensions))
    return (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32), truth
