"""What cameras and hospitals write into files (place, owner, time, patient), taken out without touching a pixel.

`strip` works on the containers of JPEG of all kinds, PNG, WebP, GIF and DICOM: it copies what a decoder needs and drops
the rest, so the picture stays bit for bit what it was. Whether it must be turned upright is asked of `needs_turning`.
"""

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageOps, JpegImagePlugin

_ORIENTATION = 0x0112
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT".split()
)
_WEBP_DROPPED = (b"EXIF", b"XMP ")
_GIF_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class _MalformedError(Exception):
    pass


def is_dicom(data: bytes) -> bool:
    """Say whether these bytes are a DICOM file (Part 10)."""
    return data[128:132] == b"DICM"


def needs_turning(data: bytes) -> bool:
    """Say whether the picture is only upright if a viewer heeds its orientation mark."""
    if is_dicom(data):
        return False
    with Image.open(BytesIO(data)) as image:
        return image.getexif().get(_ORIENTATION, 1) not in (0, 1)


def strip(data: bytes) -> bytes | None:
    """Return the file without its metadata and with the same pixels; None if only encoding anew can do it."""
    if is_dicom(data):
        from modelyard.formats.dicom import deidentify

        return deidentify(data)
    for signature, stripper in _STRIPPERS:
        if data.startswith(signature):
            try:
                return b"".join(stripper(data))
            except (_MalformedError, ValueError, IndexError, struct.error):
                return None
    return data if data.startswith(b"BM") else None  # BMP has no place for metadata.


def upright(data: bytes) -> bytes:
    """Return the picture turned upright, encoded anew in its own format as faithfully as that can, without metadata."""
    with Image.open(BytesIO(data)) as image:
        kind = image.format or "PNG"
        options = _options(image, kind)
        if _has_deep_colours(image):
            return _deep_colours_upright(data, image.getexif().get(_ORIENTATION, 1), kind)
        turned = ImageOps.exif_transpose(image)
    turned.info = {key: value for key, value in turned.info.items() if key in ("transparency", "background")}
    out = BytesIO()
    turned.save(out, kind, **options)
    return out.getvalue()


def _has_deep_colours(image: Image.Image) -> bool:
    args = image.tile[0].args if getattr(image, "tile", None) else ""  # type: ignore[attr-defined]
    return image.mode in ("RGB", "RGBA") and ";16" in str(args if isinstance(args, str) else args[:1])


def _deep_colours_upright(data: bytes, mark: int, kind: str) -> bytes:
    """Turn colours of 16 bits, which Pillow would cut to 8; OpenCV gives TIFFs upright already."""
    import cv2

    pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if kind == "PNG" and mark in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if kind == "PNG" and mark in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if kind == "PNG" and mark in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return cv2.imencode(f".{kind.lower()}", np.ascontiguousarray(pixels))[1].tobytes()


def _options(image: Image.Image, kind: str) -> dict[str, object]:
    options: dict[str, object] = {}
    if profile := image.info.get("icc_profile"):
        options["icc_profile"] = profile
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        options |= {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image)}
        if options["subsampling"] == -1:
            del options["subsampling"]
    elif kind == "WEBP":
        options |= {"quality": 95, "method": 4}
    elif kind == "TIFF":
        options |= {"compression": "tiff_deflate"}
    return options


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at, is_ls = 2, False
    while True:
        if data[at] != 0xFF:
            raise _MalformedError
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker == 0xD9:
            yield data[at : at + 2]
            return
        else:
            end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
            if end > len(data):
                raise _MalformedError
            segment = data[at:end]
            if _is_kept(marker, segment):
                yield segment
            at, is_ls = end, is_ls or marker == 0xF7
            if marker == 0xDA:
                at = _end_of_scan(data, end, escaped=0x7F if is_ls else 0)
                yield data[end:at]


def _is_kept(marker: int, segment: bytes) -> bool:
    if marker == 0xE0:
        return segment[4:9] == b"JFIF\0"
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == 0xE8:  # how JPEG-LS mixed the colours
        return segment[4:8] == b"mrfx"
    if marker == 0xEE:
        return segment[4:9] == b"Adobe"
    return not (0xE1 <= marker <= 0xEF or marker == 0xFE)


def _end_of_scan(data: bytes, start: int, *, escaped: int) -> int:
    """Return where the next marker begins that is neither an escaped byte, up to `escaped`, nor a restart."""
    at = data.find(b"\xff", start)
    while at != -1 and at + 1 < len(data):
        if data[at + 1] > escaped and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at = data.find(b"\xff", at + 2)
    raise _MalformedError


def _jpeg_2000(data: bytes) -> Iterator[bytes]:
    """Yield a bare stream of JPEG 2000 whose comments are empty, but as long as before: other places note lengths."""
    yield data[:2]
    at, part_end = 2, 0
    while (marker := data[at : at + 2]) != b"\xff\xd9":
        if marker == b"\xff\x93":  # the pixels of a part
            yield data[at:part_end]
            at = part_end
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker[0] != 0xFF or end > len(data):
            raise _MalformedError
        if marker == b"\xff\x90":  # A part begins. Length 0: it is the last one.
            part_end = at + struct.unpack_from(">I", data, at + 6)[0]
            part_end = part_end if part_end > at else data.rindex(b"\xff\xd9")
            if not end <= part_end <= len(data):
                raise _MalformedError
        yield data[at : at + 6] + bytes(end - at - 6) if marker == b"\xff\x64" else data[at:end]
        at = end
    yield b"\xff\xd9"


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at = 8
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise _MalformedError
        if kind in _PNG_KEPT:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    if data[8:12] != b"WEBP":
        raise _MalformedError
    stop = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    kept, at = [], 12
    while at + 8 <= stop:
        kind, length = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        end = at + 8 + length + length % 2
        if at + 8 + length > len(data):
            raise _MalformedError
        chunk = data[at:end]
        if kind == b"VP8X":  # Its flags announce the chunks that are dropped.
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind not in _WEBP_DROPPED:
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept)
    yield b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(data: bytes) -> Iterator[bytes]:
    at = 13 + _color_table(data[10])
    yield data[:at]
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x21:
            at = _end_of_blocks(data, at + 2)
            if _is_kept_extension(data, start):
                yield data[start:at]
        elif data[at] == 0x2C:
            at = _end_of_blocks(data, at + 10 + _color_table(data[at + 9]) + 1)
            yield data[start:at]
        else:
            raise _MalformedError
    yield b"\x3b"


def _color_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _is_kept_extension(data: bytes, start: int) -> bool:
    label = data[start + 1]
    return label == 0xF9 or (label == 0xFF and data[start + 3 : start + 14] in _GIF_APPLICATIONS)


_STRIPPERS: tuple[tuple[bytes, Callable[[bytes], Iterator[bytes]]], ...] = (
    (b"\xff\xd8", _jpeg),
    (b"\xff\x4f\xff\x51", _jpeg_2000),
    (_PNG_SIGNATURE, _png),
    (b"RIFF", _webp),
    (b"GIF8", _gif),
)
