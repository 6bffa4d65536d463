"""Links inside the README and the documentation lead somewhere, and the reference knows what the code knows."""

import re
from pathlib import Path
from typing import get_args

import pytest

from modelyard.cli.app import app
from modelyard.cli.common import EXIT_CODES

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def headings(text: str) -> set[str]:
    """Return the anchors that the site makes of a page's headings."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in found}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_inside_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{name} links to {target}"
        assert not anchor or anchor in headings(found.read_text(encoding="utf-8")), f"{name} links to {target}"


def test_every_page_of_the_documentation_stands_in_its_contents() -> None:
    contents = (ROOT / "mkdocs.yml").read_text() + (ROOT / "docs/decisions/index.md").read_text()
    pages = [name.removeprefix("docs/") for name in DOCUMENTS if name.startswith("docs/")]
    assert [page for page in pages if page not in contents and Path(page).name not in contents] == []


def test_the_reference_lists_every_command_and_exit_code() -> None:
    text = (ROOT / "docs/reference/command-line.md").read_text()
    names = [entry.name or entry.callback.__name__ for entry in app.registered_commands if entry.callback]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        commands = group.typer_instance.registered_commands
        names += [f"{group.name} {entry.name or entry.callback.__name__}" for entry in commands if entry.callback]
    assert len(names) > 15
    assert [name for name in names if f"| `{name}` |" not in text] == []
    assert all(re.search(rf"\b{code} ", text) for code in {0, 1, 2, 7, 8, *EXIT_CODES.values()})


def test_the_list_of_operations_is_fresh() -> None:
    from modelyard.server.openapi import reference

    assert reference() == (ROOT / "docs/reference/operations.md").read_text(encoding="utf-8"), "Run tools/update-api."


def test_the_page_on_roles_is_the_table_of_the_checks() -> None:
    from modelyard.server.openapi import roles

    assert roles() == (ROOT / "docs/reference/roles.md").read_text(encoding="utf-8"), "Run tools/update-api."


def test_the_reference_lists_every_format_of_an_export() -> None:
    from modelyard.server.datasets.schemas import ExportFormat

    text = (ROOT / "docs/reference/formats.md").read_text()
    assert [name for name in get_args(ExportFormat) if f"| `{name}` |" not in text] == []
