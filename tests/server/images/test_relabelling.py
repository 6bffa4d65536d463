"""Labels that come again: the same change nothing, others show the difference first, are applied, and taken back."""

import json
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from modelyard.server.images import change_tasks, changes
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.jobs import JobCancelled, JobContext, Portion, Worker
from modelyard.server.services import AppServices
from modelyard.server.tables import AnnotationRevision, Job, QueueItem
from tests.factories.pictures import picture

Client = TestClient
JOBS = ("images.import", "images.apply_labels", "images.take_back_labels")
WIDTH, HEIGHT = 64, 48
Box = tuple[str, float, float, float, float]


class Desk:
    """A person who brings labels into a project in which boxes are drawn."""

    def __init__(self, client: Client, services: AppServices, pool: Pool, task: str = "detection") -> None:
        self.client, self.services = client, services
        self.worker = Worker(services, name="desk")
        self.worker._pool = pool
        body = {"name": "Trays", "task": task, "classes": ["bun", "roll"]}
        self.project_id = client.post("/api/v1/projects", json=body).json()["id"]
        self.ids: dict[str, str] = {}

    def run(self) -> None:
        """Run what waits of imports, and nothing else."""
        while True:
            with self.services.db.write() as session:
                session.execute(delete(Job).where(Job.kind.not_in(JOBS)))
            if not self.worker._run_next(("bulk",)):
                return

    def add(self, *names: str) -> None:
        for name in names:
            url = f"/api/v1/projects/{self.project_id}/images"
            content = picture(len(self.ids) * 7 + 1, (WIDTH, HEIGHT))
            added = self.client.post(url, params={"name": name}, content=content).json()
            self.ids[name] = added["image"]["id"]

    def bring(self, files: dict[str, bytes], **options: Any) -> dict[str, Any]:
        announced = [{"name": name, "size_bytes": len(data)} for name, data in files.items()]
        url = f"/api/v1/projects/{self.project_id}/imports"
        started = self.client.post(url, json={"files": announced, "options": options}).json()
        for file, data in zip(started["files"], files.values(), strict=True):
            self.client.put(f"/api/v1/imports/{started['id']}/files/{file['id']}/content", content=data)
        assert self.client.post(f"/api/v1/imports/{started['id']}/finish").status_code == 202
        self.run()
        return self.show(started["id"])

    def show(self, import_id: str) -> dict[str, Any]:
        return self.client.get(f"/api/v1/imports/{import_id}").json()

    def job(self, import_id: str) -> dict[str, Any]:
        return self.client.get(f"/api/v1/jobs/{self.show(import_id)['job_id']}").json()

    def act(self, import_id: str, action: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(f"/api/v1/imports/{import_id}/{action}", json=body)
        assert answer.status_code in (200, 202), answer.text
        self.run()
        return self.show(import_id)

    def changes(self, import_id: str, **query: Any) -> dict[str, dict[str, Any]]:
        page = self.client.get(f"/api/v1/imports/{import_id}/changes", params=query).json()
        return {item["image"]["name"]: item for item in page["items"]}

    def draw(self, name: str, *boxes: Box) -> None:
        """Replace what is drawn into a picture, as a person does."""
        url = f"/api/v1/images/{self.ids[name]}/objects"
        now = self.client.get(url).json()
        put = [
            {"id": str(uuid4()), "class_id": self.class_ids()[kind], "shape": as_shape(*corners)}
            for kind, *corners in boxes
        ]
        body = {"put": put, "delete": [item["id"] for item in now["objects"]], "answer": "objects"}
        answer = self.client.patch(url, json=body, headers={"If-Match": str(now["revision"])})
        assert answer.status_code == 200, answer.text

    def class_ids(self) -> dict[str, str]:
        rows = self.client.get(f"/api/v1/projects/{self.project_id}/classes").json()
        return {row["name"]: row["id"] for row in rows}

    def drawn(self) -> dict[str, tuple[str, list[Box]]]:
        """Return each picture's answer and boxes."""
        names = {id_: name for name, id_ in self.class_ids().items()}
        found = {}
        for name, image_id in self.ids.items():
            shown = self.client.get(f"/api/v1/images/{image_id}/objects").json()
            boxes = [(names[row["class_id"]], *corners(row["shape"])) for row in shown["objects"]]
            found[name] = (shown["answer"], sorted(boxes))
        return found

    def objects(self, name: str) -> list[dict[str, Any]]:
        return self.client.get(f"/api/v1/images/{self.ids[name]}/objects").json()["objects"]


def as_shape(x1: float, y1: float, x2: float, y2: float) -> dict[str, Any]:
    return {"type": "box", "x1": x1, "y1": y1, "x2": x2, "y2": y2, "angle": 0.0}


def corners(shape: dict[str, Any]) -> tuple[float, ...]:
    return tuple(shape[side] for side in ("x1", "y1", "x2", "y2"))


def coco(pictures: dict[str, list[Box]], attributes: dict[str, Any] | None = None) -> dict[str, bytes]:
    """Return a COCO file that says what is in pictures."""
    names = sorted({"bun", *(box[0] for boxes in pictures.values() for box in boxes)})
    size = {"width": WIDTH, "height": HEIGHT, "answer": "objects"}  # Also of a picture with nothing in it.
    images = [{"id": at, "file_name": name, **size} for at, name in enumerate(pictures)]
    rows = [
        {
            "image_id": at,
            "category_id": names.index(kind),
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            **({"attributes": attributes} if attributes else {}),
        }
        for at, boxes in enumerate(pictures.values())
        for kind, x1, y1, x2, y2 in boxes
    ]
    categories = [{"id": at, "name": name} for at, name in enumerate(names)]
    return {"labels.json": json.dumps({"images": images, "categories": categories, "annotations": rows}).encode()}


@pytest.fixture
def desk(owner: Client, services: AppServices, pool: Pool) -> Desk:
    return Desk(owner, services, pool)


ONE = {
    "a.jpg": [("bun", 1.0, 2.0, 20.0, 30.0), ("roll", 30.0, 5.0, 50.0, 40.0)],
    "b.jpg": [("bun", 5.0, 5.0, 9.0, 9.0)],
}


class TestTheSame:
    def test_the_same_labels_change_nothing_and_it_says_so(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        first = desk.bring(coco(ONE))
        assert (first["annotations"], first["changes"]) == (2, None)
        before = desk.drawn()
        again = desk.bring(coco(ONE))
        assert (again["annotations"], again["changes"]["state"], again["changes"]["compared"]) == (0, "none", 2)
        assert desk.drawn() == before
        assert desk.changes(again["id"]) == {}

    def test_what_formats_round_away_is_no_difference(self, desk: Desk):
        desk.add("a.jpg")
        desk.bring(coco({"a.jpg": [("bun", 1.0, 2.0, 20.0, 30.0)]}))
        found = desk.bring(coco({"a.jpg": [("bun", 1.004, 1.996, 20.0, 30.001)]}))
        assert found["changes"]["state"] == "none"

    def test_labels_without_attributes_leave_those_that_there_are(self, desk: Desk):
        desk.add("a.jpg")
        desk.bring(coco({"a.jpg": ONE["a.jpg"]}, {"burnt": True}))
        assert desk.bring(coco({"a.jpg": ONE["a.jpg"]}))["changes"]["state"] == "none"
        changed = desk.bring(coco({"a.jpg": ONE["a.jpg"]}, {"burnt": False}))
        assert (changed["changes"]["changed"], changed["changes"]["added"]) == (2, 0)
        desk.act(changed["id"], "apply")
        assert [item["attributes"] for item in desk.objects("a.jpg")] == [{"burnt": False}] * 2

    def test_pictures_that_come_with_their_labels_again(self, desk: Desk):
        files = {"a.jpg": picture(1, (WIDTH, HEIGHT)), "b.jpg": picture(9, (WIDTH, HEIGHT))}
        assert desk.bring(files | coco(ONE))["annotations"] == 2
        again = desk.bring(files | coco(ONE))
        assert (again["duplicates"], again["changes"]["state"], again["changes"]["compared"]) == (2, "none", 2)
        moved = desk.bring(files | coco({**ONE, "b.jpg": []}))
        assert (moved["changes"]["images"], moved["changes"]["deleted"]) == (1, 1)


class TestTheDifference:
    def test_it_is_counted_and_listed_and_nothing_changes_before_a_word(self, desk: Desk):
        desk.add("a.jpg", "b.jpg", "c.jpg")
        desk.bring(coco({**ONE, "c.jpg": []}))
        before = desk.drawn()
        moved = [("bun", 2.0, 3.0, 21.0, 31.0), ("loaf", 30.0, 5.0, 50.0, 40.0), ("bun", 55.0, 40.0, 60.0, 45.0)]
        found = desk.bring(coco({"a.jpg": moved, "b.jpg": [], "c.jpg": []}))
        counts = found["changes"]
        assert (counts["state"], counts["images"], counts["edited"], counts["answers"]) == ("waiting", 2, 0, 0)
        assert (counts["added"], counts["changed"], counts["deleted"]) == (1, 2, 1)
        assert counts["classes"] == ["loaf"]
        assert desk.drawn() == before and "loaf" not in desk.class_ids()
        assert set(desk.changes(found["id"])) == {"a.jpg", "b.jpg"}
        assert set(desk.changes(found["id"], kind="deleted")) == {"b.jpg"}
        assert desk.changes(found["id"], edited=True) == {}

        side = desk.client.get(f"/api/v1/imports/{found['id']}/changes/{desk.ids['a.jpg']}").json()
        assert sorted(corners(item["shape"]) for item in side["before"]["objects"]) == [
            (1.0, 2.0, 20.0, 30.0),
            (30.0, 5.0, 50.0, 40.0),
        ]
        after = {item["object_id"]: item for item in side["after"]["objects"]}
        assert len(after) == 3
        kept = {item["object_id"] for item in side["before"]["objects"]}
        assert kept < set(after), "A box that moved is the same box."
        assert sorted(item["class_name"] or "" for item in after.values()) == ["", "", "loaf"]

    def test_it_is_applied_and_taken_back_as_one_step(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        before, ids = desk.drawn(), {item["id"] for item in desk.objects("a.jpg")}
        wanted = {"a.jpg": [("loaf", 1.0, 2.0, 20.0, 30.0), ("roll", 31.0, 6.0, 51.0, 41.0)], "b.jpg": []}
        found = desk.bring(coco(wanted))
        done = desk.act(found["id"], "apply")
        assert (done["changes"]["state"], done["changes"]["applied"]) == ("applied", 2)
        assert desk.drawn() == {name: ("objects", sorted(boxes)) for name, boxes in wanted.items()}
        assert {item["id"] for item in desk.objects("a.jpg")} == ids
        assert desk.bring(coco(wanted))["changes"]["state"] == "none"
        history = desk.client.get(f"/api/v1/images/{desk.ids['a.jpg']}/annotation/history").json()
        assert [entry["action"] for entry in history] == ["import", "import"]

        back = desk.act(found["id"], "take-back")
        assert (back["changes"]["state"], back["changes"]["kept"]) == ("taken_back", 0)
        assert desk.drawn() == before and "loaf" not in desk.class_ids()
        assert {item["id"] for item in desk.objects("a.jpg")} == ids
        assert desk.client.post(f"/api/v1/imports/{found['id']}/take-back").status_code == 409

    def test_what_people_changed_is_marked_and_left_unless_asked_for(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        desk.draw("a.jpg", ("roll", 3.0, 3.0, 8.0, 8.0))
        mine = desk.drawn()["a.jpg"]
        wanted = {"a.jpg": ONE["a.jpg"], "b.jpg": [("bun", 6.0, 6.0, 10.0, 10.0)]}
        found = desk.bring(coco(wanted))
        assert (found["changes"]["images"], found["changes"]["edited"]) == (2, 1)
        assert desk.changes(found["id"], edited=True)["a.jpg"]["is_edited"]
        done = desk.act(found["id"], "apply")
        assert (done["changes"]["applied"], done["changes"]["left_out"]) == (1, 1)
        assert desk.drawn()["a.jpg"] == mine and desk.drawn()["b.jpg"] == ("objects", wanted["b.jpg"])
        other = desk.bring(coco(wanted))
        assert desk.act(other["id"], "apply", include_edited=True)["changes"]["applied"] == 1
        assert desk.drawn()["a.jpg"] == ("objects", sorted(ONE["a.jpg"]))

    def test_whoever_draws_in_between_is_never_written_over(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        found = desk.bring(coco({"a.jpg": [], "b.jpg": []}))
        desk.draw("a.jpg", ("bun", 3.0, 3.0, 8.0, 8.0))
        done = desk.act(found["id"], "apply", include_edited=True)
        assert (done["changes"]["applied"], done["changes"]["passed_over"]) == (1, 1)
        assert desk.drawn()["a.jpg"] == ("objects", [("bun", 3.0, 3.0, 8.0, 8.0)])
        desk.draw("b.jpg", ("bun", 1.0, 1.0, 2.0, 2.0))
        back = desk.act(found["id"], "take-back")
        assert (back["changes"]["kept"], back["changes"]["kept_names"]) == (1, ["b.jpg"])
        assert desk.drawn()["b.jpg"] == ("objects", [("bun", 1.0, 1.0, 2.0, 2.0)])

    def test_whatever_attributes_come_in_what_is_drawn_can_be_saved(self, desk: Desk):
        desk.add("b.jpg")
        many = {"": "no name", "n" * 300: "a", "note": "x" * 5000} | {f"more {at}": at for at in range(500)}
        desk.bring(coco({"b.jpg": ONE["b.jpg"]}, many))
        [shown] = desk.objects("b.jpg")
        assert len(shown["attributes"]) == 200 and shown["attributes"]["note"] == "x" * 2000
        put = {key: shown[key] for key in ("id", "class_id", "attributes")} | {"shape": as_shape(1, 1, 9, 9)}
        url = f"/api/v1/images/{desk.ids['b.jpg']}/objects"
        answer = desk.client.patch(url, json={"put": [put]}, headers={"If-Match": "1"})
        assert answer.status_code == 200, answer.text

    def test_a_class_that_is_gone_by_now_gets_no_objects(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco({"a.jpg": [], "b.jpg": []}))
        found = desk.bring(coco(ONE))
        gone = desk.class_ids()["roll"]
        assert desk.client.delete(f"/api/v1/projects/{desk.project_id}/classes/{gone}").status_code < 300
        done = desk.act(found["id"], "apply")["changes"]
        assert (done["applied"], done["passed_over"]) == (1, 1)
        assert desk.objects("a.jpg") == []
        assert desk.drawn()["b.jpg"] == ("objects", ONE["b.jpg"])

    def test_all_that_stay_are_counted_though_few_are_named(self, desk: Desk, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(changes, "_NAMED", 1)
        desk.add("a.jpg", "b.jpg")
        found = desk.bring(coco(ONE))
        for name in ONE:
            desk.draw(name, ("bun", 3.0, 3.0, 8.0, 8.0))
        back = desk.act(found["id"], "take-back")["changes"]
        assert (back["kept"], back["kept_names"]) == (2, ["a.jpg"])

    def test_first_labels_are_taken_back_too(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        found = desk.bring(coco({"a.jpg": [("loaf", 1.0, 1.0, 9.0, 9.0)], "b.jpg": []}))
        assert "loaf" in desk.class_ids()
        desk.act(found["id"], "take-back")
        assert desk.drawn() == {"a.jpg": ("none", []), "b.jpg": ("none", [])}
        assert "loaf" not in desk.class_ids()
        waiting = desk.client.get(f"/api/v1/projects/{desk.project_id}/images", params={"labelled": False}).json()
        assert len(waiting["items"]) == 2
        with desk.services.db.read() as session:
            assert session.query(QueueItem).count() == 2

    def test_a_difference_can_be_discarded(self, desk: Desk):
        desk.add("a.jpg")
        desk.bring(coco({"a.jpg": ONE["a.jpg"]}))
        found = desk.bring(coco({"a.jpg": []}))
        assert desk.act(found["id"], "discard")["changes"]["state"] == "discarded"
        assert desk.changes(found["id"]) == {}
        assert desk.client.post(f"/api/v1/imports/{found['id']}/apply", json={}).status_code == 409

    def test_strangers_see_and_do_nothing(self, desk: Desk, stranger: Client):
        desk.add("a.jpg")
        desk.bring(coco({"a.jpg": ONE["a.jpg"]}))
        found = desk.bring(coco({"a.jpg": []}))
        url = f"/api/v1/imports/{found['id']}"
        assert stranger.get(f"{url}/changes").status_code == 404
        assert stranger.get(f"{url}/changes/{desk.ids['a.jpg']}").status_code == 404
        for action in ("apply", "discard", "take-back"):
            assert stranger.post(f"{url}/{action}", json={}).status_code == 404


class TestCancelling:
    def test_a_cancelled_application_is_taken_back(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, services: AppServices
    ):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        before = desk.drawn()
        found = desk.bring(coco({"a.jpg": [], "b.jpg": []}))
        desk.client.post(f"/api/v1/imports/{found['id']}/apply", json={})
        monkeypatch.setattr(change_tasks, "Portion", lambda db, **_: Portion(db, first=1, least=1, most=1))
        apply = change_tasks._apply

        def apply_one_and_ask_to_stop(session: Any, *arguments: Any, **options: Any) -> None:
            apply(session, *arguments, **options)
            monkeypatch.setattr(JobContext, "check", stop)

        def stop(ctx: JobContext) -> None:
            monkeypatch.undo()
            raise JobCancelled

        monkeypatch.setattr(change_tasks, "_apply", apply_one_and_ask_to_stop)
        desk.run()
        done = desk.show(found["id"])["changes"]
        assert (done["state"], done["applied"], done["kept"]) == ("taken_back", 0, 0)
        assert desk.drawn() == before

    def stopped_before_it_began(self, desk: Desk) -> tuple[str, str]:
        """Return an import of which the application was stopped while it waited, and the job."""
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        found = desk.bring(coco({"a.jpg": [], "b.jpg": []}))
        job_id = desk.client.post(f"/api/v1/imports/{found['id']}/apply", json={}).json()["job_id"]
        assert desk.show(found["id"])["changes"]["state"] == "applying"
        assert desk.client.post(f"/api/v1/imports/{found['id']}/discard").status_code == 409
        assert desk.client.post(f"/api/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
        return found["id"], job_id

    def test_an_application_that_was_stopped_before_it_began_waits_again_and_may_be_discarded(self, desk: Desk):
        import_id, job_id = self.stopped_before_it_began(desk)
        before = desk.drawn()
        assert desk.show(import_id)["changes"]["state"] == "waiting"
        assert desk.act(import_id, "discard")["changes"]["state"] == "discarded"
        assert desk.client.post(f"/api/v1/imports/{import_id}/discard").status_code == 409
        assert desk.client.post(f"/api/v1/jobs/{job_id}/retry").status_code == 200
        desk.run()
        assert (desk.drawn(), desk.show(import_id)["changes"]["state"]) == (before, "discarded")

    @pytest.mark.parametrize("way", ["retry", "apply"])
    def test_an_application_that_was_stopped_before_it_began_can_go_on(self, desk: Desk, way: str):
        import_id, job_id = self.stopped_before_it_began(desk)
        if way == "retry":
            desk.client.post(f"/api/v1/jobs/{job_id}/retry")
            desk.run()
        else:
            desk.act(import_id, "apply")
        assert desk.show(import_id)["changes"]["state"] == "applied"
        assert desk.drawn() == {"a.jpg": ("objects", []), "b.jpg": ("objects", [])}

    def test_what_is_left_of_an_application_that_failed_may_be_discarded_and_the_rest_taken_back(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        before = desk.drawn()
        found = desk.bring(coco({"a.jpg": [], "b.jpg": []}))
        apply = change_tasks._apply

        def apply_one(session: Any, key: Any, batch: Any, **options: Any) -> None:
            monkeypatch.setattr(change_tasks, "_apply", lambda *_, **__: next(iter(())))
            apply(session, key, batch, **options)

        monkeypatch.setattr(change_tasks, "Portion", lambda db, **_: Portion(db, first=1, least=1, most=1))
        monkeypatch.setattr(change_tasks, "_apply", apply_one)
        assert desk.act(found["id"], "apply")["changes"]["state"] == "waiting"
        monkeypatch.undo()
        left = desk.act(found["id"], "discard")["changes"]
        assert (left["state"], left["applied"], left["left_out"]) == ("applied", 1, 1)
        assert desk.act(found["id"], "take-back")["changes"]["state"] == "taken_back"
        assert desk.drawn() == before

    def test_a_job_that_is_run_again_applies_nothing_that_was_taken_back(self, desk: Desk):
        desk.add("a.jpg", "b.jpg")
        desk.bring(coco(ONE))
        desk.draw("a.jpg", ("roll", 3.0, 3.0, 8.0, 8.0))
        found = desk.bring(coco({"a.jpg": [], "b.jpg": []}))
        desk.act(found["id"], "apply", include_edited=True)
        job_id = desk.show(found["id"])["job_id"]
        desk.act(found["id"], "take-back")
        before = desk.drawn(), desk.show(found["id"])["changes"]
        assert desk.client.post(f"/api/v1/jobs/{job_id}/retry").status_code == 200
        desk.run()
        assert (desk.drawn(), desk.show(found["id"])["changes"]) == before

    def test_the_history_keeps_everything(self, desk: Desk):
        desk.add("a.jpg")
        desk.bring(coco({"a.jpg": ONE["a.jpg"]}))
        found = desk.bring(coco({"a.jpg": []}))
        desk.act(found["id"], "apply")
        desk.act(found["id"], "take-back")
        with desk.services.db.read() as session:
            rows = session.query(AnnotationRevision).order_by(AnnotationRevision.revision).all()
        assert [(row.revision, row.action.partition(":")[0]) for row in rows] == [
            (1, "import"),
            (2, "import"),
            (3, "import-undo"),
        ]


class TestClasses:
    """Whole pictures have a class each."""

    @pytest.fixture
    def desk(self, owner: Client, services: AppServices, pool: Pool) -> Desk:
        return Desk(owner, services, pool, "classification")

    def table(self, **labels: str) -> dict[str, bytes]:
        rows = "".join(f"{name}.jpg,{label}\n" for name, label in labels.items())
        return {"labels.csv": f"file_name,class\n{rows}".encode()}

    def answers(self, desk: Desk) -> dict[str, str]:
        names = {id_: name for name, id_ in desk.class_ids().items()}
        found = {}
        for name, image_id in desk.ids.items():
            answer = desk.client.get(f"/api/v1/images/{image_id}/annotation").json()
            found[name] = names.get(answer["class_id"], answer["answer"])
        return found

    def test_other_classes_are_shown_applied_and_taken_back(self, desk: Desk):
        desk.add("a.jpg", "b.jpg", "c.jpg")
        desk.bring(self.table(a="bun", b="roll"))
        found = desk.bring(self.table(a="roll", b="roll", c="loaf"))
        assert self.answers(desk) == {"a.jpg": "bun", "b.jpg": "roll", "c.jpg": "loaf"}
        counts = found["changes"]
        assert (counts["state"], counts["images"], counts["answers"], counts["compared"]) == ("waiting", 1, 1, 2)
        assert desk.changes(found["id"], kind="answer")["a.jpg"]["is_answer_new"]
        desk.act(found["id"], "apply")
        assert self.answers(desk) == {"a.jpg": "roll", "b.jpg": "roll", "c.jpg": "loaf"}
        desk.act(found["id"], "take-back")
        assert self.answers(desk) == {"a.jpg": "bun", "b.jpg": "roll", "c.jpg": "none"}
        assert "loaf" not in desk.class_ids()


def _corners(x: int, y: int, width: int, height: int) -> tuple[float, float, float, float]:
    return float(x), float(y), float(x + width), float(y + height)


NAMES = ("a.jpg", "b.jpg", "c.jpg", "d.jpg")
SIDES = st.tuples(st.integers(0, 20), st.integers(0, 15), st.integers(1, 40), st.integers(1, 30))
BOXES = st.lists(
    st.tuples(st.sampled_from(["bun", "roll", "loaf"]), SIDES).map(lambda drawn: (drawn[0], *_corners(*drawn[1]))),
    max_size=6,
)
EDITS = st.lists(st.tuples(st.sampled_from(NAMES), BOXES), min_size=1, max_size=4)


class TestAnyEdits:
    """Whatever is changed in a file: applied, the project says what the file says; taken back, what it said before."""

    @settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(first=st.fixed_dictionaries({name: BOXES for name in NAMES}), steps=st.lists(EDITS, min_size=1, max_size=3))
    def test_applied_and_taken_back(self, desk: Desk, first: dict[str, list[Box]], steps: list[Any]):
        if not desk.ids:
            desk.add(*NAMES)
        file = dict(first)
        self.settle(desk, file)
        for edits in steps:
            before, ids = desk.drawn(), {name: {item["id"] for item in desk.objects(name)} for name in NAMES}
            file |= dict(edits)
            found = desk.bring(coco(file))
            assert desk.drawn() == before
            wanted = {name: ("objects", sorted(boxes)) for name, boxes in file.items()}
            if found["changes"]["state"] == "none":
                assert before == wanted
                continue
            assert {name for name in NAMES if before[name] != wanted[name]} == set(desk.changes(found["id"]))
            desk.act(found["id"], "apply")
            assert desk.drawn() == wanted
            desk.act(found["id"], "take-back")
            assert desk.drawn() == before
            assert {name: {item["id"] for item in desk.objects(name)} for name in NAMES} == ids
            self.settle(desk, file)
            assert desk.drawn() == wanted

    def settle(self, desk: Desk, file: dict[str, list[Box]]) -> None:
        found = desk.bring(coco(file))
        if found["changes"] and found["changes"]["state"] == "waiting":
            desk.act(found["id"], "apply")
