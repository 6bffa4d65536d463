"""The bench of the training room serves here too."""

from tests.server.training.conftest import bench, learnable

__all__ = ["bench", "learnable"]
