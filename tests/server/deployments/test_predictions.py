"""Answers over HTTP: every way to send a picture, tokens, and what is kept, for how long."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from modelyard.server.deployments.predicting import key_of
from modelyard.server.tables import Job, KeptPrediction, Model, now
from modelyard.serving import Predictor
from tests.server.deployments.conftest import picture

PREDICT = "/api/v1/deployments/pastries/predict"


def test_raw_bytes_and_a_form_get_the_same_answer(owner, project, add_model, deploy):
    deploy(add_model())
    classes = {entry["id"]: entry["name"] for entry in owner.get(f"/api/v1/projects/{project['id']}/classes").json()}

    raw = owner.post(PREDICT, content=picture(), headers={"Content-Type": "image/jpeg"}).json()
    form = owner.post(PREDICT, files={"file": ("a.jpg", picture(), "image/jpeg")}).json()

    assert raw["predictions"] == form["predictions"]
    assert {entry["class_id"]: entry["class"] for entry in raw["predictions"]} == classes
    scores = [entry["score"] for entry in raw["predictions"]]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1, abs=1e-5)
    assert raw["undecided"] is False
    assert raw["milliseconds"] > 0


def test_top_limits_the_answer(owner, add_model, deploy):
    deploy(add_model())

    assert len(owner.post(f"{PREDICT}?top=1", content=picture()).json()["predictions"]) == 1
    assert owner.post(f"{PREDICT}?top=0", content=picture()).status_code == 422


@pytest.mark.parametrize(
    ("threshold", "undecided"), [(0.0, False), (1.1, True), (None, True)], ids=["low", "high", "none"]
)
def test_below_the_threshold_it_is_undecided(owner, add_model, deploy, threshold, undecided):
    deploy(add_model(threshold=threshold))

    answer = owner.post(PREDICT, content=picture()).json()

    assert answer["undecided"] is undecided
    assert answer["threshold"] == threshold


def test_what_is_no_picture_is_refused(owner, add_model, deploy):
    deploy(add_model())

    for content, code in (
        (b"", "file-missing"),
        (b"<svg/>", "image-unreadable"),
        (picture()[:300], "image-unreadable"),
    ):
        refused = owner.post(PREDICT, content=content)
        assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{code}")
    for form in ({"files": {"other": b"x"}}, {"data": {"file": "text"}, "files": {"x": b""}}):
        assert owner.post(PREDICT, **form).json()["type"] == "/problems/file-missing"
    headers = {"Content-Type": "multipart/form-data"}
    assert owner.post(PREDICT, content=b"x", headers=headers).json()["type"] == "/problems/file-missing"


def test_too_many_bytes_are_refused(owner, add_model, deploy):
    deploy(add_model())

    for body, code in (
        ({"content": b"0" * (21 * 2**20)}, "body-too-large"),
        ({"files": {"file": b"0" * (20 * 2**20 + 1)}}, "image-too-large"),
    ):
        refused = owner.post(PREDICT, **body)
        assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{code}")


def test_a_token_for_predictions_may_do_nothing_else(owner, anonymous, project, add_model, deploy):
    deploy(add_model())
    body = {"name": "oven", "scopes": ["predict"], "expires_in_days": None}
    token = owner.post("/api/v1/tokens", json=body).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    assert anonymous.post(PREDICT, content=picture(), headers=headers).status_code == 200
    assert anonymous.get("/api/v1/deployments/pastries", headers=headers).status_code == 403
    assert anonymous.post(PREDICT, content=picture()).status_code == 401


def test_a_revoked_token_and_a_stopped_deployment_answer_no_more(owner, anonymous, add_model, deploy):
    deploy(add_model())
    token = owner.post("/api/v1/tokens", json={"name": "till", "scopes": ["predict"], "expires_in_days": None}).json()
    headers = {"Authorization": f"Bearer {token['token']}"}
    assert anonymous.post(PREDICT, content=picture(), headers=headers).status_code == 200

    owner.patch("/api/v1/deployments/pastries", json={"is_active": False})
    assert anonymous.post(PREDICT, content=picture(), headers=headers).status_code == 409

    owner.delete(f"/api/v1/tokens/{token['id']}")
    assert anonymous.post(PREDICT, content=picture(), headers=headers).status_code == 401


def test_nothing_is_kept_unless_asked(owner, add_model, deploy):
    deploy(add_model())
    owner.post(PREDICT, content=picture())

    assert owner.get("/api/v1/deployments/pastries/predictions").json()["items"] == []


def test_kept_predictions_are_listed_with_their_pictures(owner, add_model, deploy):
    deploy(add_model(threshold=1.1), keep_predictions=True, retention_days=7)
    for number in range(3):
        owner.post(PREDICT, files={"file": (f"{number}.jpg", picture(number))})

    first = owner.get("/api/v1/deployments/pastries/predictions?limit=2&undecided=true").json()
    second = owner.get(f"/api/v1/deployments/pastries/predictions?limit=2&cursor={first['next_cursor']}").json()

    assert [entry["name"] for entry in first["items"] + second["items"]] == ["2.jpg", "1.jpg", "0.jpg"]
    assert second["next_cursor"] is None
    assert owner.get("/api/v1/deployments/pastries/predictions?undecided=false").json()["items"] == []
    kept = first["items"][0]
    shown = owner.get(f"/api/v1/deployments/pastries/predictions/{kept['id']}/picture")
    assert shown.content == picture(2)
    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert len(kept["predictions"]) == 2
    deployment = owner.get("/api/v1/deployments/pastries").json()
    assert (deployment["predictions_kept"], deployment["doubtful"]) == (3, 3)


def test_expired_pictures_are_deleted_and_the_job_comes_again(owner, services, add_model, deploy, run_jobs):
    deploy(add_model(), keep_predictions=True)
    owner.post(PREDICT, content=picture(0))
    owner.post(PREDICT, content=picture(1))
    young, old = owner.get("/api/v1/deployments/pastries/predictions").json()["items"]
    with services.db.write() as session:
        past = now() - timedelta(seconds=1)
        session.get_one(KeptPrediction, UUID(old["id"])).expires_at = past
        session.execute(update(Job).where(Job.kind == "deployments.clean").values(run_after=past))

    assert run_jobs() == 1

    left = owner.get("/api/v1/deployments/pastries/predictions").json()["items"]
    assert [entry["id"] for entry in left] == [young["id"]]
    assert not services.blobs.has_at(key_of(old["id"]))
    assert services.blobs.has_at(key_of(young["id"]))
    with services.db.read() as session:
        waiting = [
            job for job in session.scalars(select(Job)) if job.kind == "deployments.clean" and job.state == "queued"
        ]
    assert len(waiting) == 1


def test_deleting_a_deployment_deletes_what_it_kept(owner, services, add_model, deploy, run_jobs):
    deploy(add_model(), keep_predictions=True)
    owner.post(PREDICT, content=picture())
    (kept,) = owner.get("/api/v1/deployments/pastries/predictions").json()["items"]

    owner.delete("/api/v1/deployments/pastries")
    run_jobs()

    assert not services.blobs.has_at(key_of(kept["id"]))


def test_a_full_line_turns_callers_away_and_later_takes_them_again(owner, services, add_model, deploy):
    model_id = UUID(add_model())
    deploy(str(model_id))
    loaded = services.predictors._loaded
    usual = loaded[model_id]
    with services.db.read() as session:
        archive = services.blobs.local_path(session.get_one(Model, model_id).artifacts["zip"])
    with Predictor(archive, threads=1, max_waiting=0) as full:
        loaded[model_id] = full
        refused = owner.post(PREDICT, content=picture())
        loaded[model_id] = usual

    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/overloaded")
    assert refused.json()["detail"] == "More pictures are waiting than can be answered in time. Try again in a moment."
    assert owner.post(PREDICT, content=picture()).status_code == 200
