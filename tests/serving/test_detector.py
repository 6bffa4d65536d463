"""A detector that somebody brought finds what is there, where it is; what is no detector is refused by name."""

import json
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from PIL import Image
from tests.factories.networks import draw_detector, draw_finder_of_red

from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Mask
from modelyard.serving import detector as detectors
from modelyard.serving.detector import Detector, DetectorAnswerInvalid, DetectorCardInvalid, NotADetector, read_card

COCO = [
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant",
    "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard",
    "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange", "broccoli",
    "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet",
    "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink",
    "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
]  # fmt: skip


def card(**changes: Any) -> Any:
    said = {"classes": ["roll"], "input_width": 64, "input_height": 64, "layout": "yolox", "strides": [8]}
    return read_card(json.dumps({**said, **changes}).encode())


def plain(**changes: Any) -> Any:
    return card(layout="boxes_scores_labels", classes=["roll", "tray"], **changes)


def detector(network: onnx.ModelProto, rules: Any) -> Detector:
    return Detector(network.SerializeToString(), rules)


def three(boxes: list[list[float]], scores: list[float], labels: list[int]) -> dict[str, np.ndarray]:
    return {"boxes": np.array(boxes), "scores": np.array(scores), "labels": np.array(labels)}


def bounds(found: Any) -> list[tuple[float, ...]]:
    return [tuple(round(value, 3) for value in entry.shape.bounds()) for entry in found]


@pytest.mark.parametrize(
    ("resize", "expected"),
    [
        ("letterbox", (16, 32, 32, 48)),  # the picture is shown at half its size
        ("letterbox-centred", (16, 32, 32, 48)),
        ("stretch", (16, 32, 32, 40)),
    ],
)
def test_an_object_is_found_where_it_lies_in_the_picture(resize: str, expected: tuple[float, ...]):
    picture = Image.new("RGB", (128, 64), "black")
    picture.paste("red", expected)
    found = detector(draw_finder_of_red(), card(resize=resize, divide_by=255, padding=0)).find(picture)
    assert bounds(found) == [expected]
    assert found[0].class_name == "roll"
    assert 0.9 < found[0].score <= 1  # made smaller, its edges mix with what surrounds it
    assert picture.getpixel((0, 0)) == (0, 0, 0)


def test_channels_come_in_the_order_of_the_card():
    picture = Image.new("RGB", (64, 64), "black")
    picture.paste("blue", (8, 16, 16, 24))
    network = draw_finder_of_red()
    assert detector(network, card(divide_by=255)).find(picture) == []
    assert bounds(detector(network, card(divide_by=255, channels="BGR")).find(picture)) == [(8, 16, 16, 24)]


def test_mean_and_deviation_come_after_the_division():
    picture = Image.new("RGB", (64, 64), "black")
    picture.paste((204, 0, 0), (8, 16, 16, 24))
    rules = card(divide_by=255, mean=[0.4, 0, 0], std=[0.5, 1, 1])
    (found,) = detector(draw_finder_of_red(), rules).find(picture)
    assert found.score == pytest.approx((0.8 - 0.4) / 0.5, abs=0.01)


def test_columns_of_boxes_with_a_score_for_every_class():
    columns = np.array([[[20, 20, 50], [20, 21, 50], [10, 10, 8], [10, 10, 8], [0.1, 0.1, 0.7], [0.9, 0.8, 0.2]]])
    rules = card(layout="yolov8", classes=["roll", "tray"])
    found = detector(draw_detector({"output0": columns}), rules).find(Image.new("RGB", (64, 64)))
    assert [(entry.class_name, round(entry.score, 2)) for entry in found] == [("tray", 0.9), ("roll", 0.7)]
    assert bounds(found) == [(15, 15, 25, 25), (46, 46, 54, 54)]


def test_doubles_are_left_out_class_by_class_and_faint_ones_too():
    boxes = [[0, 0, 20, 20], [1, 0, 21, 20], [1, 0, 21, 20], [40, 40, 50, 50], [30, 30, 30, 35]]
    outputs = three(boxes, [0.8, 0.9, 0.7, 0.1, 0.95], [1, 1, 2, 1, 1])
    found = detector(draw_detector(outputs), plain(first_label=1)).find(Image.new("RGB", (64, 64)))
    assert [(entry.class_name, round(entry.score, 1)) for entry in found] == [("roll", 0.9), ("tray", 0.7)]


def test_boxes_in_shares_from_the_middle_are_cut_to_the_picture():
    outputs = three([[0.0, 0.5, 0.5, 0.5]], [0.9], [0])
    rules = plain(box_format="cxcywh", box_units="fractions", resize="stretch")
    (found,) = detector(draw_detector(outputs), rules).find(Image.new("RGB", (200, 100)))
    assert found.shape == Box(0, 25, 50, 75)


def test_labels_beyond_the_classes_are_background():
    outputs = three([[0, 0, 20, 20], [30, 30, 40, 40]], [0.9, 0.9], [0, 2])
    found = detector(draw_detector(outputs), plain()).find(Image.new("RGB", (64, 64)))
    assert [entry.class_name for entry in found] == ["roll"]


def test_a_segmenter_gives_masks():
    values = np.zeros((1, 1, 64, 64))
    values[0, 0, 10:20, 8:24] = 1
    outputs = {**three([[8, 8, 24, 24]], [0.9], [0]), "masks": values}
    rules = plain(outputs={"masks": "masks"})
    (found,) = detector(draw_detector(outputs), rules).find(Image.new("RGB", (128, 128)))
    assert isinstance(found.shape, Mask)
    drawn = masks.paste(found.shape, 128, 128)
    expected = np.zeros((128, 128), bool)
    expected[20:40, 16:48] = True
    assert (drawn != expected).mean() < 0.005


def test_a_picture_that_lies_on_its_side_is_turned_first(tmp_path):
    picture = Image.new("RGB", (64, 32), "black")
    picture.paste("red", (8, 16, 16, 24))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.png", exif=exif)
    found = detector(draw_finder_of_red(), card(divide_by=255)).find(tmp_path / "turned.png")
    assert bounds(found) == [(8, 8, 16, 16)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"classes": []}, "classes"),
        ({"classes": ["a", "a"]}, "card"),
        ({"input_width": 10}, "input_width"),
        ({"input_width": 60}, "card"),
        ({"layout": "yolo"}, "layout"),
        ({"std": [0, 1, 1]}, "std.0"),
        ({"mean": [1, 1]}, "mean.2"),
        ({"colour": "red"}, "colour"),
        ({"score_threshold": 1.5}, "score_threshold"),
    ],
)
def test_a_wrong_card_is_told_by_field(changes: dict[str, Any], field: str):
    with pytest.raises(DetectorCardInvalid) as caught:
        card(**changes)
    assert field in caught.value.context["fields"]


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{", b" " * (2**20 + 1)])
def test_what_is_no_card_is_refused(content: bytes):
    with pytest.raises(DetectorCardInvalid):
        read_card(content)


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x0a", b"\x89PNG\r\n\x1a\n" * 100])
def test_what_is_no_network_is_refused(content: bytes):
    with pytest.raises(NotADetector, match="not an ONNX network"):
        Detector(content, card())


def test_a_network_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(detectors, "MAX_BYTES", 100)
    with pytest.raises(NotADetector, match="at most 100"):
        detector(draw_finder_of_red(), card())


def test_operators_of_others_are_refused():
    network = draw_finder_of_red()
    network.graph.node.append(helper.make_node("Format", ["output"], ["disk"], domain="evil.example"))
    with pytest.raises(NotADetector, match=r"“Format” of “evil\.example”"):
        detector(network, card())


def test_weights_in_another_file_are_refused():
    network = draw_finder_of_red()
    weights = network.graph.initializer[0]
    weights.data_location = onnx.TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="/etc/passwd")
    with pytest.raises(NotADetector, match="second file"):
        detector(network, card())


@pytest.mark.parametrize(
    ("network", "rules", "said"),
    [
        (draw_finder_of_red(side=128), {}, "but its card says"),
        (draw_finder_of_red(), {"layout": "boxes_scores_labels"}, "no output “boxes”"),
    ],
)
def test_a_network_that_does_not_fit_its_card_is_refused(network: onnx.ModelProto, rules: dict[str, Any], said: str):
    with pytest.raises(NotADetector, match=said):
        detector(network, card(**rules))


@pytest.mark.parametrize(
    ("outputs", "rules"),
    [
        ({"output": np.zeros((1, 64, 7))}, card()),
        ({"output": np.zeros((64, 6))}, card()),
        ({"output": np.full((1, 64, 6), np.nan)}, card()),
        ({"output": np.full((1, 64, 6), 1e9)}, card()),
        ({"output": np.zeros((1, 9, 3))}, card(layout="yolov8")),
        (three([[0, 0, 1, 1]], [0.9, 0.8], [0]), plain()),
        (three([[0, 0, np.inf, 1]], [0.9], [0]), plain()),
        ({**three([[0, 0, 9, 9]], [0.9], [0]), "masks": np.zeros((2, 8, 8))}, plain(outputs={"masks": "masks"})),
    ],
)
def test_an_answer_that_is_not_what_the_card_says_is_refused(outputs: dict[str, np.ndarray], rules: Any):
    with pytest.raises(DetectorAnswerInvalid):
        detector(draw_detector(outputs), rules)


def test_a_real_detector_on_a_real_photograph(shared_data):
    rules = card(classes=COCO, input_width=416, input_height=416, strides=[8, 16, 32], channels="BGR")
    nano = Detector(shared_data / "weights/yolox_nano.onnx", rules)
    photographs = sorted((shared_data / "grocery/dataset/train/Fruit/Banana").glob("*.jpg"))[:8]
    best = [found[0] for found in map(nano.find, photographs) if found]
    assert sum(entry.class_name == "banana" for entry in best) >= 4
