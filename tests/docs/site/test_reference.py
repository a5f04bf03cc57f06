"""The command reference leaves out no command and no option, the schemas' tables no field, and drift is noticed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from ledger.cli.app import program
from tests.paths import REPOSITORY

DOCS = REPOSITORY / "docs"


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(DOCS))
    import make_reference

    yield make_reference
    del sys.modules["make_reference"]


def commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, one in group.commands.items():
        yield f"{path} {name}", one
        if hasattr(one, "commands"):
            yield from commands(one, f"{path} {name}")


def test_every_command_and_option_is_in_the_reference() -> None:
    sections = dict(
        re.findall(
            r"^## (ledger .+?)\n(.*?)(?=^## |\Z)",
            (DOCS / "reference" / "cli.md").read_text("utf-8"),
            re.MULTILINE | re.DOTALL,
        )
    )
    found = dict(commands(typer.main.get_command(program()), "ledger"))
    assert set(sections) == set(found)
    for path, command in found.items():
        written = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", sections[path]))
        missing = {
            name
            for parameter in command.params
            if not getattr(parameter, "hidden", False)
            for name in (*parameter.opts, *parameter.secondary_opts)
            if name.startswith("-") and name not in written
        }
        assert missing == set(), path


def test_every_field_of_every_schema_is_in_the_tables() -> None:
    page = (DOCS / "reference" / "formats.md").read_text("utf-8")
    for path in sorted((REPOSITORY / "schemas").glob("*.json")):
        tables = re.search(rf"<!-- generated: {re.escape(path.name)} -->(.*?)<!-- end -->", page, re.DOTALL)
        assert tables is not None, f"docs/reference/formats.md has no tables of {path.name}"
        schema = json.loads(path.read_text("utf-8"))
        for shape in (schema.get("items", schema), *schema.get("$defs", {}).values()):
            for field in shape.get("properties", ()):
                assert f"| `{field}` |" in tables[1], (path.name, field)


def test_a_page_that_drifted_is_named_and_left_alone(
    reference: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reference").mkdir()
    for name in ("reference/cli.md", "reference/formats.md", "reference/export.md"):
        (tmp_path / name).write_bytes((DOCS / name).read_bytes())
    old = (tmp_path / "reference" / "cli.md").read_text("utf-8")
    (tmp_path / "reference" / "cli.md").write_text(
        old.replace("--evidence", "--proof"), encoding="utf-8", newline="\n"
    )
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    assert reference.main(["--check"]) == 1
    assert "cli.md" in capsys.readouterr().out
    assert "--proof" in (tmp_path / "reference" / "cli.md").read_text("utf-8")
    assert reference.main([]) == 0
    assert (tmp_path / "reference" / "cli.md").read_text("utf-8") == old
