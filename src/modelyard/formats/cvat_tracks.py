"""CVAT's tracks of videos: a shape at some frames, moved evenly in between; a part of `cvat`, which reads the XML.

    <track id="0" label="bun"><box frame="0" keyframe="1" outside="0" xtl="1" ytl="2" xbr="3" ybr="4"/>
                              <box frame="9" keyframe="1" outside="1" …/></track>

A frame is the picture that CVAT exports it as, frame_000009 with whatever ending. Where a track is outside, and no
other is inside, there is nothing in the picture.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from modelyard.formats.drafts import Drafts
from modelyard.geometry.kinds import Box, Polygon, Shape, ShapeInvalid

_MOST_SHAPES = 500_000  # of all tracks together
_LAST_FRAME = 10_000_000


@dataclass(frozen=True)
class Moment:
    """What a track says of one frame; without a shape, that it is out of the picture from here on."""

    frame: float
    shape: Shape | None
    attributes: Mapping[str, str | float | bool]
    place: str


class Tracks:
    """The tracks of a file, until all of it has been read."""

    def __init__(self) -> None:
        self.size: tuple[int | None, int | None] = (None, None)  # of every frame
        self._tracks: list[tuple[str | None, list[Moment]]] = []
        self._shapes = 0

    def add(self, label: str | None, moments: Sequence[Moment]) -> None:
        """Keep a track.

        Raises:
            ShapeInvalid: Its frames are none, or all tracks together have more shapes than can be meant.
        """
        if any(not 0 <= moment.frame <= _LAST_FRAME or moment.frame != int(moment.frame) for moment in moments):
            raise ShapeInvalid("The field “frame” must be a whole number from 0.")
        ordered = sorted(moments, key=lambda moment: moment.frame)
        spans = pairwise(ordered)
        count = len(ordered) + sum(int(b.frame - a.frame) for a, b in spans if a.shape is not None)
        if self._shapes + count > _MOST_SHAPES:
            raise ShapeInvalid(f"The tracks have more than {_MOST_SHAPES:,} shapes; export the images instead.")
        self._shapes += count
        self._tracks.append((label, ordered))

    def put(self, drafts: Drafts) -> None:
        """Put the shape of each frame into the image that the frame is."""
        for label, moments in self._tracks:
            for moment in _every_frame(moments):
                draft = drafts.image(f"frame_{int(moment.frame):06d}")
                draft.width, draft.height = self.size
                draft.answer = "objects"
                if moment.shape is not None:
                    make = lambda shape=moment.shape: shape  # noqa: E731
                    drafts.put(draft, label, make, place=moment.place, attributes=moment.attributes)


def _every_frame(moments: Sequence[Moment]) -> Iterator[Moment]:
    for at, moment in enumerate(moments):
        yield moment
        after = moments[at + 1] if at + 1 < len(moments) else None
        if after is None or moment.shape is None:
            continue
        for frame in range(int(moment.frame) + 1, int(after.frame)):
            share = (frame - moment.frame) / (after.frame - moment.frame)
            yield replace(moment, frame=frame, shape=_between(moment.shape, after.shape, share))


def _between(before: Shape, after: Shape | None, share: float) -> Shape:
    """Return the shape a share of the way on; one that cannot be moved evenly stays until the next."""

    def mix(a: Sequence[float], b: Sequence[float]) -> tuple[float, ...]:
        return tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))

    if isinstance(before, Box) and isinstance(after, Box):
        turn = (after.angle - before.angle + 180) % 360 - 180  # the short way round
        x1, y1, x2, y2 = mix((before.x1, before.y1, before.x2, before.y2), (after.x1, after.y1, after.x2, after.y2))
        return Box(x1, y1, x2, y2, before.angle + turn * share)
    if isinstance(before, Polygon) and isinstance(after, Polygon) and len(before.rings[0]) == len(after.rings[0]):
        return Polygon((mix(before.rings[0], after.rings[0]),))
    return before
