"""How far people agree, over HTTP."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from modelyard.server.images.schemas import ImageCard

Share = float | None
_SAID = "A class's id, “does_not_belong”, “not_sure”, or “nothing” for an object that only the other drew."
_AGREED = (
    "Of all that one of two people said, the share that the other said too; null where nothing can be compared. Where "
    "objects are drawn it is the F1: the same class, and an overlap (IoU, or OKS for keypoints) of one half at least."
)
_OVERLAP = "Mean IoU (OKS for keypoints) of the objects that both drew; null where images have a class."


class AgreementPerson(BaseModel):
    """How far one person agrees with the others."""

    user_id: UUID
    name: str
    pictures: int = Field(description="Pictures that somebody else labelled too.")
    agreed: Share = Field(description=_AGREED)
    skill: Share = Field(
        description="How likely they are right, judged by what all say together (Dawid and Skene; the F1 where objects "
        "are drawn), in all of the project; null before ten pictures, and where no batch weighs people."
    )


class AgreementPair(BaseModel):
    """How far two people agree."""

    first_id: UUID
    second_id: UUID
    pictures: int = Field(description="Pictures that both labelled.")
    differ: int = Field(description="Those of them in which they differ.")
    agreed: Share = Field(description=_AGREED)
    by_chance: Share = Field(
        description="What it would be if both said each class as often as they do and looked at no picture; null where "
        "objects are drawn."
    )
    kappa: Share = Field(description="Cohen's kappa: 1 is full agreement, 0 what chance brings; null for objects.")
    mean_overlap: Share = Field(description=_OVERLAP)


class AgreementClass(BaseModel):
    """How far people agree on one class: where one says it, does another?"""

    said: str = Field(description=_SAID)
    name: str
    times: int = Field(description="How often somebody said it where another person could say it too.")
    agreed: Share
    mean_overlap: Share = Field(description=_OVERLAP)


class MixedUp(BaseModel):
    """Two things that people say of the same picture or object, one the one and one the other."""

    first_said: str = Field(description=_SAID)
    second_said: str
    first_name: str
    second_name: str
    times: int


class AgreementPeriod(BaseModel):
    """How far people agreed in what came in from one day to another, UTC."""

    since: date
    until: date = Field(description="The last day.")
    comparisons: int = Field(description="How much was compared: one for each two people and picture or object.")
    agreed: Share


class Agreement(BaseModel):
    """How far people agree who labelled the same pictures: of the pictures of which all labels are in."""

    kind: Literal["classes", "objects"] = Field(description="Whether images have one class, or objects are drawn.")
    pictures: int = Field(description="Pictures that several people labelled.")
    differ: int = Field(description="Those of them in which people differ.")
    agreed: Share = Field(description=_AGREED)
    by_chance: Share = Field(description="What chance alone would bring; null where objects are drawn.")
    alpha: Share = Field(description="Krippendorff's alpha, of any number of labels a picture; null for objects.")
    fleiss_kappa: Share = Field(description="Fleiss' kappa, where all pictures have the same number of labels.")
    mean_overlap: Share = Field(description=_OVERLAP)
    people: list[AgreementPerson]
    pairs: list[AgreementPair]
    classes: list[AgreementClass]
    mixed_up: list[MixedUp] = Field(description="What is most often said for one another, at most twenty.")
    over_time: list[AgreementPeriod] = Field(description="Days, or weeks where it took longer than two months.")


class WhatOneSaid(BaseModel):
    """One person's answer in words."""

    name: str
    text: str


class DifferingPicture(BaseModel):
    """A picture in which people differ."""

    batch_id: UUID
    image: ImageCard
    is_decided: bool = Field(description="Whether the picture has its answer by now.")
    said: list[WhatOneSaid]
