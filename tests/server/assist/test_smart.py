"""The smart tool over HTTP: by colour without networks, by networks once they saw the picture; nobody waits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image

from modelyard.geometry import masks
from modelyard.geometry.kinds import Mask
from modelyard.geometry.shapes import from_json
from modelyard.server.assist.smart import host, networks
from modelyard.server.assist.smart.host import Kept, cache_of, host_of
from modelyard.server.images import verify
from modelyard.server.kit.blobs import hash_bytes
from modelyard.server.services import AppServices
from tests.factories.pictures import encode
from tests.factories.sam import endless, write_pair
from tests.factories.scenes import Disc, iou, table

pytestmark = pytest.mark.one_engine

BUN = Disc(150, 140, 60, (150, 90, 40))
PLUM = Disc(310, 90, 40, (90, 40, 120))
BOX = {"box": BUN.box}


class Table:
    """A segmentation project with pictures of round things, and a person with the smart tool."""

    def __init__(self, client: TestClient, services: AppServices, folder: Path) -> None:
        self.client, self.services, self.folder = client, services, folder
        body = {"name": "Table", "task": "segmentation", "classes": ["bun"]}
        self.project_id = client.post("/api/v1/projects", json=body).json()["id"]
        self.images = [self.add(seed) for seed in range(6)]

    def add(self, seed: int, **options: Any) -> str:
        """Add a picture and return its id."""
        data = encode(Image.fromarray(table([BUN, PLUM], seed=seed, **options)))
        path = f"/api/v1/projects/{self.project_id}/images"
        added = self.client.post(path, params={"name": f"{seed}.png"}, content=data)
        return str(added.json()["image"]["id"])

    def ask(self, path: str = "", image: int = 0, **body: Any) -> Response:
        """Ask the smart tool about an image."""
        return self.client.post(f"/api/v1/images/{self.images[image]}/smart{path}", json=body)

    def find(self, image: int = 0, **body: Any) -> dict[str, Any]:
        """Return the answer to a prompt."""
        reply = self.ask("", image, **body)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def prepare(self, image: int = 0) -> dict[str, Any]:
        """Say that this image is at hand."""
        found: dict[str, Any] = self.ask("/prepare", image).json()
        return found

    def give_networks(self) -> None:
        """Name networks in the settings, as a server's owner does, and wait until they were checked."""
        encoder, decoder = write_pair(self.folder / "networks")
        settings = self.services.settings
        settings.sam_encoder, settings.sam_decoder = str(encoder), str(decoder)
        host_of(self.services).settle()


@pytest.fixture
def scene(owner: TestClient, services: AppServices, tmp_path: Path) -> Table:
    return Table(owner, services, tmp_path)


def overlap(answer: dict[str, Any], disc: Disc) -> float:
    mask = from_json(answer["shape"])
    assert isinstance(mask, Mask)
    return iou(masks.paste(mask, 400, 300), disc.mask(400, 300))


def test_a_box_is_answered_by_colour_where_there_are_no_networks(scene: Table) -> None:
    answer = scene.find(**BOX)
    assert answer["backend"] == "grabcut"
    assert answer["readiness"] == {"state": "none", "problem": None, "job": None}
    assert 0 < answer["score"] <= 1
    assert overlap(answer, BUN) > 0.97


def test_of_a_large_picture_only_the_region_is_read(scene: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scene.find(**BOX)
    monkeypatch.setattr(host, "LARGEST_LIGHT", 1000)
    monkeypatch.setattr(verify, "LARGEST_LIGHT", 1000)
    host_of(scene.services)._pictures = Kept(0)
    answer = scene.find(**BOX)
    assert (answer["shape"], answer["score"]) == (whole["shape"], whole["score"])
    assert scene.ask("/path", anchor={"x": 210, "y": 140}, target={"x": 150, "y": 80.5}).status_code == 200
    assert not host_of(scene.services)._pictures._values


def test_a_path_follows_the_edge(scene: Table) -> None:
    reply = scene.ask("/path", anchor={"x": 210, "y": 140}, target={"x": 150, "y": 80.5}).json()
    assert reply["points"][:2] == [210, 140] and reply["points"][-2:] == [150, 80.5]
    assert len(reply["points"]) > 8


@pytest.mark.parametrize(
    "body",
    [{}, {"box": [1, 2, 3]}, {"clicks": [{"x": 1, "y": 2, "positive": False}]}, {"box": [0, 0, 1e9, 5]}, {"boxes": []}],
)
def test_a_prompt_that_shows_nothing_is_refused_in_words(scene: Table, body: dict[str, Any]) -> None:
    reply = scene.ask(**body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"


def test_strangers_get_no_answer(scene: Table, sign_in: Callable[..., TestClient]) -> None:
    stranger = sign_in("Sam")
    for path in ("", "/prepare", "/path"):
        body = {"anchor": {"x": 1, "y": 1}, "target": {"x": 2, "y": 2}} if path == "/path" else BOX
        assert stranger.post(f"/api/v1/images/{scene.images[0]}/smart{path}", json=body).status_code == 404


def test_a36_the_answer_never_waits_for_the_network(scene: Table, run_jobs: Callable[[], int]) -> None:
    scene.give_networks()
    before = scene.find(**BOX)
    assert before["backend"] == "grabcut", "Until the encoder has looked, colours answer."
    assert before["readiness"]["state"] == "preparing"
    assert before["readiness"]["job"]["title"] == "Prepare pictures for the smart tool"
    run_jobs()
    after = scene.find(**BOX)
    assert (after["backend"], after["readiness"]["state"]) == ("sam", "ready")
    assert overlap(after, BUN) > 0.85


def test_a37_the_next_pictures_of_a_persons_queue_are_ready_before_they_are_opened(
    scene: Table, services: AppServices, run_jobs: Callable[[], int]
) -> None:
    scene.give_networks()
    lent = scene.client.get(f"/api/v1/projects/{scene.project_id}/queue/next", params={"count": 5}).json()["items"]
    scene.images = [item["image"]["id"] for item in lent]
    assert scene.prepare(0)["state"] == "preparing"
    run_jobs()
    assert [scene.prepare(place)["state"] for place in range(5)] == ["ready"] * 5
    assert scene.find(4, **BOX)["backend"] == "sam"
    assert cache_of(services).size()[0] == 5, "The one at hand and four more, but not the whole project."


def test_a37_a_click_is_answered_within_300_ms_and_costs_the_same_however_much_is_drawn(
    scene: Table, run_jobs: Callable[[], int]
) -> None:
    scene.give_networks()
    scene.prepare()
    run_jobs()
    sizes, times = set(), []
    class_id = scene.client.get(f"/api/v1/projects/{scene.project_id}/classes").json()[0]["id"]
    for number in range(3):
        reply = scene.ask(clicks=[{"x": 150, "y": 140}])
        assert reply.json()["backend"] == "sam"
        sizes.add(len(reply.request.content))
        times.append(reply.json()["milliseconds"])
        shape = {"type": "box", "x1": 1, "y1": 1, "x2": 9, "y2": 9, "angle": 0}
        put = [
            {"id": f"0190b8a0-0000-7000-8000-0000000{number}{at:04}", "class_id": class_id, "shape": shape}
            for at in range(400)
        ]
        address = f"/api/v1/images/{scene.images[0]}/objects"
        assert scene.client.patch(address, json={"put": put}, headers={"If-Match": str(number)}).status_code == 200
    assert len(sizes) == 1
    assert min(times) < 300


def test_what_the_encoder_saw_survives_a_restart(
    scene: Table, services: AppServices, run_jobs: Callable[[], int]
) -> None:
    scene.give_networks()
    scene.prepare()
    run_jobs()
    services.extras.clear()  # What a new process begins with.
    host_of(services).settle()
    assert scene.find(**BOX)["backend"] == "sam"


def test_a_newer_wish_takes_the_place_of_one_that_waits(scene: Table, run_jobs: Callable[[], int]) -> None:
    scene.give_networks()
    first, second = scene.prepare(0)["job"], scene.prepare(3)["job"]
    assert first["id"] == second["id"]
    run_jobs()
    assert scene.prepare(3)["state"] == "ready"


def test_whoever_stops_the_job_goes_on_by_colour_and_is_not_asked_again(scene: Table) -> None:
    scene.give_networks()
    job = scene.prepare()["job"]
    assert scene.client.post(f"/api/v1/jobs/{job['id']}/cancel").status_code == 200
    answer = scene.find(**BOX, prepare=False)
    assert (answer["backend"], answer["readiness"]["state"]) == ("grabcut", "none")
    assert answer["readiness"]["job"] is None


def test_a_picture_that_the_encoder_cannot_look_at_is_named_and_not_tried_again(
    scene: Table, services: AppServices, run_jobs: Callable[[], int]
) -> None:
    scene.give_networks()
    content_hash = scene.client.get(f"/api/v1/images/{scene.images[0]}").json().get("content_hash")
    path = services.blobs.local_path(content_hash or hash_bytes(original(scene)))
    whole = path.read_bytes()
    scene.prepare()
    path.write_bytes(whole[: len(whole) // 2])
    run_jobs()
    path.write_bytes(whole)
    seen = scene.prepare()
    assert seen["state"] == "failed" and "damaged" in seen["problem"]
    assert run_jobs() == 0
    assert scene.find(**BOX)["backend"] == "grabcut"


def test_what_could_not_be_made_leaves_nothing_in_memory() -> None:
    kept: Kept[int] = Kept(2)
    for key in range(5):
        with pytest.raises(ZeroDivisionError):
            kept.get(key, lambda: 1 // 0)
    assert not kept._making
    assert kept.get(0, lambda: 7) == 7 == kept.get(0, lambda: 8)


def original(scene: Table) -> bytes:
    return scene.client.get(f"/api/v1/images/{scene.images[0]}/original", params={"with_metadata": True}).content


class TestNetworks:
    """Choosing networks in the browser."""

    def send(self, client: TestClient, path: Path) -> None:
        sent = client.post("/api/v1/smart/files", params={"name": path.name}, content=path.read_bytes())
        assert sent.json() == {"name": path.name, "size_bytes": path.stat().st_size}

    def test_files_are_sent_chosen_used_and_forgotten(self, scene: Table, run_jobs: Callable[[], int]) -> None:
        pair = write_pair(scene.folder / "mine")
        for path in pair:
            self.send(scene.client, path)
        assert scene.client.get("/api/v1/smart/networks").json()["uploaded"] == sorted(path.name for path in pair)
        body = {"encoder": pair[0].name, "decoder": pair[1].name}
        chosen = scene.client.put("/api/v1/smart/networks", json=body).json()
        assert (chosen["state"], chosen["source"], chosen["kind"]) == ("ready", "page", "sam")
        assert chosen["uploaded"] == []
        scene.prepare()
        run_jobs()
        assert scene.find(**BOX)["backend"] == "sam"
        assert scene.client.get("/api/v1/smart/networks").json()["cached_pictures"] == 1
        assert scene.client.delete("/api/v1/smart/networks").json()["state"] == "none"
        assert scene.find(**BOX)["backend"] == "grabcut"

    def test_files_may_be_named_by_their_path_on_the_server(self, scene: Table) -> None:
        encoder, decoder = write_pair(scene.folder / "mine", "sam2")
        body = {"encoder": str(encoder), "decoder": str(decoder)}
        chosen = scene.client.put("/api/v1/smart/networks", json=body).json()
        assert (chosen["state"], chosen["kind"]) == ("ready", "sam2")
        assert encoder.is_file(), "What lies on the server stays there."

    def test_what_is_no_network_is_refused_and_what_was_in_use_stays(self, scene: Table) -> None:
        encoder, decoder = write_pair(scene.folder / "mine")
        good = {"encoder": str(encoder), "decoder": str(decoder)}
        assert scene.client.put("/api/v1/smart/networks", json=good).status_code == 200
        for bad, words in [
            ({"encoder": str(decoder), "decoder": str(decoder)}, "must have one input"),
            ({"encoder": "absent.onnx", "decoder": str(decoder)}, "Send it first"),
            ({"encoder": "/etc/passwd", "decoder": str(decoder)}, "not an ONNX network"),
        ]:
            reply = scene.client.put("/api/v1/smart/networks", json=bad)
            assert reply.status_code == 422 and words in reply.json()["detail"]
        assert scene.client.get("/api/v1/smart/networks").json()["state"] == "ready"

    def test_a_network_without_an_end_is_ended(self, scene: Table) -> None:
        encoder, decoder = write_pair(scene.folder / "mine")
        onnx.save(endless(onnx.load(encoder)), encoder)
        with pytest.raises(networks.SamFileInvalid, match="too slow"):
            networks.check(scene.services, encoder, decoder, longest_s=5)

    def test_only_administrators_see_and_change_them(self, scene: Table, sign_in: Callable[..., TestClient]) -> None:
        member = sign_in("Mo")
        assert member.get("/api/v1/smart/networks").status_code == 403
        assert member.delete("/api/v1/smart/networks").status_code == 403
        assert member.post("/api/v1/smart/files", params={"name": "a.onnx"}, content=b"x").status_code == 403

    @pytest.mark.parametrize("name", ["..", ".hidden", "a/b.onnx", "../a.onnx", "", "a" * 300])
    def test_a_file_name_cannot_lead_elsewhere(self, scene: Table, name: str) -> None:
        assert scene.client.post("/api/v1/smart/files", params={"name": name}, content=b"x").status_code == 422

    def test_the_settings_win(self, scene: Table) -> None:
        scene.give_networks()
        shown = scene.client.get("/api/v1/smart/networks").json()
        assert (shown["state"], shown["source"]) == ("ready", "settings")
        assert scene.client.delete("/api/v1/smart/networks").status_code == 409

    def test_settings_that_name_no_networks_are_told_and_colours_answer(self, scene: Table) -> None:
        scene.services.settings.sam_encoder = "/nowhere/encoder.onnx"
        host_of(scene.services).settle()
        answer = scene.find(**BOX)
        assert answer["backend"] == "grabcut" and answer["readiness"]["state"] == "failed"
        assert "There is no file" in answer["readiness"]["problem"]
