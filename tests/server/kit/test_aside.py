"""Heavy calls aside: so many run or wait, and whoever comes after them hears so at once."""

from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from modelyard.server.kit import aside as kit
from modelyard.server.kit.aside import Aside, TooBusy
from modelyard.server.services import AppServices
from tests.factories.dicom import dicom, ramp


def test_more_than_can_wait_are_told_to_ask_again_and_places_come_back() -> None:
    aside = Aside(processes=1, waiting=2)
    try:
        with ExitStack() as taken:
            for _ in range(3):
                taken.enter_context(aside.place())
            with pytest.raises(TooBusy) as told:
                aside.call(abs, -3)
            assert told.value.context == {"retry_after_s": 3}
        assert aside.call(abs, -3) == 3
        with pytest.raises(TypeError):
            aside.call(abs, "three")
        assert [aside.call(abs, -number) for number in range(4)] == [0, 1, 2, 3]
    finally:
        aside.close()


def test_a_preview_that_would_wait_too_long_is_answered_503(owner: TestClient, services: AppServices) -> None:
    project = owner.post("/api/v1/projects", json={"name": "Ward", "task": "detection"}).json()["id"]
    path = f"/api/v1/projects/{project}/images"
    image = owner.post(path, params={"name": "a.dcm"}, content=dicom(ramp(20, 30))).json()["image"]["id"]
    with ExitStack() as taken:
        shared = kit.aside(services.settings.worker_memory_mb)
        for _ in range(kit.PROCESSES + kit.WAITING):
            taken.enter_context(shared.place())
        for name in ("preview", "full", "original", "tiles/0/0/0"):
            answer = owner.get(f"/api/v1/images/{image}/{name}")
            assert answer.status_code == 503, name
            assert answer.headers["retry-after"] == "3"
            assert answer.json()["type"] == "/problems/too-busy"
        assert owner.post(path, params={"name": "b.dcm"}, content=dicom(ramp(9, 9))).status_code == 503
    assert owner.get(f"/api/v1/images/{image}/preview").status_code == 200
