"""Annotators for a bench, some in each process: they take a picture, look at it, save what they see; it prints nothing.

`python bench/_people.py PLAN RESULT` reads the plan (see `Plan`), works until the file named there as `until` exists,
and writes what happened. A request that is cut off is sent again, as the browser does, until the server is back.
"""

import http.client
import json
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from modelyard.server.tables import new_id


@dataclass(frozen=True)
class Annotator:
    """One person of the plan."""

    user_id: str
    token: str
    project_id: str
    class_ids: list[str]
    draws: bool  # boxes in a batch that wants two labels of each picture; otherwise classes in the open queue


@dataclass(frozen=True)
class Plan:
    """What the people of one process do."""

    url: str
    until: str
    pause_s: float  # median time to look at a picture; 0: none
    people: list[Annotator]


@dataclass
class Happened:
    """What one process saw. A save that was answered is (user, image, batch or "", revision, class or object ids)."""

    next_ms: list[float] = field(default_factory=list)
    save_ms: list[float] = field(default_factory=list)
    saved: list[tuple[str, str, str, int, list[str]]] = field(default_factory=list)
    cut_off: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


class Person(threading.Thread):
    """Labels until told to stop."""

    def __init__(self, plan: Plan, who: Annotator) -> None:
        super().__init__()
        self.plan, self.who, self.seen = plan, who, Happened()
        self.chance = random.Random(who.user_id)
        self.until = Path(plan.until)
        self.connection = self.connect()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.plan.url).netloc, timeout=120)

    def run(self) -> None:
        time.sleep(self.chance.uniform(0, self.plan.pause_s))
        while not self.until.exists():
            source = "?mine=true" if self.who.draws else ""
            got = self.ask("GET", f"/projects/{self.who.project_id}/queue/next{source}", timings=self.seen.next_ms)
            for item in (got or {}).get("items", []):
                (self.draw if self.who.draws else self.classify)(item)

    def look(self) -> None:
        if self.plan.pause_s:
            time.sleep(max(0.2, self.plan.pause_s * self.chance.lognormvariate(0, 0.5)))

    def classify(self, item: dict[str, Any]) -> None:
        self.look()
        class_id = self.chance.choice(self.who.class_ids)
        body: dict[str, Any] = {"answer": "class", "class_id": class_id, "active_s": 1.0}
        if guess := item["guess"]:
            body["suggestion"] = {key: guess[key] for key in ("class_id", "score", "version")}
        self.save("PUT", f"/images/{item['image']['id']}/annotation", item, body, 0, [class_id])

    def draw(self, item: dict[str, Any]) -> None:
        """Save a first box as a draft, then a second one with the word that the picture is done."""
        drawn: list[str] = []
        revision: int | None = 0
        for answer in (None, "objects"):
            self.look()
            drawn.append(str(new_id()))
            x, y = self.chance.uniform(0, 600), self.chance.uniform(0, 400)
            shape = {"type": "box", "x1": x, "y1": y, "x2": x + 40, "y2": y + 30}
            put = [{"id": drawn[-1], "class_id": self.chance.choice(self.who.class_ids), "shape": shape}]
            body = {"put": put, "answer": answer, "active_s": 1.0}
            path = f"/images/{item['image']['id']}/objects?batch_id={item['batch_id']}"
            revision = self.save("PATCH", path, item, body, revision, list(drawn))
            if revision is None:
                return

    def save(
        self, method: str, path: str, item: dict[str, Any], body: dict[str, Any], revision: int, said: list[str]
    ) -> int | None:
        answer = self.ask(method, path, body, {"If-Match": str(revision)}, timings=self.seen.save_ms)
        if answer is None:
            return None
        found: int = answer["revision"]
        self.seen.saved.append((self.who.user_id, item["image"]["id"], item["batch_id"] or "", found, said))
        return found

    def ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        *,
        timings: list[float],
    ) -> dict[str, Any] | None:
        """Return the answer, None if it is a refusal; only what was answered at the first time is timed."""
        is_first = True
        while True:
            began = time.perf_counter()
            try:
                status, answer = self.send(method, path, body, headers or {})
            except (OSError, http.client.HTTPException):
                self.seen.cut_off += is_first
                self.connection.close()
                self.connection = self.connect()
                status, answer = 0, {}
            else:
                if is_first:
                    timings.append(1000 * (time.perf_counter() - began))
            if status and status < 500:
                if status >= 400:
                    self.seen.refused[f"{status} {answer.get('detail', '')}"] += 1
                return answer if status < 400 else None
            if status:
                self.seen.failed[f"{status} {answer.get('detail', '')}"] += 1
            is_first = False
            time.sleep(0.1)

    def send(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        headers = {**headers, "Authorization": f"Bearer {self.who.token}", "Content-Type": "application/json"}
        self.connection.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read() or b"{}")


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text())
    plan = Plan(**{**told, "people": [Annotator(**row) for row in told["people"]]})
    people = [Person(plan, who) for who in plan.people]
    for person in people:
        person.start()
    whole = Happened()
    for person in people:
        person.join()
        whole.next_ms += person.seen.next_ms
        whole.save_ms += person.seen.save_ms
        whole.saved += person.seen.saved
        whole.cut_off += person.seen.cut_off
        whole.refused += person.seen.refused
        whole.failed += person.seen.failed
    Path(sys.argv[2]).write_text(json.dumps(asdict(whole)))


if __name__ == "__main__":
    main()
