"""Five people in five browsers label one project at once: queue, known pictures, disagreement, decision and review."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from tests.browser.conftest import KINDS, PATIENCE_MS, Installation, draw
from tests.browser.test_batches import look as look  # noqa: PLC0414 - a fixture
from tests.browser.test_label import PICTURE, press, saved, shown

PASSWORD = "correct horse battery"
ROLES = {"Rita": "reviewer", "Bo": "annotator", "Cy": "annotator", "Dee": "annotator"}
LABELLING = ("Bo", "Cy", "Dee")
DIGIT = {kind: str(number) for number, kind in enumerate(KINDS, start=1)}
REASON = "The shadow hides it: look once more."


@dataclass
class Team:
    """A project, what its pictures show, and a page of everybody who works on it."""

    installation: Installation
    project_id: str
    kinds: dict[str, str]
    batch_id: str
    pages: dict[str, Any]

    def open(self, name: str, path: str) -> Any:
        """Open a page of the project as this person."""
        self.pages[name].goto(f"/projects/{self.project_id}/{path}")
        return self.pages[name]

    def next_of(self, name: str) -> str:
        """Wait until a picture is there, none is left, or the rest is with others; return its id, "done" or "wait"."""
        page = self.pages[name]
        done, rest = page.get_by_text("You are done here"), page.get_by_text("The rest is with others")
        page.locator(PICTURE).or_(done).or_(rest).first.wait_for()
        if page.locator(PICTURE).count():
            return shown(page)
        return "wait" if rest.count() else "done"

    def read(self, path: str) -> Any:
        """Ask the API as the owner."""
        return self.installation.json("GET", path)


@pytest.fixture
def pages(page: Any, chromium: Any, installation: Installation) -> Iterator[dict[str, Any]]:
    """Open a browser context for each of five people; Anna owns the installation."""
    contexts = []
    opened = {"Anna": page}
    for name in ROLES:
        body = {"email": f"{name.lower()}@team.example", "password": PASSWORD}
        with installation.services.db.write() as session:
            accounts.register(session, Registration(name=name, **body), is_admin=False)
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=installation.url)
        context.set_default_timeout(PATIENCE_MS)
        address = f"{installation.url}/api/v1/session"
        assert context.request.post(address, data=body, headers={"Origin": installation.url}).ok
        contexts.append(context)
        opened[name] = context.new_page()
    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def team(pages: dict[str, Any], installation: Installation) -> Team:
    """Give five people a project: three known pictures to begin with, and a batch of nine with two labels each."""
    project_id = installation.project("Together")
    for name, role in ROLES.items():
        body = {"email": f"{name.lower()}@team.example", "role": role}
        installation.json("POST", f"/projects/{project_id}/members", json=body)
    known = installation.fill(project_id, 1)
    installation.label(project_id, known)
    body = {"image_ids": list(known), "is_onboarding": True}
    assert installation.json("POST", f"/projects/{project_id}/gold", json=body)["marked"] == len(known)
    added = {}
    for seed in (11, 12, 13):
        for kind in KINDS:
            path = f"/projects/{project_id}/images"
            reply = installation.json("POST", path, params={"name": f"{kind}-{seed}.jpg"}, content=draw(kind, seed))
            added[reply["image"]["id"]] = kind
    pictures = {"kind": "ids", "image_ids": list(added)}
    rules = {"overlap": 2, "gold_share": 0.2, "review_share": 1.0, "order": "upload"}
    body = {"name": "Nine together", "pictures": pictures, **rules}
    batch = installation.json("POST", f"/projects/{project_id}/batches", json=body)["batch"]
    return Team(installation, project_id, known | added, batch["id"], pages)


def label(team: Team) -> set[str]:
    """Let three people answer in turn until nothing is left; Dee errs on what is unknown. Return where she did."""
    wrong: set[str] = set()
    known = {row["image"]["id"] for row in team.read(f"/projects/{team.project_id}/gold")}
    for name in LABELLING:
        team.open(name, f"label?batch={team.batch_id}")
    busy = list(LABELLING)
    while busy:
        for name in list(busy):
            page, image_id = team.pages[name], team.next_of(name)
            if image_id == "done":
                busy.remove(name)
            if image_id in ("done", "wait"):  # Whoever waits gets what others give back; their page looks by itself.
                continue
            kind = team.kinds[image_id]
            if name == "Dee" and image_id not in known and len(wrong) < 2:
                wrong.add(image_id)
                kind = next(other for other in KINDS if other != kind)
            press(page, f"Digit{DIGIT[kind]}")
    for name in LABELLING:
        saved(team.pages[name])
    return wrong


def decide(team: Team, wrong: set[str]) -> None:
    """Let the owner take whoever is right, for each picture that people differ in."""
    anna = team.open("Anna", f"batches/{team.batch_id}")
    anna.get_by_role("link", name="Decide").click()
    for left in range(len(wrong), 0, -1):
        anna.get_by_test_id("decide").get_by_text(f"{left} picture").wait_for()
        overlay = anna.locator("[data-testid=overlay][data-image-id]")
        image_id = str(overlay.get_attribute("data-image-id"))
        assert image_id in wrong
        kind = team.kinds[image_id]
        right = team.installation.class_ids(team.project_id)[kind]
        said = team.read(f"/batches/{team.batch_id}/images/{image_id}/opinions")
        (author,) = [row["author_name"] for row in said if row["class_id"] == right]
        anna.get_by_test_id("opinions").get_by_role("button", name=f"Take the answer of {author}").click()
        anna.locator(f"[data-testid=overlay][data-image-id='{image_id}']").wait_for(state="detached")
    anna.get_by_text("Nothing left to decide").wait_for()


def on_desk(team: Team) -> dict[str, Any]:
    """Wait until the reviewer has a picture, and return its row of the list of reviews."""
    surface = team.pages["Rita"].locator("[data-testid=surface][data-review-id]")
    surface.wait_for()
    review_id = surface.get_attribute("data-review-id")
    rows = team.read(f"/batches/{team.batch_id}/reviews")["items"]
    (row,) = [row for row in rows if row["review"]["id"] == review_id]
    return dict(row)


def accept(team: Team) -> None:
    """Let the reviewer accept the picture on her desk."""
    review_id = on_desk(team)["review"]["id"]
    rita = team.pages["Rita"]
    rita.keyboard.press("Enter")
    rita.locator(f'[data-testid=surface][data-review-id="{review_id}"]').wait_for(state="detached")


def send_back(team: Team) -> dict[str, Any]:
    """Let the reviewer send the picture on her desk back; return its row."""
    row = on_desk(team)
    rita = team.pages["Rita"]
    rita.keyboard.press("Backspace")
    rita.get_by_role("textbox", name="What is wrong with it?").fill(REASON)
    rita.get_by_role("button", name="Send back", exact=True).click()
    rita.locator(f'[data-testid=surface][data-review-id="{row["review"]["id"]}"]').wait_for(state="detached")
    return row


def review(team: Team, decided: set[str], look: Callable[[Any, str], None]) -> None:
    """Let the reviewer accept all but one, which its authors label again, and accept that too."""
    rita = team.open("Rita", f"review?batch={team.batch_id}")
    accepted = 0
    while on_desk(team)["image"]["id"] in decided:  # What the owner decided would come back to the owner.
        accept(team)
        accepted += 1
    row = send_back(team)
    for _ in range(8 - accepted):
        accept(team)
    rita.get_by_text("Nothing to review here").wait_for()
    image_id = row["image"]["id"]
    for name in row["review"]["author_names"]:
        page = team.open(name, f"label?batch={team.batch_id}")
        page.get_by_test_id("sent-back").get_by_text(REASON).wait_for()
        assert shown(page) == image_id
        look(page, f"together-back-{name}")
        page.keyboard.press(f"Digit{DIGIT[team.kinds[image_id]]}")
        page.get_by_text("You are done here").wait_for()
        saved(page)
    accept(team)
    rita.get_by_text("Nothing to review here").wait_for()


def test_a25_five_people_label_one_project_at_once(team: Team, look: Callable[[Any, str], None]) -> None:
    anna = team.open("Anna", f"batches/{team.batch_id}")
    wrong = label(team)
    anna.get_by_text("18 / 18").wait_for()  # By itself, without reloading.
    look(anna, "together-batch")
    assert len(wrong) == 2
    decide(team, wrong)
    look(anna, "together-decided")

    review(team, wrong, look)
    team.open("Anna", f"batches/{team.batch_id}").get_by_text("Finished").wait_for()
    look(anna, "together-finished")
    classes = team.installation.class_ids(team.project_id)
    for image_id, kind in team.kinds.items():
        assert team.read(f"/images/{image_id}/annotation")["class_id"] == classes[kind]
    scores = {row["name"]: row["all"] for row in team.read(f"/projects/{team.project_id}/gold/people")["people"]}
    assert {name: (scores[name]["known"], scores[name]["right"]) for name in LABELLING} == dict.fromkeys(
        LABELLING, (3, 3)
    )
    team.open("Anna", "batches/agreement").get_by_text("Two people agree in").wait_for()
    look(anna, "together-agreement")
    team.open("Anna", "batches/work").get_by_test_id("work-people").get_by_text("Dee").wait_for()
    look(anna, "together-work")
