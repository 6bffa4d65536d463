"""What a refresh has before it: pictures that can be learnt from, pictures that wait, and those kept back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from modelyard.server.assist.matrix import Matrix
from modelyard.server.assist.repository import Picture


@dataclass(frozen=True)
class Scene:
    """A project at one moment.

    Pictures for testing are in `kept_back` and nowhere else: nothing below can learn from them or score them.
    """

    number: int
    matrix: Matrix
    class_names: Mapping[UUID, str]
    labelled: list[Picture]
    labelled_rows: NDArray[np.int64]
    waiting: list[Picture]
    waiting_rows: NDArray[np.int64]
    kept_back: list[Picture]

    @property
    def to_forget(self) -> list[UUID]:
        """Images that have a suggestion and may not have one."""
        return [picture.image_id for picture in self.kept_back if picture.guess_id is not None]

    @property
    def suggested(self) -> list[UUID]:
        """Images that wait and have a suggestion."""
        return [picture.image_id for picture in self.waiting if picture.guess_id is not None]


def look(pictures: Sequence[Picture], matrix: Matrix, class_names: Mapping[UUID, str], *, number: int) -> Scene:
    """Sort the pictures of a project into a scene; pictures without an embedding are left out."""
    usable = [picture for picture in pictures if not picture.is_kept_back and picture.image_id in matrix.rows]
    labelled = [picture for picture in usable if picture.answer == "class" and picture.class_id in class_names]
    waiting = [picture for picture in usable if picture.is_waiting]
    return Scene(
        number=number,
        matrix=matrix,
        class_names=class_names,
        labelled=labelled,
        labelled_rows=_rows(labelled, matrix),
        waiting=waiting,
        waiting_rows=_rows(waiting, matrix),
        kept_back=[picture for picture in pictures if picture.is_kept_back],
    )


def _rows(pictures: Sequence[Picture], matrix: Matrix) -> NDArray[np.int64]:
    return np.array([matrix.rows[picture.image_id] for picture in pictures], np.int64)
