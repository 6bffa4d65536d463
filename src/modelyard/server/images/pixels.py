"""The pixels of an image for whoever needs them on the server: upright, 8-bit RGB, all of it or a part."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from modelyard.engine.pixels import read_rgb
from modelyard.server.images import pictures, tiles, verify
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.settings import Settings
from modelyard.server.tables import Image

Box = tuple[int, int, int, int]


def pixels(
    blobs: BlobStore, settings: Settings, image: Image, *, box: Box | None = None, most_px: int | None = None
) -> NDArray[np.uint8]:
    """Return the picture as people see it at first, or a part of it.

    Large pictures are read from their tiles, so that a part of one takes little memory.

    Args:
        blobs: Where pictures are kept.
        settings: Limits of decoding.
        image: Whose pixels.
        box: The part, `xyxy` in whole pixels of the upright picture; what of it lies outside is left out.
        most_px: Scale the result down so that its longer side has no more pixels than this.

    Returns:
        Shape (H, W, 3), uint8 RGB.

    Raises:
        BlobMissing: The file is not in the store.
        ImageUnreadable: It is damaged.
        ImageTooLarge: It is over the limits of this installation.
        DecodingFailed: It takes too much memory or time just now.
        TooBusy, StillCutting: Other large pictures are being looked at. Ask again in a moment.
    """
    part = _inside(image, box)
    if pictures.is_light(image):
        with verify.DECODING:
            found = read_rgb(blobs.get(image.content_hash), box=part)
    else:
        found = _stitched(blobs, settings, image, part, _level(image, part, most_px))
    if most_px is None or max(found.shape[:2]) <= most_px:
        return found
    shown = Picture.fromarray(found)
    shown.thumbnail((most_px, most_px), Picture.Resampling.BILINEAR)
    return np.asarray(shown)


def _inside(image: Image, box: Box | None) -> Box:
    left, top, right, bottom = box or (0, 0, image.width, image.height)
    left, top = min(max(0, left), image.width), min(max(0, top), image.height)
    return left, top, max(left, min(right, image.width)), max(top, min(bottom, image.height))


def _level(image: Image, part: Box, most_px: int | None) -> int:
    """Return the coarsest level that still has as many pixels as are wanted."""
    level, longest = 0, max(part[2] - part[0], part[3] - part[1])
    last = tiles.level_count(image.width, image.height) - 1
    while most_px is not None and level < last and longest >= most_px * 2 ** (level + 1):
        level += 1
    return level


def _stitched(blobs: BlobStore, settings: Settings, image: Image, part: Box, level: int) -> NDArray[np.uint8]:
    side, step = tiles.TILE_PX, 2**level
    left, top, right, bottom = part[0] // step, part[1] // step, -(-part[2] // step), -(-part[3] // step)
    found = np.zeros((bottom - top, right - left, 3), np.uint8)
    for row in range(top // side, -(-bottom // side)):
        for column in range(left // side, -(-right // side)):
            piece = read_rgb(pictures.tile(blobs, settings, image, (level, column, row)))
            x, y = column * side - left, row * side - top
            x0, y0, x1, y1 = max(0, x), max(0, y), x + piece.shape[1], y + piece.shape[0]
            target = found[y0:y1, x0:x1]
            target[:] = piece[y0 - y :, x0 - x :][: target.shape[0], : target.shape[1]]
    return found
