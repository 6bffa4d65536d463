"""Pictures whose values are finer than bytes, and the window through which they become grey on a screen.

Values of any kind are kept as 16-bit steps with a slope and an intercept. It decodes no file.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 65_536
_TAILS = (0.001, 0.999)  # the share of values that the automatic window leaves black and white
_ROWS = 256


@dataclass(frozen=True)
class Window:
    """The values that are shown as black (`low`) and as white (`high`); what lies between is spread out evenly."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Values:
    """A picture as numbers: value = `steps` * `slope` + `intercept`.

    Args:
        steps: Shape (H, W), or (H, W, 3) for colours; uint16.
        slope: Above 0.
        intercept: The value of step 0.
        windows: What can be shown, the one that is shown at first before all others; at least one.
        unit: Of the values, such as "HU"; empty if unknown.
        is_inverted: Whether low values are shown bright.
    """

    steps: NDArray[np.uint16]
    slope: float
    intercept: float
    windows: tuple[Window, ...]
    unit: str = ""
    is_inverted: bool = False

    def to_bytes(self, window: Window | None = None) -> NDArray[np.uint8]:
        """Return what a screen shows through a window, by default the first; shape as `steps`, 0 to 255."""
        seen = window or self.windows[0]
        return lookup(seen, slope=self.slope, intercept=self.intercept, is_inverted=self.is_inverted)[self.steps]

    def to_display(self) -> dict[str, Any]:
        """Return everything but the picture itself, as plain data."""
        low, high = (float(end) * self.slope + self.intercept for end in (self.steps.min(), self.steps.max()))
        return {
            "channels": 1 if self.steps.ndim == 2 else 3,
            "slope": self.slope,
            "intercept": self.intercept,
            "low": low,
            "high": high,
            "unit": self.unit,
            "is_inverted": self.is_inverted,
            "windows": [{"name": window.name, "low": window.low, "high": window.high} for window in self.windows],
        }


def lookup(window: Window, *, slope: float, intercept: float, is_inverted: bool = False) -> NDArray[np.uint8]:
    """Return the grey, 0 to 255, of every step, shape (65536,).

    Example:
        >>> lookup(Window("", 0, 255), slope=1, intercept=0)[[0, 100, 255, 300]]
        array([  0, 100, 255, 255], dtype=uint8)
    """
    values = np.arange(STEPS) * slope + intercept
    share = ((values - window.low) / max(window.high - window.low, 1e-12)).clip(0, 1)
    grey = np.floor(share * 255 + 0.5).astype(np.uint8)
    return 255 - grey if is_inverted else grey


def to_steps(numbers: NDArray[Any]) -> tuple[NDArray[np.uint16], float, float]:
    """Return numbers as steps, with the slope and intercept that bring them back.

    Whole numbers that span no more than 65,535 come back exactly; others are rounded to one of 65,536 steps. What is
    not a number becomes the lowest, what is infinite the lowest or highest.

    Example:
        >>> to_steps(np.array([[-5, 10]], np.int16))
        (array([[ 0, 15]], dtype=uint16), 1.0, -5.0)
    """
    if numbers.dtype == np.uint16:
        return numbers, 1.0, 0.0
    low, high = _ends(numbers)
    is_exact = numbers.dtype.kind in "uib" and high - low < STEPS
    slope = 1.0 if is_exact else (high / (STEPS - 1) - low / (STEPS - 1)) or 1.0
    steps = np.empty(numbers.shape, np.uint16)
    for start in range(0, len(numbers), _ROWS):  # In pieces: each takes several times its size for a moment.
        part = numbers[start : start + _ROWS].astype(np.float64)
        part = np.nan_to_num(part, nan=low, posinf=high, neginf=low)
        steps[start : start + _ROWS] = np.rint(part / slope - low / slope).clip(0, STEPS - 1)
    return steps, slope, float(low)


def _ends(numbers: NDArray[Any]) -> tuple[float, float]:
    """Return the least and the greatest finite number; small numbers without a sign begin at 0."""
    if numbers.dtype.kind != "f":
        low, high = int(numbers.min()), int(numbers.max())
        return (0 if low >= 0 and high < STEPS else low), high
    finite = np.isfinite(numbers)
    if not finite.any():
        raise ValueError("The picture holds no numbers.")
    return float(numbers.min(where=finite, initial=np.inf)), float(numbers.max(where=finite, initial=-np.inf))


def own_windows(
    steps: NDArray[np.uint16], *, slope: float, intercept: float, padding: float | None = None
) -> tuple[Window, Window]:
    """Return the window that leaves out the outermost thousandths, and the one that shows every value.

    Args:
        steps: Any shape.
        slope: As of `Values`.
        intercept: As of `Values`.
        padding: A value that stands for "nothing here", which the first window passes over.
    """
    counts = np.zeros(STEPS, np.int64)
    for at in range(0, len(steps), _ROWS):
        counts += np.bincount(steps[at : at + _ROWS].ravel(), minlength=STEPS)
    first, last = np.flatnonzero(counts)[[0, -1]]
    if (
        padding is not None
        and 0 <= (hole := round((padding - intercept) / slope)) < STEPS
        and counts.sum() > counts[hole]
    ):
        counts[hole] = 0
    total = np.cumsum(counts)
    low, high = np.searchsorted(total, [share * total[-1] for share in _TAILS])
    if low == high:
        low, high = first, last
    if low == high:  # One value alone: what its bits can hold.
        low, high = 0, next(most for most in (255, 4095, STEPS - 1) if most >= high)
        first, last = low, high
    low, high, first, last = (float(step) * slope + intercept for step in (low, high, first, last))
    return Window("auto", low, high), Window("full", first, last)


def halved(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return the picture at half its size, each pixel the mean of up to four; same kind of numbers.

    Args:
        pixels: Shape (H, W) or (H, W, 3), uint8 or uint16.

    Returns:
        Shape (ceil(H / 2), ceil(W / 2)) or with 3 channels.

    Example:
        >>> halved(np.array([[0, 2, 9], [2, 4, 9]], np.uint8))
        array([[2, 9]], dtype=uint8)
    """
    height, width = pixels.shape[:2]
    margins = [(0, height % 2), (0, width % 2)] + [(0, 0)] * (pixels.ndim - 2)
    even = np.pad(pixels, margins, mode="edge") if height % 2 or width % 2 else pixels
    total = even[::2, ::2].astype(np.uint32)
    for part in (even[::2, 1::2], even[1::2, ::2], even[1::2, 1::2]):
        total += part
    return ((total + 2) >> 2).astype(pixels.dtype)
