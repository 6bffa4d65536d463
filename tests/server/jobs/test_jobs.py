"""Jobs over HTTP: who sees which, progress as it goes, cancel and run again."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.server.accounts import roles
from modelyard.server.kit import jobs
from modelyard.server.kit.jobs import HANDLERS, JobContext
from modelyard.server.services import AppServices

Ask = Callable[..., str]


@pytest.fixture
def ask(services: AppServices, project: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Return a function that asks for a job of the project; it fails until `fail` is taken away."""

    def count(ctx: JobContext) -> dict[str, Any]:
        ctx.progress(3, 4, stage="Counting")
        if fail:
            raise ZeroDivisionError
        return {"counted": 4}

    fail: list[int] = []

    def enqueue(*, broken: bool = False) -> str:
        fail[:] = [1] if broken else []
        with services.db.write() as session:
            return str(jobs.enqueue(session, "test.count", title="Counting", project_id=UUID(project["id"])).id)

    enqueue.mend = fail.clear  # type: ignore[attr-defined]
    monkeypatch.setitem(roles.JOBS, "test.count", roles.Work("export"))  # type: ignore[arg-type]
    jobs.job("test.count")(count)
    yield enqueue
    del HANDLERS._entries["test.count"]


def test_they_are_listed_newest_first_a_page_at_a_time(owner: TestClient, ask: Ask, project: dict[str, Any]) -> None:
    ids = [ask() for _ in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        query = {"project_id": project["id"], "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = owner.get("/api/v1/jobs", params=query).json()
        found += [job["id"] for job in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == ids[::-1]
    assert owner.get("/api/v1/jobs", params={"state": "failed"}).json()["items"] == []


def test_strangers_see_and_steer_none(owner: TestClient, stranger: TestClient, ask: Ask) -> None:
    job_id = ask()
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry"), ("GET", "/events")):
        assert stranger.request(method, f"/api/v1/jobs/{job_id}{path}").status_code == 404
    assert owner.get(f"/api/v1/jobs/{job_id}").json()["state"] == "queued"


def test_a_cancelled_job_runs_when_it_is_asked_again(owner: TestClient, ask: Ask, run_jobs: Callable[[], int]) -> None:
    job_id = ask()
    assert owner.post(f"/api/v1/jobs/{job_id}/retry").json()["type"] == "/problems/job-still-active"
    assert owner.post(f"/api/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    assert owner.post(f"/api/v1/jobs/{job_id}/cancel").json()["type"] == "/problems/job-has-ended"
    run_jobs()
    assert owner.get(f"/api/v1/jobs/{job_id}").json()["state"] == "cancelled"
    assert owner.post(f"/api/v1/jobs/{job_id}/retry").json()["state"] == "queued"
    run_jobs()
    job = owner.get(f"/api/v1/jobs/{job_id}").json()
    assert (job["state"], job["result"]) == ("succeeded", {"counted": 4})


def test_a_bug_is_told_without_its_insides_and_mended_by_another_try(
    owner: TestClient, ask: Any, run_jobs: Callable[[], int]
) -> None:
    job_id = ask(broken=True)
    run_jobs()
    job = owner.get(f"/api/v1/jobs/{job_id}").json()
    assert job["state"] == "failed" and job["problem"]["detail"]
    assert "ZeroDivision" not in str(job) and "Traceback" not in str(job)
    ask.mend()
    owner.post(f"/api/v1/jobs/{job_id}/retry")
    run_jobs()
    assert owner.get(f"/api/v1/jobs/{job_id}").json()["state"] == "succeeded"


def test_its_events_end_with_it(owner: TestClient, ask: Ask, run_jobs: Callable[[], int]) -> None:
    job_id = ask()
    run_jobs()
    text = owner.get(f"/api/v1/jobs/{job_id}/events").text
    assert text.count("event: job") == 1 and '"state": "succeeded"' in text
