"""Pictures finer than bytes: every value comes back, and what is seen of them is the window that was meant."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from tests.factories.dicom import dicom, ramp
from tests.factories.pictures import encode

from modelyard.engine.pixels import ImageUnreadable, open_image, prepare, read_rgb, turned_values
from modelyard.engine.refusals import DicomRefused
from modelyard.engine.values import Values, halved, own_windows, to_steps
from modelyard.errors import ProductError


def values_of(data: bytes) -> Values:
    found = turned_values(open_image(data))
    assert found is not None
    return found


def numbers(values: Values) -> np.ndarray[Any, Any]:
    return values.steps * values.slope + values.intercept


def png16(pixels: np.ndarray[Any, Any], kind: str = ".png") -> bytes:
    return cv2.imencode(kind, pixels[..., ::-1] if pixels.ndim == 3 else pixels)[1].tobytes()


class TestFiles:
    @pytest.mark.parametrize("kind", [".png", ".tiff"])
    def test_16_bit_greys_and_colours_keep_every_value(self, kind: str):
        rng = np.random.default_rng(0)
        grey = rng.integers(0, 65_536, (30, 20), np.uint16)
        colours = rng.integers(0, 65_536, (30, 20, 3), np.uint16)
        for pixels in (grey, colours):
            assert (numbers(values_of(png16(pixels, kind))) == pixels).all()

    def test_12_bits_in_16_are_not_dark(self):
        pixels = np.linspace(0, 4095, 10_000).astype(np.uint16).reshape(100, 100)
        for shown in (read_rgb(png16(pixels)), read_rgb(png16(np.dstack([pixels] * 3), ".tiff"))):
            assert 120 < shown.mean() < 135
            assert (shown.min(), shown.max()) == (0, 255)

    @pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32])
    def test_tiffs_of_signed_and_fractional_numbers(self, dtype: type[Any]):
        pixels = np.linspace(-1000, 3000, 600).reshape(20, 30).astype(dtype)
        found = numbers(values_of(cv2.imencode(".tiff", pixels)[1].tobytes()))
        assert np.abs(found - pixels).max() <= (4000 / 65_535 if dtype is np.float32 else 0)

    def test_what_is_no_number_is_the_lowest(self):
        pixels = np.array([[np.nan, 1, 2], [np.inf, -np.inf, 3]], np.float32)
        found = numbers(values_of(encode(Image.fromarray(pixels), "TIFF")))
        assert np.allclose(found, [[1, 1, 2], [3, 1, 3]], atol=1e-3)
        with pytest.raises(ImageUnreadable):
            turned_values(open_image(encode(Image.fromarray(np.full((3, 3), np.nan, np.float32)), "TIFF")))

    def test_plain_pictures_have_bytes(self):
        assert turned_values(open_image(encode(Image.new("RGB", (4, 4))))) is None

    @pytest.mark.parametrize("mark", range(1, 9))
    @pytest.mark.parametrize("channels", [1, 3])
    def test_a41_deep_pngs_are_upright_in_values_and_for_networks(self, mark: int, channels: int):
        upright = np.arange(40 * 60, dtype=np.uint16).reshape(40, 60) * 20
        undone = {
            **{1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1]},
            **{5: upright.T, 6: np.rot90(upright), 7: upright[::-1, ::-1].T, 8: np.rot90(upright, -1)},
        }[mark]
        lying = np.ascontiguousarray(undone if channels == 1 else np.dstack([undone] * 3))
        exif = Image.Exif()
        exif[0x0112] = mark
        plain = encode(Image.new("L", (1, 1)), "PNG", exif=exif)
        chunk = plain[plain.index(b"eXIf") - 4 : plain.index(b"IDAT") - 4]
        data = png16(lying)
        marked = data[:33] + chunk + data[33:]
        assert (numbers(values_of(marked)).reshape(40, 60, -1)[..., 0] == upright).all()
        assert read_rgb(marked).shape == (40, 60, 3)
        square = prepare(marked, input_px=40, crop_fraction=1)
        assert square[5, 20, 0] < square[35, 20, 0]

    @pytest.mark.parametrize("mark", range(1, 9))
    @pytest.mark.parametrize("mode", ["RGB", "I;16"])
    def test_a41_tiffs_are_turned_once(self, mark: int, mode: str, tmp_path: Path):
        grey = np.arange(4 * 6, dtype=np.uint16).reshape(4, 6) * 10
        image = Image.fromarray(grey if mode == "I;16" else np.dstack([grey.astype(np.uint8)] * 3))
        image.save(tmp_path / "a.tif", "TIFF", tiffinfo={274: mark})
        seen = {1: (0, 0), 2: (0, 5), 3: (3, 5), 4: (3, 0), 5: (0, 0), 6: (0, 3), 7: (5, 3), 8: (5, 0)}[mark]
        shown = read_rgb(tmp_path / "a.tif")
        assert shown.shape == ((6, 4, 3) if mark > 4 else (4, 6, 3))
        assert shown[seen].tolist() == [0, 0, 0]
        assert shown[shown.shape[0] - 1 - seen[0], shown.shape[1] - 1 - seen[1]].min() > 200


class TestDicom:
    @pytest.mark.parametrize(
        "syntax", [ExplicitVRLittleEndian, RLELossless, JPEGLosslessSV1, JPEGLSLossless, DeflatedExplicitVRLittleEndian]
    )
    def test_signed_values_in_every_lossless_syntax(self, syntax: UID):
        data = dicom(ramp(), syntax=syntax, Modality="CT", RescaleSlope=2, RescaleIntercept=-24)
        values = values_of(data)
        assert (numbers(values) == ramp() * 2.0 - 24).all()
        assert values.unit == "HU"

    def test_unsigned_values_in_jpeg_2000(self):
        pixels = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
        assert (numbers(values_of(dicom(pixels, syntax=JPEG2000Lossless, BitsStored=12, HighBit=11))) == pixels).all()

    def test_windows_of_the_file_come_first(self):
        values = values_of(dicom(ramp(), WindowCenter=[40, 500], WindowWidth=[400, 1500], RescaleIntercept=0))
        assert [window.name for window in values.windows] == ["file 1", "file 2", "auto", "full"]
        assert (values.windows[0].low, values.windows[0].high) == (-160, 239)
        shown = values.to_bytes()
        assert shown[ramp() <= -160].max() == 0 and shown[ramp() >= 239].min() == 255

    def test_the_exact_window_and_broken_ones(self):
        exact = values_of(dicom(ramp(), WindowCenter=100, WindowWidth=200, VOILUTFunction="LINEAR_EXACT"))
        assert (exact.windows[0].low, exact.windows[0].high) == (0, 200)
        assert [w.name for w in values_of(dicom(ramp(), WindowCenter=100, WindowWidth=0)).windows] == ["auto", "full"]

    @pytest.mark.filterwarnings("ignore")
    @pytest.mark.parametrize(
        "elements",
        [{"RescaleSlope": 1e305}, {"RescaleIntercept": -1e308}, {"RescaleSlope": 1e305, "RescaleIntercept": 1e308}],
    )
    def test_values_that_run_into_infinity_are_refused(self, elements: dict[str, Any]):
        with pytest.raises(DicomRefused, match="beyond 1e30"):
            values_of(dicom(ramp(), **elements))

    def test_what_is_told_of_values_is_json(self):
        values = values_of(dicom(ramp(), WindowCenter=1e308, WindowWidth=1e308, RescaleSlope=1e20))
        assert [window.name for window in values.windows] == ["auto", "full"]
        assert json.loads(json.dumps(values.to_display(), allow_nan=False))["high"] == pytest.approx(1.559e23)

    def test_monochrome_1_shows_low_values_bright(self):
        pixels = np.array([[0, 1000], [2000, 4000]], np.uint16)
        values = values_of(dicom(pixels, PhotometricInterpretation="MONOCHROME1"))
        assert values.is_inverted
        assert values.to_bytes().tolist() == [[255, 191], [127, 0]]

    def test_a_falling_slope(self):
        values = values_of(dicom(ramp(), RescaleSlope=-1, RescaleIntercept=5))
        assert np.allclose(numbers(values), 5.0 - ramp())
        assert values.slope > 0

    def test_padding_does_not_count_for_the_window(self):
        pixels = np.where(np.arange(2560).reshape(40, 64) % 2, ramp(), -3000).astype(np.int16)
        low = values_of(dicom(pixels, PixelPaddingValue=-3000)).windows[0].low
        assert low > -1100

    @pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless])
    def test_colours(self, syntax: UID):
        pixels = np.zeros((16, 24, 3), np.uint8)
        pixels[:8], pixels[8:, :12] = (200, 30, 40), (10, 220, 60)
        data = dicom(pixels, syntax=syntax)
        assert turned_values(open_image(data)) is None
        assert np.abs(read_rgb(data).astype(int) - pixels).max() <= 3

    def test_a_palette(self):
        index = np.array([[0, 1], [2, 1]], np.uint8)
        tables = {}
        for color, entries in {"Red": [0, 255, 0], "Green": [0, 0, 255], "Blue": [9, 9, 9]}.items():
            tables[f"{color}PaletteColorLookupTableDescriptor"] = [3, 0, 16]
            tables[f"{color}PaletteColorLookupTableData"] = (np.array(entries, np.uint16) * 256).tobytes()
        data = dicom(index, PhotometricInterpretation="PALETTE COLOR", **tables)
        assert read_rgb(data).tolist() == [[[0, 0, 9], [255, 0, 9]], [[0, 255, 9], [255, 0, 9]]]

    @pytest.mark.parametrize(
        ("elements", "said"),
        [
            ({"NumberOfFrames": 12}, "12 frames"),
            ({"PhotometricInterpretation": "HSV"}, "“HSV”"),
            ({"SamplesPerPixel": 3}, "contradicts itself"),
            ({"BitsAllocated": 12}, "12 bits a value"),
            ({"PixelData": b"\0" * 10}, "damaged or not readable"),
            ({"Rows": 30_000, "Columns": 4}, "damaged or not readable"),
        ],
    )
    def test_a42_what_is_not_read_says_why(self, elements: dict[str, Any], said: str):
        with pytest.raises(ImageUnreadable, match=said):
            read_rgb(dicom(ramp(), **elements))

    @pytest.mark.filterwarnings("ignore")
    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(128, 6000), st.integers(0, 255)), max_size=12),
        st.sampled_from([ExplicitVRLittleEndian, RLELossless]),
    )
    @example([(136, 0)], RLELossless)  # The meta information's own length becomes a value of another length.
    def test_any_damage_ends_in_a_picture_or_a_sentence(self, damage: list[tuple[int, int]], syntax: UID):
        data = bytearray(dicom(ramp(20, 20), syntax=syntax))
        for at, value in damage:
            data[at % len(data)] = value
        try:
            read_rgb(bytes(data), max_pixels=1_000_000)
        except ProductError as error:
            assert error.detail.endswith(".")


class TestValues:
    @given(st.lists(st.integers(-30_000, 30_000), min_size=1, max_size=50))
    def test_whole_numbers_come_back(self, listed: list[int]):
        pixels = np.array([listed], np.int32)
        steps, slope, intercept = to_steps(pixels)
        assert (steps * slope + intercept == pixels).all()

    def test_windows_leave_out_the_outermost(self):
        steps = np.full(10_000, 500, np.uint16)
        steps[:5000], steps[0], steps[-1] = 100, 0, 60_000
        auto, full = own_windows(steps, slope=1, intercept=0)
        assert ((auto.low, auto.high), (full.low, full.high)) == ((100, 500), (0, 60_000))

    @given(st.integers(1, 9), st.integers(1, 9))
    def test_halves_have_half_the_size_rounded_up(self, height: int, width: int):
        assert halved(np.zeros((height, width, 3), np.uint8)).shape == ((height + 1) // 2, (width + 1) // 2, 3)
