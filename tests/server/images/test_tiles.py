"""Large pictures in tiles, and pictures finer than bytes as values: every pixel stands where the annotator saw it."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from PIL import Image as Pillow

from modelyard.engine.pixels import read_rgb
from modelyard.engine.values import halved
from modelyard.server.images import pictures, tiles
from modelyard.server.images.pixels import pixels
from modelyard.server.images.storing import TILES
from modelyard.server.images.verify import LARGEST_LIGHT, Limits, Refusal, verify
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.services import AppServices
from modelyard.server.tables import Image
from tests.factories.dicom import PATIENT, dicom, ramp
from tests.factories.pictures import encode, picture
from tests.server.images.conftest import Send

pytestmark = pytest.mark.one_engine

Client = TestClient
Project = dict[str, Any]
LIMITS = Limits(bytes=50_000_000, pixels=100_000_000)


def numbered(height: int, width: int) -> NDArray[np.uint8]:
    """Return a picture in which no two pixels within some thousand are alike, shape (H, W, 3)."""
    x, y = np.arange(width)[None], np.arange(height)[:, None]
    found = np.empty((height, width, 3), np.uint8)
    found[..., 0], found[..., 1] = (x % 251).astype(np.uint8), (y % 241).astype(np.uint8)
    found[..., 2] = (x // 251).astype(np.uint8) + (7 * (y // 241)).astype(np.uint8)
    return found


def png(rgb: NDArray[np.uint8]) -> bytes:
    return tiles.to_png(rgb)


def put_together(path: Path, level: int, height: int, width: int) -> NDArray[np.uint8]:
    """Return a level, put together from its tiles."""
    step, side = 2**level, tiles.TILE_PX
    high, wide = -(-height // step), -(-width // step)
    rows = []
    for row in range(-(-high // side)):
        found = [tiles.read(path, level, column, row) for column in range(-(-wide // side))]
        rows.append(np.hstack([read_rgb(tile) for tile in found if tile is not None]))
    return np.vstack(rows)


class TestCutting:
    @pytest.mark.parametrize(("height", "width"), [(1, 1), (512, 512), (513, 100), (1300, 2111), (1025, 1024)])
    def test_a43_tiles_hold_every_pixel_at_its_place(self, tmp_path: Path, height: int, width: int):
        whole = numbered(height, width)
        (tmp_path / "a.png").write_bytes(png(whole))
        tiles.cut(tmp_path / "a.png", tmp_path / "a.zip", LIMITS)
        for level in range(tiles.level_count(width, height)):
            assert (put_together(tmp_path / "a.zip", level, height, width) == whole).all()
            whole = halved(whole)
        assert tiles.read(tmp_path / "a.zip", tiles.level_count(width, height), 0, 0) is None
        assert max(whole.shape[:2]) <= tiles.TILE_PX

    @pytest.mark.parametrize("mark", range(1, 9))
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
    def test_a41_tiles_are_upright(self, tmp_path: Path, mark: int, kind: str):
        exif = Pillow.Exif()
        exif[0x0112] = mark
        options = {"tiffinfo": {274: mark}} if kind == "TIFF" else {"exif": exif}
        path = tmp_path / "a"
        path.write_bytes(encode(Pillow.fromarray(numbered(300, 700)), kind, **options))
        tiles.cut(path, tmp_path / "a.zip", LIMITS)
        upright = read_rgb(path)
        assert upright.shape[:2] == ((700, 300) if mark > 4 else (300, 700))
        assert (put_together(tmp_path / "a.zip", 0, *upright.shape[:2]) == upright).all()

    def test_the_oldest_tiles_make_room(self, tmp_path: Path):
        blobs = BlobStore(tmp_path)
        for name in "abc":
            blobs.put_at(f"{TILES}{name}", b"x" * 100)
        blobs.put_at("previews/a", b"x" * 100)
        blobs.trim(TILES, 150)
        assert [name for name in "abc" if blobs.has_at(f"{TILES}{name}")] == ["c"]
        assert blobs.has_at("previews/a")
        blobs.trim(TILES, 1)
        assert blobs.has_at(f"{TILES}c")  # The newest is what somebody waits for.

    def test_a43_what_would_take_too_much_memory_is_refused_before_it_does(self):
        small = Limits(bytes=50_000_000, pixels=200_000_000, memory=2**30)
        data = encode(Pillow.new("L", (9000, 6000)), "PNG", compress_level=1)
        found = verify(data, small)
        assert isinstance(found, Refusal) and "about 0.5 GB of memory; at most 0.3 GB" in found.reason


class TestServed:
    @pytest.fixture
    def add(self, owner: Client, project: Project) -> Callable[[str, bytes], dict[str, Any]]:
        def run(name: str, data: bytes) -> dict[str, Any]:
            answer = owner.post(f"/api/v1/projects/{project['id']}/images", params={"name": name}, content=data)
            assert answer.is_success, answer.text
            return answer.json()["image"]  # type: ignore[no-any-return]

        return run

    def get(self, client: Client, image: dict[str, Any], what: str, status: int = 200) -> Any:
        answer = client.get(f"/api/v1/images/{image['id']}/{what}")
        assert answer.status_code == status, answer.text
        return answer

    def test_full_keeps_the_very_bytes_where_it_can(self, owner: Client, add: Callable[..., Any]):
        exif = Pillow.Exif()
        exif[0x010E] = "secret place"
        data = encode(Pillow.fromarray(numbered(300, 400)), "JPEG", exif=exif)
        answer = self.get(owner, add("a.jpg", data), "full")
        assert answer.headers["content-type"] == "image/jpeg"
        assert b"secret" not in answer.content
        assert (read_rgb(answer.content) == read_rgb(data)).all()
        assert owner.get(answer.url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
    def test_what_is_transparent_lies_on_white_in_every_copy(self, owner: Client, add: Callable[..., Any], kind: str):
        image = Pillow.new("RGBA", (40, 30), (0, 0, 0, 0))
        image.paste((200, 30, 40, 255), (0, 0, 20, 30))
        shown = Pillow.open(io.BytesIO(self.get(owner, add("a", encode(image, kind, lossless=True)), "full").content))
        assert shown.mode == "RGB"
        assert shown.getpixel((30, 15)) == (255, 255, 255)

    def test_nobody_blocks_the_server_with_tiles(self, owner: Client, add: Callable[..., Any]):
        image = add("a.png", png(numbered(600, 700)))
        taken = [pictures._WAITING.acquire(blocking=False) for _ in range(8)]
        try:
            refused = self.get(owner, image, "tiles/0/0/0", 503)
            assert refused.headers["retry-after"] == "3"
        finally:
            for _ in filter(None, taken):
                pictures._WAITING.release()
        self.get(owner, image, "tiles/0/0/0")

    @pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
    def test_a41_full_is_upright_in_every_format(self, owner: Client, add: Callable[..., Any], kind: str):
        exif = Pillow.Exif()
        exif[0x0112] = 6
        options = {"tiffinfo": {274: 6}} if kind == "TIFF" else {"exif": exif}
        data = encode(Pillow.fromarray(numbered(300, 400)), kind, **options)
        image = add(f"a.{kind}", data)
        shown = read_rgb(self.get(owner, image, "full").content)
        assert shown.shape == (400, 300, 3) == (image["height"], image["width"], 3)
        assert (shown == read_rgb(data)).all()

    def test_a43_a_51_megapixel_picture_comes_in_tiles(
        self, owner: Client, add: Callable[..., Any], services: AppServices
    ):
        whole = numbered(5100, 10_000)
        image = add("large.png", png(whole))
        assert (image["width"], image["height"]) == (10_000, 5100)
        assert self.get(owner, image, "full", 404).json()["type"].endswith("only-in-tiles")
        shown = read_rgb(self.get(owner, image, "tiles/0/19/9").content)
        assert (shown == whole[4608:, 9728:]).all()
        assert read_rgb(self.get(owner, image, "tiles/5/0/0").content).shape == (160, 313, 3)
        for outside in ("tiles/6/0/0", "tiles/0/20/0", "tiles/0/0/10"):
            assert self.get(owner, image, outside, 404).json()["type"].endswith("tile-not-found")
        assert self.get(owner, image, "values/0/0/0", 404).json()["type"].endswith("no-values")
        with services.db.read() as session:
            row = session.get_one(Image, UUID(image["id"]))
        part = pixels(services.blobs, services.settings, row, box=(5000, 3000, 5700, 3100))
        assert (part == whole[3000:3100, 5000:5700]).all()
        assert pixels(services.blobs, services.settings, row, most_px=1000).shape == (510, 1000, 3)
        assert pixels(services.blobs, services.settings, row, box=(-9, -9, 3, 2)).shape == (2, 3, 3)

    def test_pixels_of_an_ordinary_picture(self, add: Callable[..., Any], services: AppServices):
        whole = numbered(300, 400)
        image = add("a.png", png(whole))
        with services.db.read() as session:
            row = session.get_one(Image, UUID(image["id"]))
        assert row.width * row.height < LARGEST_LIGHT
        assert (pixels(services.blobs, services.settings, row, box=(10, 20, 50, 90)) == whole[20:90, 10:50]).all()
        assert pixels(services.blobs, services.settings, row, most_px=100).shape == (75, 100, 3)

    def test_a42_a_dicom_file_opens_with_its_window(self, owner: Client, add: Callable[..., Any]):
        values = ramp(600, 50)
        data = dicom(values, Modality="CT", RescaleIntercept=-24, WindowCenter=40, WindowWidth=400)
        image = add("scan.dcm", data)
        display = image["display"]
        assert (display["unit"], display["channels"], display["is_inverted"]) == ("HU", 1, False)
        assert display["windows"][0] == {"name": "file 1", "low": -160, "high": 239}
        tile = self.get(owner, image, "values/0/0/1")
        assert tile.headers["content-encoding"] == "gzip"
        steps = np.frombuffer(tile.content, "<u2").reshape(88, 50)
        assert (steps * display["slope"] + display["intercept"] == values[512:] - 24.0).all()
        for what in ("full", "preview"):
            shown = read_rgb(self.get(owner, image, what).content)[..., 0].astype(int)
            seen = ((values - 24 + 160) / 399).clip(0, 1) * 255
            assert np.abs(shown - seen).max() <= (1 if what == "full" else 40)
        assert (read_rgb(self.get(owner, image, "tiles/0/0/0").content) == read_rgb(data)[:512]).all()
        card = owner.get(f"/api/v1/images/{image['id']}").json()
        assert (card["format"], card["display"]) == ("dicom", display)

    def test_a42_the_patient_stays_unless_asked(self, owner: Client, add: Callable[..., Any]):
        data = dicom(ramp())
        image = add("scan.dcm", data)
        bare = self.get(owner, image, "original")
        assert bare.headers["content-type"] == "application/dicom"
        assert PATIENT.encode() not in bare.content
        assert (read_rgb(bare.content) == read_rgb(data)).all()
        assert self.get(owner, image, "original?with_metadata=true").content == data

    def test_a42_16_bit_pictures_bring_values(self, owner: Client, add: Callable[..., Any]):
        deep = np.arange(600 * 700, dtype=np.uint16).reshape(600, 700)
        image = add("a.tif", cv2.imencode(".tiff", deep)[1].tobytes())
        steps = np.frombuffer(self.get(owner, image, "values/0/1/0").content, "<u2").reshape(512, 188)
        assert (steps == deep[:512, 512:]).all()
        colours = np.dstack([deep, deep[::-1], deep.T.reshape(600, 700)])
        image = add("b.png", cv2.imencode(".png", colours[..., ::-1])[1].tobytes())
        assert image["display"]["channels"] == 3
        steps = np.frombuffer(self.get(owner, image, "values/0/0/1").content, "<u2").reshape(88, 512, 3)
        assert (steps == colours[512:, :512]).all()
        saved = self.get(owner, image, "original").content
        assert (cv2.imdecode(np.frombuffer(saved, np.uint8), cv2.IMREAD_UNCHANGED)[..., ::-1] == colours).all()

    def test_strangers_see_none_of_it(self, stranger: Client, add: Callable[..., Any]):
        image = add("a.dcm", dicom(ramp()))
        for what in ("full", "tiles/0/0/0", "values/0/0/0", "original"):
            self.get(stranger, image, what, 404)

    def test_a42_each_file_that_is_not_read_says_why(self, owner: Client, bring: Send):
        found = bring(
            {
                "good.dcm": dicom(ramp()),
                "film.dcm": dicom(np.zeros((4, 8), np.uint8), NumberOfFrames=2),
                "empty.dcm": dicom(ramp())[:900],
                "huge.dcm": dicom(ramp(), Rows=60_000, Columns=60_000),
                "double.tif": cv2.imencode(".tiff", np.zeros((8, 8)))[1].tobytes(),
                "plain.jpg": picture(1),
            }
        )
        said = {name: reason for name, (_, reason) in found["files"].items()}
        assert found["added"] == 2
        assert said["good.dcm"] == said["plain.jpg"] == ""
        assert "2 frames" in said["film.dcm"]
        assert "larger than the limit" in said["huge.dcm"]
        assert "64-bit" in said["double.tif"]
        assert "DICOM" in said["empty.dcm"]


def test_tiles_of_values_are_plain_to_read():
    steps = np.arange(12, dtype=np.uint16).reshape(3, 4)
    packed = gzip.compress(steps.astype("<u2").tobytes())
    assert (tiles.steps_of(packed, 1, 4) == steps).all()
    assert tiles.steps_of(packed, 3, 2).shape == (2, 2, 3)
    assert Pillow.open(io.BytesIO(tiles.to_png(np.zeros((5, 6), np.uint8)))).size == (6, 5)
