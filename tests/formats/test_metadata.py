from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from modelyard.formats.metadata import needs_turning, strip, upright

SECRET = b"Ana's bakery, 47.4 N"


def picture(mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(7).integers(0, 255, (6, 10, 3), np.uint8)
    return Image.fromarray(pixels).resize((200, 120), Image.Resampling.BICUBIC).convert(mode)


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x013B] = SECRET.decode()
    tags.get_ifd(0x8825)[1] = "N"
    return tags.tobytes()


def encoded(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = BytesIO()
    (image or picture()).save(out, kind, **options)
    return out.getvalue()


def pixels(data: bytes) -> np.ndarray:
    with Image.open(BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def with_text() -> PngInfo:
    info = PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return info


FILES = {
    "jpeg": encoded("JPEG", exif=exif(), comment=SECRET, xmp=SECRET),
    "progressive jpeg": encoded("JPEG", exif=exif(), progressive=True, comment=SECRET),
    "jpeg with restarts": encoded("JPEG", exif=exif(), restart_marker_blocks=2),
    "cmyk jpeg": encoded("JPEG", picture("CMYK"), exif=exif()),
    "jpeg with a film behind it": encoded("JPEG", exif=exif()) + SECRET * 100,
    "png": encoded("PNG", exif=exif(), pnginfo=with_text()),
    "palette png": encoded("PNG", picture("P"), pnginfo=with_text()),
    "webp": encoded("WEBP", exif=exif(), xmp=SECRET),
    "lossless webp": encoded("WEBP", lossless=True, exif=exif(), xmp=SECRET),
    "webp with transparency": encoded("WEBP", picture("RGBA"), exif=exif()),
    "gif": encoded("GIF", picture("P"), comment=SECRET),
}


@pytest.mark.parametrize("name", FILES)
def test_strip__drops_metadata_and_keeps_every_pixel(name: str) -> None:
    stripped = strip(FILES[name])
    assert stripped is not None
    assert b"bakery" in FILES[name]
    assert b"bakery" not in stripped
    assert np.array_equal(pixels(stripped), pixels(FILES[name]))
    with Image.open(BytesIO(stripped)) as image:
        image.load()
        assert not image.getexif()
        assert "xmp" not in image.info


@pytest.mark.parametrize("name", FILES)
def test_strip__a_second_time_changes_nothing(name: str) -> None:
    stripped = strip(FILES[name])
    assert stripped is not None
    assert strip(stripped) == stripped


@pytest.mark.parametrize("name", FILES)
def test_strip__cut_off_file_is_left_to_the_encoder(name: str) -> None:
    data = FILES[name]
    for length in (3, 15, 40, len(data) // 2):
        result = strip(data[:length])
        assert result is None or b"bakery" not in result


def test_strip__keeps_the_colour_profile() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG", "WEBP"):
        stripped = strip(encoded(kind, icc_profile=profile, exif=exif()))
        assert stripped is not None
        with Image.open(BytesIO(stripped)) as image:
            assert image.info["icc_profile"] == profile


def test_strip__tiff_needs_the_encoder() -> None:
    assert strip(encoded("TIFF")) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_upright__turns_and_drops_metadata(kind: str) -> None:
    data = encoded(kind, exif=exif(orientation=6))
    assert needs_turning(data)
    turned = upright(data)
    assert b"bakery" not in turned
    assert not needs_turning(turned)
    with Image.open(BytesIO(turned)) as image:
        assert (image.format, image.size) == (kind, (120, 200))
        expected = picture().transpose(Image.Transpose.ROTATE_270)
        error = np.abs(np.asarray(image.convert("RGB"), np.int16) - np.asarray(expected, np.int16)).mean()
        assert error < 8


def test_needs_turning__plain_file() -> None:
    assert not needs_turning(encoded("JPEG"))
    assert not needs_turning(encoded("PNG", exif=exif()))
