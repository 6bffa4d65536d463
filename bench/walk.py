"""A stranger's way through Modelyard: a folder of unlabelled photos becomes a served model, by browser and keyboard.

Run `python bench/walk.py [--pictures FOLDER] [--labels 400] [--shots FOLDER]`. It starts a real, empty installation,
opens its set-up link in chromium, makes a project with the 43 coarse classes of the grocery data, sends 2,640 photos,
labels some by pressing keys (Enter for a suggestion that is right, otherwise the class by name), trains, reads the
report, deploys, and asks the deployment with curl about photos that nobody has labelled. `--shots` keeps screenshots.
"""

import argparse
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from _common import print_table
from playwright.sync_api import Page, sync_playwright

PORT = 8491
PASSWORD = "correct horse battery"
PICTURE = "[data-testid=picture]"
# From the key that answers to the next picture, decoded and on screen: the browser's own clock.
CLOCK = """
window.__ms = [];
window.addEventListener("keydown", (event) => {
  const before = document.querySelector("[data-testid=picture]")?.dataset.imageId;
  if (!before) return;
  const look = () => {
    const now = document.querySelector("[data-testid=picture]");
    const picture = now?.tagName === "IMG" ? now : now?.querySelector("img");
    const passed = performance.now() - event.timeStamp;
    if (now && now.dataset.imageId !== before && (!picture || picture.complete)) window.__ms.push(passed);
    else if (passed < 2000) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}, true);
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, default=Path(__file__).parents[2] / "shared/data/grocery/dataset")
    parser.add_argument("--labels", type=int, default=400)
    parser.add_argument("--shots", type=Path)
    options = parser.parse_args()
    if not options.pictures.is_dir():
        sys.exit(f"There is no folder {options.pictures}.")
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder, truth = raw_folder(options.pictures, Path(scratch) / "photos")
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "modelyard"), "serve", "--data", f"{scratch}/data", "--port", str(PORT)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            with sync_playwright() as play:
                path = shutil.which("chromium") or shutil.which("chromium-browser")
                browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.add_init_script(CLOCK)
                rows = Walk(page, truth, options.shots).all(setup_link(server), folder, options)
        finally:
            server.terminate()
            server.wait(timeout=60)
    print_table("From a folder of photos to a served model", ["step", "seconds", "what came out"], rows)


def raw_folder(data: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """Copy the training photos into one folder under names that say nothing; return the coarse class of each name."""
    with (data / "classes.csv").open(encoding="utf-8") as file:
        names = {row["Coarse Class ID (int)"]: row["Coarse Class Name (str)"] for row in csv.DictReader(file)}
    folder.mkdir(parents=True)
    truth = {}
    for number, line in enumerate((data / "train.txt").read_text("utf-8").splitlines()):
        path, _, coarse = (part.strip() for part in line.split(","))
        name = f"IMG_{number:04}.jpg"
        shutil.copy(data / path, folder / name)
        truth[name] = names[coarse]
    return folder, truth


def setup_link(server: "subprocess.Popen[str]") -> str:
    for line in server.stdout or []:
        if found := re.search(r"http\S+/setup#token=\S+", line):
            return found.group(0)
    sys.exit("The server did not start.")


class Walk:
    """One person at one browser."""

    def __init__(self, page: Page, truth: dict[str, str], shots: Path | None) -> None:
        self.page = page
        self.truth = truth
        self.shots = shots
        self.rows: list[tuple[str, float, str]] = []

    def all(self, link: str, folder: Path, options: argparse.Namespace) -> list[tuple[str, float, str]]:
        self.step("account and project", self.begin, link)
        self.step("send, check and add the pictures", self.add, folder)
        self.step(f"label {options.labels} pictures", self.label, options.labels)
        self.step("click to evaluated model", self.train)
        self.step("deploy", self.deploy)
        self.step("curl", self.curl, options.pictures)
        return self.rows

    def step(self, name: str, work: Any, *values: Any) -> None:
        began = time.perf_counter()
        try:
            outcome = work(*values)
        except Exception:
            self.page.screenshot(path=f"{tempfile.gettempdir()}/walk-failed.png")
            raise
        self.rows.append((name, time.perf_counter() - began, outcome))
        print(f"{name}: {time.perf_counter() - began:.1f} s, {outcome}", file=sys.stderr)
        if self.shots:
            self.page.screenshot(path=self.shots / f"{len(self.rows)}-{name.split(maxsplit=1)[0]}.png")

    def begin(self, link: str) -> str:
        page = self.page
        page.goto(link)
        for field, value in (("name", "Ana"), ("email", "ana@example.org"), ("password", PASSWORD)):
            page.fill(f"input[name={field}]", value)
        page.click("text=Make my account")
        page.wait_for_selector("text=Start with a question")
        page.goto(f"{link.split('/setup', maxsplit=1)[0]}/projects/new")
        page.fill("input[name=name]", "Groceries")
        page.get_by_role("combobox", name="Classes").fill(", ".join(sorted(set(self.truth.values()))))
        page.click("text=Make project")
        page.wait_for_url(re.compile(r"/projects/[0-9a-f-]{36}$"))
        self.url = page.url
        self.project_id = page.url.rsplit("/", 1)[1]
        return f"{len(set(self.truth.values()))} classes"

    def add(self, folder: Path) -> str:
        page = self.page
        page.goto(f"{self.url}/images")
        page.get_by_test_id("choose-folder").set_input_files(folder)
        page.get_by_role("switch", name="The folder that a picture lies in").uncheck(force=True)
        page.get_by_role("button", name="Add them").click()
        report = page.get_by_test_id("import-report")
        report.wait_for(timeout=300_000)
        text = report.inner_text().replace("\n", ", ")
        while self.ask("GET", f"/projects/{self.project_id}/status")["jobs_active"]:
            page.wait_for_timeout(200)
        return text[:80]

    def label(self, count: int) -> str:
        page = self.page
        page.goto(f"{self.url}/label")
        keys = accepted = 0
        for number in range(count):
            page.wait_for_selector(PICTURE)
            image_id = page.get_attribute(PICTURE, "data-image-id")
            wanted = self.truth[self.ask("GET", f"/images/{image_id}")["name"].rsplit("/", 1)[-1]]
            offered = page.inner_text("[data-testid=suggestion]").split("\n")[0]
            if offered == wanted:
                page.keyboard.press("Enter")
                accepted, keys = accepted + 1, keys + 1
            else:
                keys += self.name(wanted)
            page.wait_for_function(f"document.querySelector('{PICTURE}')?.dataset.imageId !== '{image_id}'")
            if self.shots and number == count - 5:
                page.screenshot(path=self.shots / "label.png")
        page.wait_for_selector("[data-testid=save-status][data-kept='0']", state="attached")
        ms = page.evaluate("window.__ms")
        half, most = np.percentile(ms, [50, 95])
        return (
            f"{accepted} suggestions accepted, {keys / count:.1f} keys a picture; "
            f"key to next picture {half:.0f} ms, p95 {most:.0f} ms"
        )

    def name(self, wanted: str) -> int:
        """Find a class by typing as much of its name as tells it from the others."""
        others = [name.lower() for name in set(self.truth.values()) - {wanted}]
        length = next(
            (n for n in range(1, len(wanted)) if not any(name.startswith(wanted[:n].lower()) for name in others)),
            len(wanted),
        )
        self.page.keyboard.press("/")
        self.page.keyboard.type(wanted[:length])
        self.page.keyboard.press("Enter")
        return length + 2

    def train(self) -> str:
        page = self.page
        page.goto(f"{self.url}/runs")
        page.click("text=Train a model >> nth=0")
        page.click("[role=dialog] button:has-text('Start')")
        page.wait_for_url("**/runs/*-*")
        page.click("text=See how good it is", timeout=120_000)
        return page.inner_text("[data-testid=headline]")[:200]

    def deploy(self) -> str:
        page = self.page
        page.wait_for_selector("[data-testid=selective]")
        promise = page.inner_text("[data-testid=selective]")
        page.click("main button:has-text('Deploy'), main a:has-text('Deploy')")
        page.wait_for_selector("[role=dialog]")
        page.locator("[role=dialog] input[type=text]:not([readonly]), [role=dialog] input:not([type])").last.fill(
            "till"
        )
        if page.locator("[data-testid=gate]").count():
            page.click("text=I know, and deploy it anyway")
        page.click("[role=dialog] button:has-text('Deploy')")
        page.wait_for_url("**/deployments/till")
        page.wait_for_selector("[data-testid=state] >> text=Ready", timeout=60_000)
        return promise[:200]

    def curl(self, data: Path) -> str:
        """Ask about every photo of the val split, which was taken elsewhere and never sent to Modelyard."""
        body = {"name": "till", "scopes": ["predict"], "expires_in_days": 1}
        token = self.ask("POST", "/tokens", body)["token"]
        with (data / "classes.csv").open(encoding="utf-8") as file:
            names = {row["Coarse Class ID (int)"]: row["Coarse Class Name (str)"] for row in csv.DictReader(file)}
        right = decided = decided_right = 0
        lines = (data / "val.txt").read_text("utf-8").splitlines()
        for line in lines:
            path, _, coarse = (part.strip() for part in line.split(","))
            command = ["curl", "-s", f"http://127.0.0.1:{PORT}/api/v1/deployments/till/predict"]
            command += ["-H", f"Authorization: Bearer {token}", "-F", f"file=@{data / path}"]
            answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            is_right = answer["predictions"][0]["class"] == names[coarse]
            right += is_right
            decided += not answer["undecided"]
            decided_right += is_right and not answer["undecided"]
        return (
            f"{right} of {len(lines)} photos taken elsewhere right; "
            f"{decided} answered by itself, {decided_right} of them right"
        )

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the API as the browser does."""
        root = self.url.split("/projects")[0] if hasattr(self, "url") else ""
        answer = self.page.request.fetch(f"{root}/api/v1{path}", method=method, data=body, headers={"Origin": root})
        if not answer.ok:
            raise RuntimeError(answer.text())
        return answer.json()


if __name__ == "__main__":
    main()
