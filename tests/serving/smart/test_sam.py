"""Networks of the SAM family: every form of export answers alike, and what is none is refused in plain words."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto
from tests.factories.networks import draw_detector
from tests.factories.sam import draw_decoder, draw_encoder, write_pair
from tests.factories.scenes import Disc, iou, table

from modelyard.geometry import masks
from modelyard.serving.smart.prompts import Click, Found, Prompt
from modelyard.serving.smart.sam import Embedding, NotASam, SamDecoder, SamEncoder, masks_from
from modelyard.serving.smart.sam_files import OutsideData, check, fingerprint

WIDTH, HEIGHT = 300, 420  # upright on purpose: exports are often made with a landscape in mind
BUN = Disc(170, 260, 90, (150, 60, 40))
OTHER = Disc(50, 50, 35, (150, 60, 40))


def drawn(folder: Path, name: str) -> tuple[Path, Path]:
    """Write one of the forms in which exports come."""
    folder.mkdir(exist_ok=True)
    if name in ("sam", "sam2", "efficient-sam"):
        return write_pair(folder, name)  # type: ignore[arg-type]
    paths = folder / "encoder.onnx", folder / "decoder.onnx"
    onnx.save(draw_encoder(is_plain=name == "pads by itself"), paths[0])
    onnx.save(draw_decoder(side=1024 if name == "pads by itself" else 256, has_low_res=name != "whole masks"), paths[1])
    return paths


FORMS = ["sam", "sam2", "efficient-sam", "pads by itself", "whole masks"]


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    root = tmp_path_factory.mktemp("sam")
    return {name: drawn(root / name.replace(" ", "-"), name) for name in FORMS}


def area(found: Found) -> np.ndarray:
    assert found.mask is not None
    return masks.paste(found.mask, WIDTH, HEIGHT)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_export_answers_boxes_and_clicks(form: str, pairs: dict[str, tuple[Path, Path]]) -> None:
    encoder, decoder = pairs[form]
    card = check(encoder, decoder)
    assert card.kind == (form if form in ("sam2", "efficient-sam") else "sam")
    embedding = SamEncoder(encoder).embed(table([BUN, OTHER], width=WIDTH, height=HEIGHT))
    looker = SamDecoder(decoder)
    x1, y1, x2, y2 = BUN.box
    in_box = looker.find(embedding, Prompt((x1, y1, x2, y2)))
    assert iou(area(in_box), BUN.mask(WIDTH, HEIGHT)) > 0.9
    assert in_box.backend == "sam" and 0 < in_box.score <= 1
    clicked = area(looker.find(embedding, Prompt(None, (Click(170, 260),))))
    assert iou(clicked, BUN.mask(WIDTH, HEIGHT) | OTHER.mask(WIDTH, HEIGHT)) > 0.88
    assert not area(looker.find(embedding, Prompt(None, (Click(170, 260), Click(2, 400, False)))))[400, 2]


def test_the_same_files_have_the_same_fingerprint(pairs: dict[str, tuple[Path, Path]], tmp_path: Path) -> None:
    copy = tmp_path / "another name.onnx"
    copy.write_bytes(pairs["sam"][0].read_bytes())
    assert fingerprint(copy) == fingerprint(pairs["sam"][0]) != fingerprint(pairs["sam2"][0])


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(20, 3000),
    height=st.integers(20, 3000),
    place=st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)),
    is_square=st.booleans(),
)
def test_a_mask_lies_where_the_network_saw_it(
    width: int, height: int, place: tuple[float, float], is_square: bool
) -> None:
    share = 1024 / max(width, height)
    wide, high = (round(width * share), round(height * share)) if is_square else (1024, 1024)
    seen = Embedding("sam", {}, width, height, max(1, wide), max(1, high), 1024)
    cells = np.full((256, 256), -1, np.float32)
    column, row = int(place[0] * wide / 4), int(place[1] * high / 4)
    cells[row, column] = 1
    mask = masks_from(cells, seen, is_square=is_square)
    middle = (column + 0.5) * 4 * width / wide, (row + 0.5) * 4 * height / high
    if mask is None:  # A cell smaller than a pixel of the picture may hold no pixel's middle.
        assert min(4 * width / wide, 4 * height / high) < 2.2
        return
    x1, y1, x2, y2 = mask.bounds()
    room_x, room_y = 1 + 4 * width / wide, 1 + 4 * height / high
    assert abs((x1 + x2) / 2 - middle[0]) <= room_x / 2 and abs((y1 + y2) / 2 - middle[1]) <= room_y / 2
    assert x2 - x1 <= 2 * room_x and y2 - y1 <= 2 * room_y


def test_files_that_are_no_networks_are_refused(tmp_path: Path, pairs: dict[str, tuple[Path, Path]]) -> None:
    encoder, decoder = pairs["sam"]
    junk = tmp_path / "junk.onnx"
    junk.write_bytes(b"nothing of the kind")
    for pair, words in [
        ((junk, decoder), "is not an ONNX network"),
        ((encoder, tmp_path / "absent.onnx"), "There is no file 'absent.onnx'"),
        ((encoder, encoder), "must take image_embeddings"),
        ((decoder, decoder), "must have one input, the picture"),
        ((pairs["sam2"][0], decoder), "Take both from the same export"),
    ]:
        with pytest.raises(NotASam, match=words):
            check(*pair)


def test_a_detector_is_no_encoder(tmp_path: Path, pairs: dict[str, tuple[Path, Path]]) -> None:
    onnx.save(draw_detector({"output": np.zeros((1, 4, 6))}), tmp_path / "detector.onnx")
    with pytest.raises(NotASam, match="do not fit together"):
        check(tmp_path / "detector.onnx", pairs["sam"][1])


@pytest.mark.parametrize("location", ["../weights.bin", "/etc/passwd", "inner/weights.bin", "..\\weights.bin"])
def test_weights_outside_the_folder_are_refused(location: str, tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"\0" * 64)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OutsideData):
        fingerprint(with_data_in(folder / "encoder.onnx", location))


def test_weights_behind_a_link_are_refused_and_those_beside_it_are_read(tmp_path: Path) -> None:
    network = with_data_in(tmp_path / "encoder.onnx", "weights.bin")
    with pytest.raises(NotASam, match="missing beside it"):
        fingerprint(network)
    (tmp_path / "real.bin").write_bytes(b"\0" * 64)
    (tmp_path / "weights.bin").symlink_to(tmp_path / "real.bin")
    with pytest.raises(OutsideData):
        fingerprint(network)
    (tmp_path / "weights.bin").unlink()
    (tmp_path / "weights.bin").write_bytes(b"\1" * 64)
    assert fingerprint(network)


def with_data_in(path: Path, location: str) -> Path:
    """Write a network that says its weights lie there."""
    model = draw_encoder()
    tensor = model.graph.initializer.add()
    tensor.name, tensor.data_type, tensor.data_location = "weights", TensorProto.FLOAT, TensorProto.EXTERNAL
    tensor.dims.extend([4])
    tensor.external_data.add(key="location", value=location)
    path.write_bytes(model.SerializeToString())
    return path
