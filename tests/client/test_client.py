"""The SDK, along the loop: on a data directory, and against a real server with a token."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
import uvicorn
from PIL import Image
from tests.factories.scenes import Disc, table

import modelyard
from modelyard.client import Client
from modelyard.engine.backbones import FILES
from modelyard.errors import Conflict, Forbidden, Invalid, NotFound, ProductError, Unauthenticated, Unavailable
from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.app import create_app
from modelyard.server.kit.logs import configure
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
from modelyard.server.worker import build_worker

configure("error")
pytestmark = pytest.mark.skipif(
    not (FILES / "efficientnet_lite0.onnx").is_file(), reason="The backbone is not built: run make setup."
)
COLORS = {"apple": (200, 40, 40), "lime": (60, 190, 60)}
ACCOUNT = {"email": "ana@bakery.example", "password": "correct horse battery"}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw twenty-four pictures of two colours, and one file that is none."""
    folder = tmp_path_factory.mktemp("pictures")
    chance = np.random.default_rng(0)
    for name, color in COLORS.items():
        for number in range(12):
            noise = chance.normal(0, 25, (96, 96, 3)) + chance.normal(0, 15, 3)
            pixels = np.clip(np.array(color) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"{name}-{number}.jpg")
    (folder / "broken.jpg").write_text("no picture")
    return folder


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """Run a server and its worker in this process and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as stack:
        port = listener.getsockname()[1]
        services = open_services(Settings(data=data, host="127.0.0.1", port=port, log_level="error"))
        stack.callback(services.close)
        with services.db.write() as session:
            accounts.register(session, Registration(name="Ana", **ACCOUNT), is_admin=True)
        worker = build_worker(services, name="worker-1")
        worker.start()
        stack.callback(worker.stop)
        server = uvicorn.Server(uvicorn.Config(create_app(services), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()  # The socket listens already: who comes early waits in its line.
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


def token(url: str, *scopes: str) -> str:
    """Sign in as the owner and make a token."""
    with httpx.Client(base_url=f"{url}/api/v1", headers={"Origin": url}) as http:
        assert http.post("/session", json=ACCOUNT).status_code == 200
        answer = http.post("/tokens", json={"name": "SDK", "scopes": scopes, "expires_in_days": 1})
        return str(answer.json()["token"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a real server."""
    with serving(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="module", params=["folder", "server"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Return a client of a folder, and of a server."""
    if request.param == "folder":
        with modelyard.connect(tmp_path_factory.mktemp("folder") / "data") as client:
            yield client
        return
    url = request.getfixturevalue("server")
    with modelyard.connect(url, token=token(url, "read", "write", "predict")) as client:
        yield client


def test_the_loop(client: Client, pictures: Path, tmp_path: Path) -> None:
    project = client.projects.create("Fruit", classes=["apple"])
    assert client.projects.get("Fruit").id == client.projects.get(project.id).id == project.id

    seen: list[str] = []
    report = project.import_([pictures], on_progress=lambda job: seen.append(job["state"]))
    assert (report["added"], report["duplicates"]) == (24, 0)
    assert [file["name"] for file in report["refused"]] == ["broken.jpg"]
    assert seen[-1] == "succeeded"
    assert project.import_([str(pictures / "lime-*.jpg")])["duplicates"] == 12

    labels = {path.name: path.name.partition("-")[0] for path in pictures.glob("*-*.jpg")}
    assert project.label({**labels, "nowhere.jpg": "apple"}) == {"labelled": 24, "unmatched": 1}
    assert [entry["name"] for entry in project.classes()] == ["apple", "lime"]
    assert len(list(project.images())) == 24

    version = project.freeze("First")
    assert (version["number"], version["images"]) == (1, 24)
    assert project.version()["id"] == project.version(1)["id"] == version["id"]
    assert len(list(project.version_images(1))) == 24
    assert project.compare_versions(1, 1)["counts"]["unchanged"] == 24

    run = project.train(recipe="auto", budget_s=60)
    assert run["id"] == project.model()["run_id"], run
    assert [model["number"] for model in project.models()] == [1]

    evaluation = project.evaluate(split="test")
    assert evaluation["split"] == "test"

    answers = list(project.predict([pictures / "lime-1.jpg", pictures / "broken.jpg"], top=1))
    assert [score["class"] for score in answers[0]["predictions"]] == ["lime"]
    assert answers[1]["predictions"] == []
    assert answers[1]["error"]

    exported = project.export(tmp_path / "out", format="csv", version="1")
    assert (exported["images"], exported["annotations"]) == (24, 24)
    assert (tmp_path / "out" / "labels.csv").is_file()
    assert len(list((tmp_path / "out").rglob("*.jpg"))) == 24


def test_a_project_says_what_its_objects_are_described_by(client: Client) -> None:
    project = client.projects.create("Arms", task="keypoints", classes=["arm"])
    project.set_skeleton("arm", {"points": ["elbow", "wrist"], "edges": [[0, 1]]})
    assert project.classes()[0]["skeleton"]["points"] == ["elbow", "wrist"]
    project.add_attribute("sleeve", "choice", choices=["long", "short"], class_name="arm")
    project.add_attribute("light", "number", subject="image")
    assert [(row["name"], row["subject"]) for row in project.attributes()] == [("sleeve", "object"), ("light", "image")]
    with pytest.raises(NotFound, match="There is no class 'leg'"):
        project.set_skeleton("leg", None)


def test_errors_are_plain_sentences(client: Client, tmp_path: Path) -> None:
    project = client.projects.create("Bread")
    (tmp_path / "empty").mkdir()
    said: list[str] = []
    for category, action in [
        (Conflict, lambda: client.projects.create("Bread")),
        (NotFound, lambda: client.projects.get("Cake")),
        (NotFound, lambda: client.jobs.get("00000000-0000-7000-8000-000000000000")),
        (Invalid, lambda: client.projects.create("")),
        (ProductError, lambda: project.import_([tmp_path / "missing"])),
        (ProductError, project.train),
        (Conflict, project.model),
        (NotFound, lambda: list(project.predict([tmp_path / "missing.jpg"]))),
        (Invalid, lambda: project.export(tmp_path / "out", format="nonsense")),
    ]:
        with pytest.raises(category) as caught:
            action()
        said.append(str(caught.value))
    for sentence in said:
        assert sentence[0].isupper(), sentence
        assert sentence.endswith((".", "?")), sentence
        assert "Error" not in sentence
        assert "Traceback" not in sentence


def test_tokens_open_what_they_say(server: str) -> None:
    with modelyard.connect(server, token="my_wrong_token") as client, pytest.raises(Unauthenticated):
        client.projects.list()
    with modelyard.connect(server, token=token(server, "read")) as client:
        client.projects.list()
        with pytest.raises(Forbidden):
            client.projects.create("Not allowed")


def test_a_server_that_is_away_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with modelyard.connect(url, token="any") as client, pytest.raises(Unavailable, match=url):
        client.projects.list()


def test_a_thing_is_found_in_an_image_from_a_box_or_points(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "tray.png"
    Image.fromarray(table([Disc(90, 70, 40, (150, 90, 40))], width=200, height=150)).save(path)
    project = client.projects.create("Trays", task="detection", classes=["bun"])
    project.import_([path])
    (image,) = project.images()
    found = project.find_thing(image["id"], box=(45, 25, 135, 115), beside=[(5, 5)])
    assert found["backend"] == "grabcut" and abs(found["shape"]["x"] - 50) < 4
    assert project.find_thing(image["id"], on=[(90, 70)])["shape"] is not None
    with pytest.raises(Invalid):
        project.find_thing(image["id"], beside=[(5, 5)])
