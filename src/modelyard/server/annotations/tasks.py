"""The job that compares again what several people said of the same pictures."""

from typing import Any
from uuid import UUID

from modelyard.server.annotations.repository import answers, batches, comparisons, objects, opinions
from modelyard.server.annotations.service import comparing
from modelyard.server.kit.jobs import JobContext, Portion, job

_FIRST, _LEAST, _MOST = 50, 5, 2_000  # pictures a transaction


@job("annotations.compare", title="Compare what people said")
def compare(ctx: JobContext) -> dict[str, Any]:
    """Compare every picture of which all labels are in; what is compared already is compared anew."""
    if ctx.project_id is None:
        raise ValueError("Labels belong to a project.")
    with ctx.db.read() as session:
        found = {batch.id: comparisons.complete(session, batch.id) for batch in batches.list_(session, ctx.project_id)}
    total, done = sum(len(image_ids) for image_ids in found.values()), 0
    portion = Portion(ctx.db, first=_FIRST, least=_LEAST, most=_MOST)
    for batch_id, image_ids in found.items():
        for part in portion.batches(image_ids, lambda _: 1):
            with portion.write(len(part)) as session:
                batch = batches.find(session, batch_id)
                if batch is None:
                    break  # It was put away meanwhile.
                there = answers.lock_images(session, ctx.project_id, part)
                wanted: list[UUID] = [image_id for image_id in part if image_id in there]
                said = opinions.counted(session, batch_id, wanted)
                classes = opinions.present_classes(session, ctx.project_id)
                comparing.compare(session, batch, said, classes, objects.image_sizes(session, wanted))
            done += len(part)
            ctx.progress(done, total, stage="Comparing pictures")
    return {"pictures": done}
