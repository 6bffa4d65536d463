"""The jobs that compare what several people said of the same pictures, and weigh it by everybody's skill."""

from typing import Any
from uuid import UUID

from modelyard.server.annotations.repository import answers, batches, comparisons, objects, opinions, skills, slots
from modelyard.server.annotations.service import comparing, settling, weighing
from modelyard.server.kit.jobs import JobContext, Portion, job
from modelyard.server.tables import Project

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
    with ctx.db.write() as session:
        for batch_id in found:
            batch = batches.find(session, batch_id)
            if batch is not None and batch.consensus == "weighted":
                weighing.ask(session, batch)
    return {"pictures": done}


@job("annotations.weigh", title="Measure how far people can be trusted")
def weigh(ctx: JobContext) -> dict[str, Any]:
    """Measure everybody's skill, and settle what is disputed in batches that weigh people by it."""
    if ctx.project_id is None:
        raise ValueError("Labels belong to a project.")
    ctx.stage("Measuring")
    with ctx.db.read() as session:
        is_drawn = session.get_one(Project, ctx.project_id).task != "classification"
        measured = (skills.drawn_skills if is_drawn else skills.class_skills)(session, ctx.project_id)
        wanted = [batch.id for batch in batches.list_(session, ctx.project_id) if batch.consensus == "weighted"]
        found = {batch_id: list(session.scalars(batches.disputed(batch_id))) for batch_id in wanted}
    with ctx.db.write() as session:
        skills.replace(session, ctx.project_id, measured)
    total, done = sum(len(image_ids) for image_ids in found.values()), 0
    portion = Portion(ctx.db, first=_FIRST, least=_LEAST, most=_MOST)
    for batch_id, image_ids in found.items():
        for part in portion.batches(image_ids, lambda _: 1):
            with portion.write(len(part)) as session:
                batch = batches.find(session, batch_id)
                if batch is not None and batch.consensus == "weighted":
                    slots.reopen_disputed(session, batch_id, part)
                    settling.settle(session, batch, part, asks=False)
            done += len(part)
            ctx.progress(done, total, stage="Settling disputed pictures")
    return {"people": len(measured), "pictures": done}
