"""What a person shows of a thing, and what was found there; it finds nothing itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.geometry.kinds import Mask

BackendName = Literal["sam", "grabcut"]
Picture = NDArray[np.uint8]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class InParts:
    """A picture that is too large to lie in memory.

    `shape` is (H, W, 3). `read(box, most_px)` returns a part, shape (h, w, 3): `box` is x1, y1, x2, y2 in whole pixels,
    and the longer side has at most `most_px` pixels.
    """

    shape: tuple[int, int, int]
    read: Callable[[tuple[int, int, int, int], int], Picture]


Source = Picture | InParts


class PromptEmpty(Invalid):
    """Show what you mean: drag a box around the thing, or click on it."""


@dataclass(frozen=True)
class Click:
    """A point of the picture, in pixels, that belongs to the thing or does not."""

    x: float
    y: float
    is_positive: bool = True


@dataclass(frozen=True)
class Prompt:
    """A box around the thing (x1, y1, x2, y2, in pixels), clicks on it and beside it, or both.

    Raises:
        PromptEmpty: Neither a box nor a click on the thing.
    """

    box: Bounds | None = None
    clicks: tuple[Click, ...] = ()

    def __post_init__(self) -> None:
        if self.box is None and not self.positive:
            raise PromptEmpty

    @property
    def positive(self) -> tuple[Click, ...]:
        """The clicks on the thing."""
        return tuple(click for click in self.clicks if click.is_positive)

    @property
    def negative(self) -> tuple[Click, ...]:
        """The clicks beside it."""
        return tuple(click for click in self.clicks if not click.is_positive)

    def within(self, width: int, height: int) -> "Prompt":
        """Return the prompt moved into a picture of this size, its box from top-left to bottom-right.

        Example:
            >>> Prompt((30, -5, 2, 8)).within(20, 10).box
            (2.0, 0.0, 20.0, 8.0)
        """
        box = None
        if self.box is not None:
            xs = sorted(min(max(float(x), 0.0), float(width)) for x in self.box[::2])
            ys = sorted(min(max(float(y), 0.0), float(height)) for y in self.box[1::2])
            box = (xs[0], ys[0], xs[1], ys[1])
        clicks = tuple(
            Click(min(max(c.x, 0.0), float(width)), min(max(c.y, 0.0), float(height)), c.is_positive)
            for c in self.clicks
        )
        return Prompt(box, clicks)


@dataclass(frozen=True)
class Found:
    """A mask in pixels of the picture, None where nothing stands out, and how sure that is.

    `score` lies in [0, 1]: SAM's own estimate of the overlap with what was meant; for GrabCut, how different the
    colours inside and outside are.
    """

    mask: Mask | None
    score: float
    backend: BackendName = field(default="grabcut")


class Backend(Protocol):
    """One way from a prompt to a mask, for one picture."""

    def find(self, prompt: Prompt) -> Found:
        """Return what the prompt means; may be called from several threads at once."""
