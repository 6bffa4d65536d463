"""Promises of the house as a whole: light to start, schema equal to the tables, every setting and error documented."""

import subprocess
import sys
from pathlib import Path

from alembic import command

from modelyard.server.kit.database import Database
from modelyard.server.migrations.run import config, upgrade
from modelyard.server.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_web_process_loads_no_learning_library() -> None:
    heavy = ["torch", "timm", "sklearn", "scipy", "onnx", "openvino", "cv2", "pydicom"]
    code = f"import sys, modelyard.server.app as a; a.load_events(); print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_schema_equals_the_tables_and_goes_up_and_down(database_url: str) -> None:
    db = Database(database_url)
    try:
        command.check(config(db))
        command.downgrade(config(db), "base")
        upgrade(db)
        command.check(config(db))
    finally:
        db.close()


def test_every_setting_has_a_sentence_and_a_line_in_the_reference() -> None:
    reference = (ROOT / "docs/reference/settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"MODELYARD_{name.upper()}" in reference, name


def test_the_committed_api_description_is_fresh() -> None:
    code = [sys.executable, "-m", "modelyard.server.openapi"]
    out = subprocess.run(code, capture_output=True, text=True, check=True)
    assert out.stdout == (ROOT / "web/openapi.json").read_text(), "Run tools/update-api."


def test_every_command_shows_an_example() -> None:
    from modelyard.cli.app import app

    commands = [*app.registered_commands]
    for group in app.registered_groups:
        assert group.typer_instance and "Example: modelyard" in str(group.typer_instance.info.help), group.name
        commands += group.typer_instance.registered_commands if group.typer_instance else []
    for entry in commands:
        assert entry.callback is not None
        assert "Example: modelyard" in (entry.callback.__doc__ or ""), entry.callback.__name__


def test_nothing_commits_outside_the_edge() -> None:
    sources = (ROOT / "src").rglob("*.py")
    outside = [path for path in sources if ".commit()" in path.read_text() and "/kit/" not in str(path)]
    assert [path.name for path in outside] == ["env.py"]  # Alembic's own entry.


def test_the_command_line_starts_quickly_because_it_loads_little() -> None:
    code = "import sys, modelyard.cli.app; print([m for m in ('numpy', 'sqlalchemy', 'fastapi') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
