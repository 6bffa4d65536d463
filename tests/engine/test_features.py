"""Embeddings: normalised, in order, bounded, and one bad picture harms no other."""

import numpy as np
import pytest
from PIL import Image

from modelyard.engine.backbones import DEFAULT, FILES, load
from modelyard.engine.features import AHEAD, CHUNK, FeatureRunner
from modelyard.engine.pixels import ImageUnreadable
from modelyard.engine.runtime import NetworkUnreadable, OrtNetwork, RuntimeMissing, open_network


@pytest.fixture(scope="module")
def runner():
    if not (FILES / f"{DEFAULT}.onnx").exists():
        pytest.skip("the bundled backbone is not built (`python -m modelyard.engine.backbones build`)")
    with FeatureRunner(load(DEFAULT), threads=2) as runner:
        yield runner


def pictures(count):
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (40, 40, 3), np.uint8)) for _ in range(count)]


def test_embeddings_are_normalised_and_independent_of_the_batch(runner):
    batch = np.stack([runner.prepare(picture) for picture in pictures(5)])

    together = runner.run(batch)

    assert together.shape == (5, 1280)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(together[3:4], runner.run(batch[3:4]), atol=1e-5)


def test_no_images_give_no_embeddings(runner):
    assert runner.run(np.empty((0, 224, 224, 3), np.uint8)).shape == (0, 1280)


def test_stream_keeps_the_order_and_goes_on_after_a_bad_file(runner, tmp_path):
    sources = [*pictures(6), b"not a picture", tmp_path / "gone.jpg", *pictures(1)]

    results = list(runner.stream(sources))

    assert [index for index, _ in results] == list(range(9))
    assert [index for index, result in results if isinstance(result, ImageUnreadable)] == [6, 7]
    np.testing.assert_allclose(results[0][1], results[8][1], atol=1e-5)


def test_stream_reads_only_a_little_ahead(runner):
    taken = []

    def sources():
        for picture in pictures(100):
            taken.append(picture)
            yield picture

    stream = runner.stream(sources())
    next(stream)
    stream.close()

    assert len(taken) <= AHEAD * runner.threads * CHUNK


def test_a_mirrored_view_is_that_of_the_mirrored_picture(runner):
    (picture,) = pictures(1)

    ((_, flipped),) = runner.stream([picture], flip=True)
    ((_, mirrored),) = runner.stream([picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])

    assert flipped @ mirrored > 0.999


def test_openvino_agrees_with_onnx_runtime(runner):
    path = load(DEFAULT).onnx_path
    batch = np.stack([runner.prepare(picture) for picture in pictures(2)])
    try:
        network = open_network(path, "openvino")
    except RuntimeMissing as missing:
        pytest.skip(str(missing))

    np.testing.assert_allclose(network.run(batch), OrtNetwork(path).run(batch), atol=1e-3)


def test_a_file_that_is_no_network_is_refused():
    with pytest.raises(NetworkUnreadable):
        OrtNetwork(b"not a network")
