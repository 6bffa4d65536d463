"""Pictures that were made to break whoever opens them, and those that only look odd."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from modelyard.server.images.looking import Errand, look_and_store
from modelyard.server.images.names import NameRefused, clean, shown
from modelyard.server.images.verify import Facts, Limits, Refusal, preview, verify, verify_file
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.compute import ChildDied, Pool
from tests.factories.pictures import drawing, encode, picture

LIMITS = Limits(bytes=5_000_000, pixels=4_000_000)
GPS = "Exif place"


_UNDO = (
    None,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.ROTATE_180,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_90,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_270,
)


def _quarters(size: tuple[int, int]) -> Image.Image:
    """Return a picture with a colour of its own in each quarter, so that no turn or flip looks like another."""
    small = Image.new("RGB", (2, 2))
    small.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)])
    return small.resize(size, Image.Resampling.NEAREST)


def _corners(image: Image.Image) -> list[tuple[bool, ...]]:
    """Return which of red, green and blue are bright in the middle of each quarter."""
    pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    return [tuple(pixels[y, x] > 127) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]


def facts_of(data: bytes) -> Facts:
    found = verify(data, LIMITS)
    assert not isinstance(found, Refusal), found
    return found[0]


def thumbnail_of(data: bytes) -> Image.Image:
    found = verify(data, LIMITS)
    assert not isinstance(found, Refusal), found
    return Image.open(io.BytesIO(found[1]))


def reason_of(data: bytes) -> str:
    found = verify(data, LIMITS)
    assert isinstance(found, Refusal)
    return found.reason


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + body


class TestAccepted:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
    def test_every_format_by_its_content(self, kind: str):
        facts = facts_of(picture(1, (64, 48), kind))
        assert (facts.format, facts.width, facts.height) == (kind.lower(), 64, 48)

    @pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "I;16", "CMYK", "YCbCr"])
    def test_every_kind_of_pixels_becomes_rgb(self, mode: str):
        if mode == "I;16":
            image = Image.fromarray(np.asarray(drawing(1).convert("L"), np.uint16) * 257)
        else:
            image = drawing(1).convert(mode)
        data = encode(image, "JPEG" if mode in ("CMYK", "YCbCr") else "PNG")
        assert thumbnail_of(data).mode == "RGB"
        assert 0.1 < facts_of(data).brightness < 0.9

    def test_palette_with_alpha_lies_on_white(self):
        image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
        assert facts_of(encode(image.convert("P"))).brightness > 0.95 or image.convert("P").mode == "P"
        assert facts_of(encode(image)).brightness > 0.99

    def test_first_frame_of_an_animation(self):
        frames = [Image.new("RGB", (20, 10), color) for color in ("white", "black")]
        data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:] * 50)
        assert facts_of(data).brightness > 0.99
        apng = encode(frames[0], "PNG", save_all=True, append_images=frames[1:] * 50)
        assert facts_of(apng).brightness > 0.99

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_all_orientations_are_upright(self, orientation: int):
        image = Image.new("RGB", (40, 20), "black")
        image.paste("white", (0, 0, 20, 20))
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encode(image, "PNG", exif=exif)
        facts, small = facts_of(data), thumbnail_of(data)
        assert (facts.width, facts.height) == ((20, 40) if orientation > 4 else (40, 20))
        assert small.size == (facts.width, facts.height)
        box = {1: (0, 0), 2: (1, 0), 3: (1, 0), 4: (0, 0), 5: (0, 0), 6: (0, 0), 7: (0, 1), 8: (0, 1)}[orientation]
        corner = (small.width // 4 + box[0] * small.width // 2, small.height // 4 + box[1] * small.height // 2)
        assert small.getpixel(corner)[0] > 200

    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    @pytest.mark.parametrize(("orientation", "undo"), list(enumerate(_UNDO, 1)))
    def test_every_orientation_agrees_in_size_thumbnail_and_preview(
        self, orientation: int, undo: Image.Transpose | None, kind: str
    ):
        upright = _quarters((2000, 1200))
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encode(upright if undo is None else upright.transpose(undo), kind, exif=exif)
        facts, shown = facts_of(data), Image.open(io.BytesIO(preview(data, LIMITS)))
        assert (facts.width, facts.height) == (2000, 1200)
        assert shown.size == (1600, 960)
        for image in (thumbnail_of(data), shown):
            assert _corners(image) == _corners(upright)

    def test_facts_tell_sharp_from_soft_and_light_from_dark(self):
        noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200), np.uint8))
        sharp, soft = facts_of(encode(noise)), facts_of(encode(Image.new("L", (200, 200), 30)))
        assert sharp.sharpness > 100 * max(soft.sharpness, 1e-6)
        assert (soft.brightness, soft.contrast) == (pytest.approx(30 / 255, abs=0.01), pytest.approx(0, abs=0.001))

    def test_twins_have_close_hashes_and_others_do_not(self):
        large = drawing(1, (800, 600))
        a = facts_of(encode(large, "JPEG", quality=95)).dhash
        b = facts_of(encode(large.resize((400, 300)), "JPEG", quality=60)).dhash
        c = facts_of(picture(2, (800, 600))).dhash
        assert (a ^ b).bit_count() <= 4 < (a ^ c).bit_count()

    def test_one_pixel(self):
        assert facts_of(encode(Image.new("RGB", (1, 1)))).sharpness == 0

    def test_polyglot_is_the_picture_that_it_is(self):
        data = picture(1) + b"<html><script>alert(1)</script></html>"
        assert facts_of(data).format == "jpeg"
        assert b"script" not in verify(data, LIMITS)[1]  # type: ignore[index]


class TestRefused:
    def test_large_pictures_from_their_header_alone(self):
        assert "3000 x 3000 pixels" in reason_of(png(3000, 3000))
        assert "Scale it down" in reason_of(png(30_000, 30_000))
        assert "1 x 10000000 pixels" in reason_of(png(1, 10_000_000))

    def test_no_pixels_at_all(self):
        assert reason_of(png(0, 10))

    def test_more_bytes_than_allowed(self, tmp_path: Path):
        assert reason_of(b"\xff" * 5_000_001) == "The file has 5 MB; at most 5 MB are accepted."
        path = tmp_path / "large.jpg"
        with path.open("wb") as file:
            file.truncate(50_000_000_000)
        assert verify_file(path, LIMITS) == Refusal("The file has 50,000 MB; at most 5 MB are accepted.")

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"%PDF-1.7\n", "a PDF"),
            (b'<?xml version="1.0"?><svg/>', "an XML file"),
            (b"  <svg onload=alert(1)>", "an SVG drawing"),
            (b"8BPS\0\1" + b"\0" * 50, "a Photoshop file"),
            (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript file"),
            (b"SIMPLE  =                    T", "a FITS file"),
            (b"<HTML><body>", "a web page"),
            (b"PK\x03\x04" + b"\0" * 50, "a zip archive"),
        ],
    )
    def test_other_kinds_are_named(self, data: bytes, what: str):
        assert reason_of(data) == f"This is {what}, not a picture. Send JPEG, PNG, WebP, BMP, TIFF, GIF or DICOM."

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_cut_off_files(self, kind: str, share: float):
        data = picture(1, (300, 200), kind)
        assert isinstance(verify(data[: int(len(data) * share)], LIMITS), Refusal)

    def test_endless_text_in_a_png(self):
        text = b"key\0\0" + zlib.compress(b"x" * 70_000_000)
        found = verify(png(10, 10, (b"zTXt", text)), LIMITS)
        assert isinstance(found, Refusal)

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF")
    def test_a_tiff_of_a_million_entries(self):
        data = b"II*\0" + struct.pack("<IH", 8, 65_535) + b"\xff" * 200_000
        assert isinstance(verify(data, LIMITS), Refusal)

    @pytest.mark.filterwarnings("ignore")
    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"]),
        st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=20),
    )
    def test_any_damage_ends_in_facts_or_a_sentence(self, kind: str, damage: list[tuple[int, int]]):
        data = bytearray(picture(1, (40, 30), kind))
        for at, value in damage:
            data[at % len(data)] = value
        found = verify(bytes(data), LIMITS)
        assert isinstance(found, tuple) or found.reason.endswith(".")

    @settings(max_examples=40, deadline=None)
    @given(st.binary(max_size=200))
    def test_any_bytes(self, data: bytes):
        assert isinstance(verify(data, LIMITS), Refusal)


class TestServedCopies:
    @pytest.fixture
    def data(self) -> bytes:
        exif = Image.Exif()
        exif[0x010E] = GPS
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x0112] = 6
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", GPS)
        note.add_itxt("XML:com.adobe.xmp", f"<x>{GPS}</x>")
        return encode(drawing(1, (300, 200)), "PNG", exif=exif, pnginfo=note)

    def test_thumbnail_and_preview_carry_no_metadata(self, data: bytes):
        assert GPS.encode() in data
        found = verify(data, LIMITS)
        assert not isinstance(found, Refusal)
        for served in (found[1], preview(data, LIMITS)):
            image = Image.open(io.BytesIO(served))
            assert (image.format, image.size[0] < image.size[1], dict(image.getexif())) == ("WEBP", True, {})
            assert GPS.encode() not in served
            assert not {"exif", "xmp", "icc_profile"} & set(image.info)

    def test_sizes(self):
        data = picture(1, (2400, 1200))
        assert thumbnail_of(data).size == (256, 128)
        assert Image.open(io.BytesIO(preview(data, LIMITS))).size == (1600, 800)


class TestChildren:
    def test_whoever_kills_its_process_is_refused_alone(self, tmp_path: Path):
        """A decoder that hangs or crashes takes its process with it; the pool finds out which file it was."""
        (tmp_path / "a.jpg").write_bytes(picture(1))
        errands = [
            Errand(None, name, str(tmp_path / "a.jpg"), LIMITS, str(tmp_path / "files"), None)  # type: ignore[arg-type]
            for name in ("good", "bad", "good")
        ]
        pool = Pool(processes=2)
        try:
            found = [(errand.name, result) for errand, result in pool.map_unordered(_dies_of_bad, errands)]
        finally:
            pool.close()
        assert sorted(name for name, result in found if isinstance(result, Facts)) == ["good", "good"]
        assert [name for name, result in found if isinstance(result, ChildDied)] == ["bad"]

    def test_what_is_stored(self, tmp_path: Path):
        data = picture(1)
        (tmp_path / "a.jpg").write_bytes(data)
        errand = Errand(None, "a", str(tmp_path / "a.jpg"), LIMITS, str(tmp_path / "files"), None)  # type: ignore[arg-type]
        facts = look_and_store(errand)
        assert isinstance(facts, Facts)
        assert BlobStore(tmp_path / "files").get(facts.content_hash) == data


def _dies_of_bad(errand: Errand) -> Facts | Refusal:
    if errand.name == "bad":
        import os
        import signal

        os.kill(os.getpid(), signal.SIGALRM)
    return look_and_store(errand)


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "../x",
            "..\\x",
            "a/../../x",
            "/etc/passwd",
            "\\\\server\\x",
            "C:\\x.jpg",
            "c:x",
            "a\0.jpg",
            "a\n.jpg",
            "",
            "./",
            "x" * 4000,
        ],
    )
    def test_refused(self, name: str):
        with pytest.raises(NameRefused):
            clean(name)

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("a\\b.jpg", "a/b.jpg"),
            ("./a//b.jpg", "a/b.jpg"),
            ("Cafe\u0301.jpg", "Caf\u00e9.jpg"),
            ("gpj\u202e.exe", "gpj.exe"),
            ("con.jpg", "con.jpg"),  # Reserved on Windows, but no name is ever a path on the server.
            ("a..b.jpg", "a..b.jpg"),
        ],
    )
    def test_kept(self, name: str, kept: str):
        assert clean(name) == kept

    @given(st.text(max_size=50))
    def test_whatever_is_kept_stays_inside_and_is_kept_again(self, name: str):
        try:
            kept = clean(name)
        except NameRefused:
            assert shown(name)
            return
        assert ".." not in kept.split("/") and not kept.startswith("/") and "\\" not in kept
        assert clean(kept) == kept
