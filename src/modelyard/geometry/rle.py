"""COCO's compressed run lengths of masks, checked before any library sees them; it knows no shape.

A mask is walked column by column; the runs tell how many pixels are off, on, off, … in turn. The text packs each
run, less the one two before it, into characters of six bits.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid

MAX_PIXELS = 2**28  # more than any picture that is taken in; so much memory may a few characters ask for
_MOST_CHARACTERS_OF_A_RUN = 7  # 35 bits


class RunsInvalid(Invalid):
    """The run lengths of the mask are not valid."""


def to_runs(counts: str, pixels: int) -> NDArray[np.int64]:
    """Return the run lengths, shape (N,), that the text says.

    Args:
        counts: Compressed run lengths.
        pixels: What the runs must add up to.

    Raises:
        RunsInvalid: The text is no run lengths, or they do not add up.

    Example:
        >>> to_runs("132", 6)
        array([1, 3, 2])
    """
    if not counts.isascii():
        raise RunsInvalid("The run lengths hold a character that is none of run lengths.")
    codes = np.frombuffer(counts.encode(), np.uint8).astype(np.int64) - 48  # (C,)
    if not codes.size or codes.min() < 0 or codes.max() > 63:
        raise RunsInvalid("The run lengths are empty or hold a character that is none of run lengths.")
    starts = np.flatnonzero(np.concatenate([[True], (codes[:-1] & 32) == 0]))  # (N,)
    lengths = np.diff(np.append(starts, codes.size))
    if codes[-1] & 32 or lengths.max() > _MOST_CHARACTERS_OF_A_RUN:
        raise RunsInvalid("The run lengths end within a number, or one of them is far too large.")
    places = np.arange(codes.size) - np.repeat(starts, lengths)
    values = np.add.reduceat((codes & 31) << (5 * places), starts)
    is_negative = (codes[starts + lengths - 1] & 16) != 0
    values -= is_negative * (np.int64(1) << (5 * lengths))
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return check(values, pixels)


def check(runs: NDArray[np.int64], pixels: int) -> NDArray[np.int64]:
    """Return the runs, shape (N,), if none is negative and they add up to the pixels.

    Raises:
        RunsInvalid: They are not, or do not.

    Example:
        >>> check(np.array([1, 3]), 4)
        array([1, 3])
    """
    if not runs.size or runs.min() < 0 or runs.max() > pixels or (total := int(runs.sum())) != pixels:
        said = "" if not runs.size or runs.min() < 0 or runs.max() > pixels else f" They add up to {total:,}."
        raise RunsInvalid(f"The run lengths do not fill the {pixels:,} pixels of the mask.{said}")
    return runs


def from_runs(runs: Sequence[int] | NDArray[np.int64], width: int, height: int) -> str:
    """Return the compressed text of run lengths.

    Raises:
        RunsInvalid: They are no run lengths of a mask of this size.

    Example:
        >>> from_runs([1, 3, 2], 3, 2)
        '132'
    """
    from pycocotools import mask

    try:
        array = np.asarray(runs)
        plain = array.astype(np.int64) if array.dtype.kind in "iu" and array.ndim == 1 else None
    except (ValueError, OverflowError, TypeError):
        plain = None
    if plain is None:
        raise RunsInvalid("The run lengths are not a list of whole numbers.")
    check(plain, width * height)
    packed = mask.frPyObjects({"size": [height, width], "counts": plain.tolist()}, height, width)
    return str(packed["counts"].decode())


def encode(mask: NDArray[np.bool_]) -> str:
    """Return the compressed text of a mask, shape (H, W).

    Example:
        >>> encode(np.array([[False, True, False], [True, True, False]]))
        '132'
    """
    from pycocotools import mask as coco

    return str(coco.encode(np.asfortranarray(mask, np.uint8))["counts"].decode())


def decode(counts: str, width: int, height: int) -> NDArray[np.bool_]:
    """Return the mask, shape (H, W), of the compressed text.

    Raises:
        RunsInvalid: The text is no mask of this size.

    Example:
        >>> decode("132", 3, 2)
        array([[False,  True, False],
               [ True,  True, False]])
    """
    runs = to_runs(counts, width * height)
    flat = np.repeat(np.arange(runs.size) % 2 == 1, runs)  # (W * H,)
    return flat.reshape(width, height).T


def to_columns(runs: NDArray[np.int64], height: int) -> NDArray[np.int64]:
    """Return what is on as pieces of columns, each (x, top, bottom), shape (N, 3), in order.

    Example:
        >>> to_columns(np.array([1, 2, 1]), 2).tolist()
        [[0, 1, 2], [1, 0, 1]]
    """
    ends = np.cumsum(runs)
    ends = ends[1::2]
    lengths = runs[1::2]
    starts, ends = (ends - lengths)[lengths > 0], ends[lengths > 0]
    first = starts // height
    counts = (ends - 1) // height - first + 1
    run = np.repeat(np.arange(starts.size), counts)
    x = first[run] + np.arange(run.size) - np.repeat(np.cumsum(counts) - counts, counts)
    top = np.maximum(starts[run], x * height) - x * height
    bottom = np.minimum(ends[run], (x + 1) * height) - x * height
    return np.stack([x, top, bottom], axis=1)


def from_columns(columns: NDArray[np.int64], width: int, height: int) -> str:
    """Return the compressed text of pieces of columns, shape (N, 3), that lie in a mask of this size.

    Example:
        >>> from_columns(np.array([[0, 1, 2], [1, 0, 1]]), 2, 2)
        '121'
    """
    starts, ends = columns[:, 0] * height + columns[:, 1], columns[:, 0] * height + columns[:, 2]
    is_new = np.concatenate([[True], starts[1:] != ends[:-1]])[: starts.size]
    starts, ends = starts[is_new], ends[np.append(is_new[1:], True)[: starts.size]]
    edges = np.concatenate([[0], np.stack([starts, ends], axis=1).ravel(), [width * height]])
    runs = np.diff(edges)
    return from_runs(runs if runs[-1] or runs.size == 1 else runs[:-1], width, height)
