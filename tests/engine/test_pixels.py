"""Decoding: limits before pixels, upright, the centre, every usual mode."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from modelyard.engine.pixels import ImageTooLarge, ImageUnreadable, open_image, prepare


def corners(size=(96, 64)):
    """Red, green, blue and white quarters."""
    image = Image.new("RGB", size, "white")
    half = (size[0] // 2, size[1] // 2)
    image.paste("red", (0, 0, *half))
    image.paste("lime", (half[0], 0, size[0], half[1]))
    image.paste("blue", (0, half[1], half[0], size[1]))
    return image


def encoded(image, kind="PNG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_the_centre_square_is_taken():
    image = Image.new("RGB", (300, 100), "red")
    image.paste("blue", (100, 0, 200, 100))

    pixels = prepare(encoded(image), input_px=32, crop_fraction=0.9)

    assert pixels.shape == (32, 32, 3)
    assert (pixels == [0, 0, 255]).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that stores the picture turned
    stored = corners() if orientation == 1 else corners().transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation

    pixels = prepare(encoded(stored, exif=exif), input_px=32, crop_fraction=1.0)

    np.testing.assert_array_equal(pixels, prepare(corners(), input_px=32, crop_fraction=1.0))


def test_flip_mirrors_left_and_right():
    plain = prepare(corners(), input_px=32, crop_fraction=1.0)
    flipped = prepare(corners(), input_px=32, crop_fraction=1.0, flip=True)

    np.testing.assert_array_equal(flipped, plain[:, ::-1])


def test_a_large_jpeg_decoded_small_looks_the_same():
    large = corners((1600, 1200)).resize((1600, 1200))

    pixels = prepare(encoded(large, "JPEG", quality=95, subsampling=0), input_px=64, crop_fraction=1.0)

    exact = prepare(large, input_px=64, crop_fraction=1.0)
    assert np.abs(pixels.astype(int) - exact).mean() < 2


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("L", (8, 8), 100), [100, 100, 100]),
        (Image.fromarray(np.full((8, 8), 256 * 100, np.uint16)), [100, 100, 100]),
        (Image.new("RGBA", (8, 8), (0, 0, 0, 0)), [255, 255, 255]),
        (Image.new("LA", (8, 8), (7, 255)), [7, 7, 7]),
        (Image.new("1", (8, 8), 1), [255, 255, 255]),
        (Image.new("RGB", (8, 8), "lime").quantize(2), [0, 255, 0]),
    ],
    ids=["grey", "grey 16 bit", "transparent", "grey with alpha", "bits", "palette"],
)
def test_every_mode_becomes_rgb(image, expected):
    pixels = prepare(encoded(image), input_px=4, crop_fraction=1.0)

    np.testing.assert_array_equal(pixels, np.broadcast_to(np.uint8(expected), (4, 4, 3)))


def test_too_many_pixels_are_refused_from_the_header():
    with pytest.raises(ImageTooLarge, match="1000 x 1000"):
        open_image(encoded(Image.new("1", (1000, 1000))), max_pixels=999_999)


def test_a_decompression_bomb_is_refused():
    with pytest.raises(ImageTooLarge):
        open_image(encoded(Image.new("1", (20_000, 20_000))))


def test_too_many_bytes_are_refused(tmp_path):
    file = tmp_path / "large.png"
    file.write_bytes(b"0" * 11)

    for source in (file, file.read_bytes()):
        with pytest.raises(ImageTooLarge, match="11 bytes"):
            open_image(source, max_bytes=10)


@pytest.mark.parametrize("content", [b"", b"no picture", b"%PDF-1.4", encoded(corners())[:120]])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ImageUnreadable):
        prepare(content, input_px=8, crop_fraction=1.0)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ImageUnreadable, match=r"gone\.png"):
        prepare(tmp_path / "gone.png", input_px=8, crop_fraction=1.0)
