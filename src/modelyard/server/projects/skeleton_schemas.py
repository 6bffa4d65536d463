"""The skeleton of a class over the API: the points that its objects are marked by."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from modelyard.server.kit.inputs import Input

MAX_POINTS = 100
PointName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Link = Annotated[list[int], Field(min_length=2, max_length=2)]
Places = Annotated[list[Link], Field(max_length=1000)]
Place = Annotated[list[float], Field(min_length=2, max_length=2)]
_EXAMPLE: dict[str, Any] = {
    "points": ["head", "left hand", "right hand"],
    "edges": [[0, 1], [0, 2]],
    "pairs": [[1, 2]],
    "layout": [[0.5, 0.1], [0.2, 0.6], [0.8, 0.6]],
}


class Skeleton(Input):
    """Named points in the order in which they are set, and what joins them."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    points: list[PointName] = Field(min_length=1, max_length=MAX_POINTS, description="Names, each of them once.")
    edges: Places = Field(default_factory=list, description="Lines between two points, by their places in `points`.")
    pairs: Places = Field(
        default_factory=list, description="Left and right: points that change places when a picture is mirrored."
    )
    layout: list[Place] = Field(
        default_factory=list,
        max_length=MAX_POINTS,
        description="Where each point lies on a small drawing, x and y from 0 to 1; empty: nobody has said.",
    )

    @model_validator(mode="after")
    def _holds_together(self) -> "Skeleton":
        faults = [*self._names(), *self._links("edges", self.edges), *self._links("pairs", self.pairs)]
        paired = [point for pair in self.pairs for point in pair]
        if len(paired) != len(set(paired)):
            faults.append("a point is in more than one of the pairs")
        if self.layout and len(self.layout) != len(self.points):
            faults.append(f"layout has {len(self.layout)} places for {len(self.points)} points")
        if not all(0 <= value <= 1 for place in self.layout for value in place):
            faults.append("layout has a place outside 0 to 1")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _names(self) -> list[str]:
        lower = [name.lower() for name in self.points]
        twice = sorted({name for name in lower if lower.count(name) > 1})
        return [f"there are two points named {name!r}" for name in twice]

    def _links(self, field: str, links: list[list[int]]) -> list[str]:
        last = len(self.points) - 1
        faults = [f"{field} has {link}, but points go from 0 to {last}" for link in links if not _within(link, last)]
        if any(link[0] == link[1] for link in links):
            faults.append(f"{field} has a point that is joined to itself")
        if len({frozenset(link) for link in links}) != len(links):
            faults.append(f"{field} has one twice")
        return faults


class SkeletonPut(Input):
    """The skeleton that a class is to have, and where its points were in the present one."""

    model_config = ConfigDict(json_schema_extra={"example": {"skeleton": _EXAMPLE, "was": [0, None, 1]}})

    skeleton: Skeleton | None = Field(description="null takes it away; what is drawn stays as it is.")
    was: list[int | None] | None = Field(
        None,
        max_length=MAX_POINTS,
        description="For each point its place in the present skeleton, null for a new one; absent: by name.",
    )


class PointLoss(BaseModel):
    """A point that a change takes out, and how many objects have it."""

    name: str
    objects: int


class SkeletonImpact(BaseModel):
    """What a change of a skeleton would touch."""

    objects: int = Field(description="Objects whose points change.")
    images: int
    lost: list[PointLoss]
    text: str


def _within(link: list[int], last: int) -> bool:
    return all(0 <= point <= last for point in link)


def from_described(described: Mapping[str, object]) -> Skeleton | None:
    """Return the skeleton that a file tells of a class: our own, or COCO's "keypoints" and "skeleton" from 1.

    Example:
        >>> from_described({"keypoints": ["elbow", "wrist"], "skeleton": [[1, 2]]}).edges
        [[0, 1]]
        >>> from_described({"name": "bun"}) is None
        True
    """
    own, names = described.get("skeleton"), described.get("keypoints")
    if isinstance(own, dict):
        given: dict[str, Any] = own
    elif isinstance(names, list) and names:
        given = {"points": names, "edges": _from_one(own, len(names))}
    else:
        return None
    try:
        return Skeleton.model_validate(given)
    except ValidationError:
        return None


def to_coco(skeleton: Skeleton) -> dict[str, object]:
    """Return what a category of COCO says of its points.

    Example:
        >>> to_coco(Skeleton(points=["elbow", "wrist"], edges=[[0, 1]]))
        {'keypoints': ['elbow', 'wrist'], 'skeleton': [[1, 2]]}
    """
    return {"keypoints": skeleton.points, "skeleton": [[a + 1, b + 1] for a, b in skeleton.edges]}


def flip_places(skeleton: Skeleton) -> list[int]:
    """Return which point each becomes in a mirror.

    Example:
        >>> flip_places(Skeleton(points=["nose", "left", "right"], pairs=[[1, 2]]))
        [0, 2, 1]
    """
    places = list(range(len(skeleton.points)))
    for a, b in skeleton.pairs:
        places[a], places[b] = b, a
    return places


def _from_one(links: object, count: int) -> list[list[int]]:
    """Return COCO's pairs counted from 0, each once, without those that name no two points."""
    found: dict[frozenset[int], list[int]] = {}
    for link in links if isinstance(links, list) else []:
        places = [at - 1 for at in link if isinstance(at, int)] if isinstance(link, list) else []
        if len(set(places)) == len(places) == 2 and all(0 <= at < count for at in places):
            found.setdefault(frozenset(places), places)
    return list(found.values())
