"""Promises of what is handed on: a wheel that is complete or not built at all, locks that name no host."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from modelyard.engine.backbones import DEFAULT, FILES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
PAGES = SOURCE / "modelyard/server/static"


def build_wheel(root: Path, folder: Path) -> list[str]:
    (built,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        return wheel.namelist()


def test_a_wheel_carries_the_pages_the_backbone_and_the_migrations_but_no_tests(tmp_path: Path) -> None:
    needed = [FILES / f"{DEFAULT}.onnx", FILES / f"{DEFAULT}.json", PAGES / "index.html"]
    if not all(path.is_file() for path in needed):
        pytest.skip("The browser application or the backbone is not built: run `make setup`.")
    names = build_wheel(ROOT, tmp_path)
    assert {str(path.relative_to(SOURCE)) for path in needed} <= set(names)
    assert any(name.startswith("modelyard/server/static/assets/") for name in names)
    assert "modelyard/server/migrations/script.py.mako" in names
    assert not [name for name in names if "test" in Path(name).parts[0] or name.endswith((".pyc", ".map"))]


def test_a_wheel_is_not_built_without_what_set_up_makes(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    (root / "src/modelyard").mkdir(parents=True)
    shutil.copy(SOURCE / "modelyard/__init__.py", root / "src/modelyard")
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, root)
    with pytest.raises(SystemExit, match=r"lacks the browser application, the backbone.*make wheel"):
        build_wheel(root, tmp_path)


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/dev.txt"])
def test_the_lock_of_python_names_hashes_and_no_host(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    assert sum("--hash=sha256:" in line for line in lines) > 50


def test_the_lock_of_the_browser_application_is_complete_and_names_no_host() -> None:
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if name and "integrity" not in entry]
    locked = {name.rpartition("node_modules/")[2] for name in packages}
    wanted = {name for entry in packages.values() for name in entry.get("optionalDependencies", {})}
    assert wanted <= locked, "npm ci refuses a lock that leaves out other platforms' packages."
