"""What somebody decides about a picture of which people say different things, over HTTP."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from modelyard.server.annotations.object_schemas import ObjectPut
from modelyard.server.annotations.schemas import ActiveSeconds, Attributes
from modelyard.server.kit.inputs import Input


class Decision(Input):
    """One person's opinion as it is, or an answer of one's own; either becomes the picture's annotation."""

    model_config = ConfigDict(json_schema_extra={"example": {"take": "0190b8a0-0000-7000-8000-000000000001"}})

    take: UUID | None = Field(None, description="Whose opinion becomes the answer; absent: the answer is said here.")
    answer: Literal["class", "objects", "does_not_belong", "not_sure"] | None = None
    class_id: UUID | None = None
    objects: list[ObjectPut] = Field(
        default_factory=list,
        max_length=10_000,
        description="All of them, where objects are drawn. Those that are as somebody drew them stay theirs.",
    )
    attributes: Attributes | None = Field(None, description="Of the image as a whole; absent: as they were.")
    is_draft: bool = Field(
        False,
        description="Not decided yet: what is drawn is put into the picture, to be drawn further and then answered.",
    )
    active_s: ActiveSeconds | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Decision":
        if (self.take is None) == (self.answer is None):
            raise ValueError("either take somebody's opinion or say an answer")
        if self.take is not None and (self.objects or self.class_id is not None or self.attributes is not None):
            raise ValueError("an opinion is taken as it is; without `take`, say all of the answer")
        if self.take is None and (self.answer == "class") != (self.class_id is not None):
            raise ValueError("the answer 'class' needs a class_id, and no other answer has one")
        if self.objects and self.answer != "objects":
            raise ValueError("only the answer 'objects' has objects")
        return self
