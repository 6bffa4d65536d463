"""The verbs of one project, along the loop: import, label, freeze, train, evaluate, predict, deploy, export."""

import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from modelyard.client import uploads
from modelyard.client.agreement import Agreement
from modelyard.client.batches import Batches
from modelyard.client.class_steps import ClassSteps
from modelyard.client.connection import Connection, OnProgress
from modelyard.client.detectors import Detectors
from modelyard.client.gold import Gold
from modelyard.client.guidelines import Guidelines
from modelyard.client.history import History, States
from modelyard.client.issues import Issues
from modelyard.client.members import Members
from modelyard.client.reviews import Reviews
from modelyard.client.webhooks import Webhooks
from modelyard.client.work import Work
from modelyard.errors import Conflict, Invalid, NotFound

_BULK = 1000
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"}


class ProjectNotFound(NotFound):
    """There is no such project."""


class NoModel(Conflict):
    """This project has no model yet. Train one first."""


class NoVersion(NotFound):
    """This project has no dataset version yet. Freeze one first."""


class PictureMissing(NotFound):
    """There is no picture at this path."""


class Project(ClassSteps):
    """One project; `record` holds what the server says of it."""

    def __init__(self, connection: Connection, record: dict[str, Any], *, is_local: bool) -> None:
        self._connection = connection
        self._is_local = is_local
        self.record = record
        self.id: str = record["id"]
        self.name: str = record["name"]
        self.detectors = Detectors(connection, self.id)
        self.batches = Batches(connection, self.id)
        self.agreement = Agreement(connection, self.id, self.batches)
        self.gold = Gold(connection, self.id)
        self.work = Work(connection, self.id, self.batches)
        self.reviews = Reviews(connection, self.id, self.batches)
        self.members = Members(connection, self.id)
        self.issues = Issues(connection, self.id)
        self.guidelines = Guidelines(connection, self.id)
        self.webhooks = Webhooks(connection, self.id)
        self.history = History(connection, f"/projects/{self.id}")

    def states(self, image_id: str) -> States:
        """Return the history of one picture: its states, and the way back to any of them."""
        return States(self._connection, image_id)

    def status(self) -> dict[str, Any]:
        """Say where the project stands and what to do next."""
        found: dict[str, Any] = self._get("status")
        return found

    def import_(
        self,
        sources: Sequence[str | Path],
        *,
        format: str = "auto",
        split: str | None = None,
        is_one_based: bool = False,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Bring in files, folders, globs or zips and wait until they are checked.

        Labels of pictures that have an answer already change nothing by themselves: where they say something else,
        the report's `changes` has the state "waiting" and counts; look with `import_changes`, then `apply_import`.

        Args:
            sources: Their paths.
            format: Where labels come from; "auto" recognises it.
            split: The split of every picture, in place of what a list says.
            is_one_based: Pascal VOC: whether pixels are counted from 1.
            on_progress: Told how far it is.

        Returns:
            The report: import_id, added, duplicates, refused (a list of name and reason), annotations, notes, changes.
        """
        options = {"format": format, "split": split, "is_one_based": is_one_based}
        paths = [str(source) for source in sources]
        if self._is_local:
            absolute = [str(Path(path).expanduser().absolute()) for path in paths]
            row = self._post("imports/local", {"paths": absolute, "options": options})
        else:
            row = uploads.upload(self._connection, self.id, uploads.find(paths), options)
        report: dict[str, Any] = self._connection.wait(row["job_id"], on_progress)["result"]
        files = self._connection.pages(f"/imports/{report['import_id']}/files", state="refused")
        report["refused"] = [{"name": file["name"], "reason": file["reason"]} for file in files]
        return report

    def imports(self) -> Iterator[dict[str, Any]]:
        """Yield the project's imports, newest first."""
        return self._connection.pages(f"/projects/{self.id}/imports")  # type: ignore[no-any-return]

    def import_changes(self, import_id: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the pictures of which an import's labels say something else than the project does.

        Args:
            import_id: The import's id.
            filters: `kind` ("added", "changed", "deleted" or "answer"), `edited` and `state`.
        """
        return self._connection.pages(f"/imports/{import_id}/changes", **filters)  # type: ignore[no-any-return]

    def apply_import(
        self, import_id: str, *, include_edited: bool = False, on_progress: OnProgress | None = None
    ) -> dict[str, Any]:
        """Apply what an import's labels change, as one step, and return what became of it.

        Args:
            import_id: The import's id.
            include_edited: Also pictures that people changed since labels came.
            on_progress: Told how far it is.

        Raises:
            Conflict: Nothing waits to be applied.
        """
        body = {"include_edited": include_edited}
        return self._follow_import(f"/imports/{import_id}/apply", on_progress, json=body)

    def take_back_import(self, import_id: str, on_progress: OnProgress | None = None) -> dict[str, Any]:
        """Take back all that an import's labels said; pictures that people changed since stay, and are named.

        Raises:
            Conflict: It said nothing, or was taken back already.
        """
        return self._follow_import(f"/imports/{import_id}/take-back", on_progress)

    def discard_import_changes(self, import_id: str) -> None:
        """Forget what an import's labels would change; raises `Conflict` if nothing waits."""
        self._connection.request("POST", f"/imports/{import_id}/discard")

    def _follow_import(self, path: str, on_progress: OnProgress | None, **options: Any) -> dict[str, Any]:
        row = self._connection.request("POST", path, **options)
        result = self._connection.wait(row["job_id"], on_progress)["result"]
        changes: dict[str, Any] = result["changes"]
        return changes

    def use_backbone(self, name_or_path: str | Path, on_progress: OnProgress | None = None) -> None:
        """Have another network look at the pictures, and wait for it.

        Args:
            name_or_path: A bundled backbone's name, or the path of an exported `.onnx` file, on the server's machine.
            on_progress: Told how far it is.

        Raises:
            NotFound: There is no such backbone.
        """
        text = str(name_or_path)
        if self._is_local and text.endswith(".onnx"):
            text = str(Path(text).expanduser().absolute())
        self.record = self._connection.request("PUT", f"/projects/{self.id}/backbone", json={"backbone": text})
        self.wait_for_features(on_progress)

    def wait_for_features(self, on_progress: OnProgress | None = None) -> None:
        """Wait until every picture was looked at."""
        for job in self._connection.request("GET", "/jobs", params={"project_id": self.id, "limit": 50})["items"]:
            if job["kind"] == "features.embed" and job["state"] in ("queued", "running"):
                self._connection.wait(job["id"], on_progress)

    def images(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the images that match the filters of the grid."""
        return self._connection.pages(f"/projects/{self.id}/images", limit=500, **filters)  # type: ignore[no-any-return]

    def find_thing(
        self,
        image_id: str,
        *,
        box: Sequence[float] | None = None,
        on: Sequence[tuple[float, float]] = (),
        beside: Sequence[tuple[float, float]] = (),
    ) -> dict[str, Any]:
        """Find what a box or points mean in an image, as the smart tool does; nothing is drawn.

        Args:
            image_id: The image.
            box: x1, y1, x2, y2 around the thing, in pixels of the upright image.
            on: Points (x, y) that belong to the thing.
            beside: Points that do not.

        Returns:
            `shape` (a mask, or None where nothing stands out), `score` in [0, 1], and `backend`: "sam" or "grabcut".

        Raises:
            Invalid: Neither a box nor a point on the thing.
        """
        clicks = [{"x": x, "y": y, "positive": True} for x, y in on]
        clicks += [{"x": x, "y": y, "positive": False} for x, y in beside]
        body = {"box": list(box) if box is not None else None, "clicks": clicks}
        found: dict[str, Any] = self._connection.request("POST", f"/images/{image_id}/smart", json=body)
        return found

    def label(self, labels: Mapping[str, str]) -> dict[str, int]:
        """Label images by name; classes that are missing are added.

        Returns:
            How many were labelled, and how many names match no image.
        """
        by_name: dict[str, list[str]] = defaultdict(list)
        for image in self.images():
            for key in {image["name"], Path(image["name"]).name}:
                by_name[key].append(image["id"])
        wanted: dict[str, list[str]] = defaultdict(list)
        missing = 0
        for name, class_name in labels.items():
            ids = by_name.get(name) or by_name.get(Path(name).name) or []
            missing += len(ids) != 1
            wanted[class_name] += ids if len(ids) == 1 else []
        class_ids = self._ensure_classes(list(wanted))
        for class_name, ids in wanted.items():
            for start in range(0, len(ids), _BULK):
                body = {"image_ids": ids[start : start + _BULK], "answer": "class", "class_id": class_ids[class_name]}
                self._post("annotations/bulk", body)
        return {"labelled": sum(map(len, wanted.values())), "unmatched": missing}

    def freeze(
        self, note: str = "", *, seed: int | None = None, on_progress: OnProgress | None = None
    ) -> dict[str, Any]:
        """Freeze the images that are labelled, or done, as a dataset version and return it.

        Where nothing changed since the newest version, that one is returned. Much is frozen by a job, and waited for.

        Args:
            note: What is new about it.
            seed: Decides which pictures go to which split; None: as the last time.
            on_progress: Told how far it is.

        Raises:
            Conflict: There is too little to freeze, or nothing.
        """
        answer: dict[str, Any] = self._post("versions", {"note": note, "seed": seed})
        if "kind" not in answer:
            return answer
        version_id = self._connection.wait(answer["id"], on_progress)["result"]["version_id"]
        version: dict[str, Any] = self._connection.request("GET", f"/versions/{version_id}")
        return version

    def versions(self) -> Iterator[dict[str, Any]]:
        """Yield the dataset versions, newest first."""
        return self._connection.pages(f"/projects/{self.id}/versions")  # type: ignore[no-any-return]

    def version(self, which: str | int = "latest") -> dict[str, Any]:
        """Return a version by id, by number, or the latest; raises `NoVersion`."""
        for version in self.versions():
            if str(which) in ("latest", version["id"], str(version["number"])):
                return version
        raise NoVersion(f"There is no version {which!r}." if which != "latest" else None)

    def version_images(self, which: str | int = "latest", **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield the images of a version with their class, or the objects of each class, and their split.

        Args:
            which: Its number, its id, or "latest".
            filters: `split` and `class_id`.
        """
        path = f"/versions/{self.version(which)['id']}/images"
        return self._connection.pages(path, **filters)  # type: ignore[no-any-return]

    def compare_versions(self, new: str | int, old: str | int) -> dict[str, Any]:
        """Return what changed from the version `old` to the version `new`: images, objects, classes, splits."""
        against = self.version(old)["id"]
        found: dict[str, Any] = self._connection.request(
            "GET", f"/versions/{self.version(new)['id']}/diff", params={"against": against}
        )
        return found

    def train(
        self, *, recipe: str = "auto", budget_s: float = 600, seed: int = 0, on_progress: OnProgress | None = None
    ) -> dict[str, Any]:
        """Train on the newest labels (frozen first if they changed) and return the run once it has ended."""
        body = {"version_id": "latest", "recipe": recipe, "budget_s": budget_s, "seed": seed}
        run = self._post("runs", body)
        self._connection.wait(run["job_id"], on_progress)
        ended: dict[str, Any] = self._connection.request("GET", f"/runs/{run['id']}")
        return ended

    def models(self) -> list[dict[str, Any]]:
        """Return the models, newest first."""
        found = self._get("models")
        return list(found["items"] if isinstance(found, dict) else found)

    def model(self, which: str = "latest") -> dict[str, Any]:
        """Return a model by id, by number, or the latest; raises `NoModel`."""
        models = self.models()
        if not models:
            raise NoModel
        if which == "latest":
            return max(models, key=lambda model: int(model["number"]))
        for model in models:
            if which in (model["id"], str(model["number"])):
                return model
        raise NoModel(f"There is no model {which!r}. Known numbers: {', '.join(str(m['number']) for m in models)}.")

    def evaluate(self, *, model: str = "latest", split: str = "test") -> dict[str, Any]:
        """Measure a model on a split and return the evaluation with its report."""
        found = self.model(model)
        evaluation: dict[str, Any] = self._connection.request(
            "POST", f"/models/{found['id']}/evaluations", json={"split": split}
        )
        return evaluation

    def predict(self, paths: Sequence[str | Path], *, model: str = "latest", top: int = 5) -> Iterator[dict[str, Any]]:
        """Yield an answer for each picture in these files and folders, computed here by the downloaded model.

        Raises:
            PictureMissing: A path leads nowhere.
            NoModel: There is no such model.
        """
        from modelyard.serving.predictor import Predictor

        files = _pictures(paths)
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "model.zip"
            with archive.open("wb") as out:
                self._connection.download(f"/models/{self.model(model)['id']}/download", out)
            with Predictor(archive) as predictor:
                for path in files:
                    yield _answer(predictor, path, top)

    def deploy(
        self, name: str, *, model: str = "latest", accept_below_wish: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Make a model available at an address; raises `Conflict` if it is below the project's wish."""
        body = {"name": name, "model_id": self.model(model)["id"], "accept_below_wish": accept_below_wish, **options}
        deployment: dict[str, Any] = self._post("deployments", body)
        return deployment

    def export(
        self,
        folder: str | Path,
        *,
        format: str = "jsonl",
        version: str = "latest",
        with_pictures: bool = True,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Write annotations, with images or without, into a folder; return the report: images, annotations, lost."""
        if version.isdigit():
            version = self.version(version)["id"]
        job = self._post("exports", {"format": format, "version": version, "with_pictures": with_pictures})
        result: dict[str, Any] = self._connection.wait(job["id"], on_progress)["result"]
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as archive:
            self._connection.download(f"/exports/{job['id']}/download", archive)
            archive.seek(0)
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(target)
        return result

    def _ensure_classes(self, names: list[str]) -> dict[str, str]:
        known = {entry["name"].lower(): entry["id"] for entry in self.classes()}
        for name in names:
            if name.lower() not in known:
                rows = self._post("classes", {"name": name})
                known = {entry["name"].lower(): entry["id"] for entry in rows}
        return {name: known[name.lower()] for name in names}

    def _get(self, path: str) -> Any:
        return self._connection.request("GET", f"/projects/{self.id}/{path}")

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._connection.request("POST", f"/projects/{self.id}/{path}", json=body)


def _pictures(paths: Sequence[str | Path]) -> list[Path]:
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix.lower() in _PICTURES)
        elif path.is_file():
            found.append(path)
        else:
            raise PictureMissing(f"There is no picture at {str(text)!r}.")
    return found


def _answer(predictor: Any, path: Path, top: int) -> dict[str, Any]:
    try:
        answer = predictor.predict(path.read_bytes(), top=top)
    except Invalid as error:
        return {"path": str(path), "predictions": [], "undecided": True, "error": error.detail}
    scores = [{"class": score.class_name, "score": round(score.score, 6)} for score in answer.predictions]
    return {"path": str(path), "predictions": scores, "undecided": answer.undecided}
