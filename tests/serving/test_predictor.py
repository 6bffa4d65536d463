"""Predictions: right, bounded, and nobody's bad picture is another caller's trouble."""

import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from modelyard.engine.backbones import DEFAULT, FILES, load
from modelyard.engine.export import ExportClass, ExportFacts, LinearHead, write_archive
from modelyard.engine.features import FeatureRunner
from modelyard.engine.pixels import ImageTooLarge, ImageUnreadable
from modelyard.serving import ArchiveDamaged, Overloaded, Predictor, PredictorClosed
from modelyard.serving.waiting_line import WaitingLine

CLASSES = [ExportClass(f"id-{name}", name) for name in ("apple", "pear", "plum")]


def picture(seed=0, size=(60, 50), kind="PNG"):
    file = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 5, 3), np.uint8)
    Image.fromarray(pixels).resize(size).save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def head():
    return LinearHead(np.random.default_rng(0).normal(0, 20, (1280, 3)).astype(np.float32), np.zeros(3, np.float32))


def export(folder, head, threshold):
    if not (FILES / f"{DEFAULT}.onnx").exists():
        pytest.skip("the bundled backbone is not built (`python -m modelyard.engine.backbones build`)")
    facts = ExportFacts(name="Fruit")
    return write_archive(folder / "model.zip", load(DEFAULT), head, CLASSES, facts=facts, threshold=threshold)


@pytest.fixture(scope="module")
def archive(tmp_path_factory, head):
    return export(tmp_path_factory.mktemp("archive"), head, None)


@pytest.fixture(scope="module")
def predictor(archive):
    with Predictor(archive, threads=2) as predictor:
        yield predictor


def test_answers_equal_the_engines(predictor, head):
    with FeatureRunner(load(DEFAULT), "onnxruntime") as runner:
        ((_, embedding),) = runner.stream([picture()])
    logits = embedding @ head.weights
    expected = np.exp(logits) / np.exp(logits).sum()

    answer = predictor.predict(picture(), top=3)

    best = np.argsort(-expected)
    assert [entry.class_name for entry in answer.predictions] == [CLASSES[index].name for index in best]
    np.testing.assert_allclose([entry.score for entry in answer.predictions], expected[best], atol=1e-4)
    assert answer.predictions[0].class_id == f"id-{answer.predictions[0].class_name}"
    assert answer.milliseconds > 0


def test_top_limits_the_answer(predictor):
    assert len(predictor.predict(picture(), top=1).predictions) == 1
    assert len(predictor.predict(picture(), top=50).predictions) == 3


def test_without_a_threshold_every_answer_is_left_to_a_person(predictor):
    answer = predictor.predict(picture())

    assert answer.threshold is None
    assert answer.undecided


@pytest.mark.parametrize(("threshold", "undecided"), [(0.0, False), (1.1, True)])
def test_below_the_threshold_it_is_undecided(tmp_path, head, threshold, undecided):
    with Predictor(export(tmp_path, head, threshold)) as predictor:
        assert predictor.predict(picture()).undecided is undecided


def test_a_folder_answers_as_its_zip_does(archive, predictor, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)

    with Predictor(tmp_path) as unpacked:
        assert unpacked.predict(picture()).predictions == predictor.predict(picture()).predictions


def test_bad_pictures_fail_alone_among_many_callers(predictor):
    damaged = picture(kind="JPEG", size=(400, 400))[:900]  # its header is whole
    contents = [damaged if number % 5 == 0 else picture(number) for number in range(60)]

    def ask(content):
        try:
            return predictor.predict(content).predictions
        except ImageUnreadable:
            return None

    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(ask, contents))

    alone = [ask(content) for content in contents]
    for number, (given, expected) in enumerate(zip(answers, alone, strict=True)):
        assert (given is None) == (number % 5 == 0)
        if given is not None:
            assert given[0].class_name == expected[0].class_name
            assert given[0].score == pytest.approx(expected[0].score, abs=1e-4)


def test_what_is_no_picture_is_refused(predictor):
    for content in (b"", b"<svg></svg>", b"\xff\xd8\xff" + b"0" * 100):
        with pytest.raises(ImageUnreadable):
            predictor.predict(content)


def test_size_limits_hold_before_decoding(predictor):
    with pytest.raises(ImageTooLarge, match="bytes"):
        predictor.predict(b"0" * (20 * 2**20 + 1))
    with pytest.raises(ImageTooLarge, match="8000 x 8000"):
        predictor.predict(picture(size=(8000, 8000)))


def test_callers_beyond_the_limit_are_turned_away(archive):
    with Predictor(archive, threads=1, max_waiting=0) as predictor, pytest.raises(Overloaded):
        predictor.predict(picture())


def test_after_close_callers_are_told(archive):
    predictor = Predictor(archive, threads=1)
    predictor.close()
    predictor.close()

    with pytest.raises(PredictorClosed):
        predictor.predict(picture())
    assert not [thread for thread in threading.enumerate() if thread in predictor._threads]


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_a_damaged_archive_is_refused(tmp_path, content):
    (tmp_path / "model.zip").write_bytes(content)

    with pytest.raises(ArchiveDamaged, match=r"model\.zip"):
        Predictor(tmp_path / "model.zip")


def test_an_archive_without_its_network_is_refused(tmp_path):
    with pytest.raises(ArchiveDamaged):
        Predictor(tmp_path)


def test_line_is_first_come_first_served_and_bounded():
    line = WaitingLine(3)
    for number in range(3):
        line.join(number)

    with pytest.raises(Overloaded):
        line.join(3)
    assert line.take(2) == [0, 1]
    assert line.close() == [2]
    assert line.take(2) == []
    with pytest.raises(PredictorClosed):
        line.join(4)
