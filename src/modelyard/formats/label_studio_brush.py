"""Label Studio's packing of brushes: runs of RGBA values, and stretches of many. It is a part of `label_studio`."""

import numpy as np
from numpy.typing import NDArray

from modelyard.geometry.kinds import ShapeInvalid

LARGEST = 2**26  # pixels; each takes four bytes while it is unpacked
_SIZES = (4, 8, 12, 16)  # bits of a run's length


def unpack(data: bytes, count: int) -> NDArray[np.uint8]:
    """Return the values of a brush, shape (N,): four of each pixel.

    Raises:
        ShapeInvalid: They are not as many as `count`.

    Example:
        >>> unpack(bytes(pack(np.array([[True]]))), 4)
        array([255, 255, 255, 255], dtype=uint8)
    """
    bits = _Bits(data)
    if bits.read(32) != count:
        raise ShapeInvalid("The field “rle” of the brush is not of the size of its image.")
    word = bits.read(5) + 1
    sizes = [bits.read(4) + 1 for _ in range(4)]
    found = np.zeros(count, np.uint8)
    at = 0
    while at < count:
        is_run = bits.read(1)
        end = at + 1 + bits.read(sizes[bits.read(2)])
        if end > count:
            raise ShapeInvalid("The field “rle” of the brush has more values than its image.")
        if is_run:
            found[at:end] = bits.read(word) & 255
        else:
            found[at:end] = [bits.read(word) & 255 for _ in range(at, end)]
        at = end
    return found


def pack(array: NDArray[np.bool_]) -> list[int]:
    """Return a mask, shape (H, W), as a brush: each pixel is four values of 0 or 255."""
    flat = array.ravel()
    edges = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1, [flat.size]])
    words = [f"{flat.size * 4:032b}", f"{7:05b}", *(f"{size - 1:04b}" for size in _SIZES)]
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        value, left = 255 if flat[start] else 0, (end - start) * 4
        while left:
            length = min(left, 1 << _SIZES[-1])
            index = next(at for at, size in enumerate(_SIZES) if length <= 1 << size)
            words.append(f"1{index:02b}{length - 1:0{_SIZES[index]}b}{value:08b}")
            left -= length
    bits = "".join(words)
    bits += "0" * (-len(bits) % 8)
    return list(int(bits, 2).to_bytes(len(bits) // 8, "big"))


class _Bits:
    """Reads numbers of some bits, highest first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._length = data, 0, 8 * len(data)

    def read(self, count: int) -> int:
        end = self._at + count
        if end > self._length:
            raise ShapeInvalid("The field “rle” of the brush ends too early.")
        first, last = self._at // 8, (end + 7) // 8
        value = int.from_bytes(self._data[first:last], "big") >> (8 * last - end)
        self._at = end
        return value & ((1 << count) - 1)
