"""Templates are compiled once, and again where what was kept does not fit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from markupsafe import escape

from ledger.render.docx import OwnTemplate
from ledger.render.html.templates import page_templates


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for compiled files, written to."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled, as they are."""
    names: list[str] = []
    plain = jinja2.Environment.compile

    def spy(environment: jinja2.Environment, source: str, name: str | None = None, *args: object) -> object:
        names.append(name or "")
        return plain(environment, source, name, *args)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", spy)
    return names


def load() -> None:
    page_templates().get_template("report.html")
    page_templates().get_template("table.html")


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.jinja"))


def test_a_template_is_compiled_once(kept: Path, compiled: list[str]) -> None:
    load()
    assert sorted(compiled) == ["report.html", "table.html"]
    assert [path.name.split(".")[0] for path in files_of(kept)] == ["report", "table"]
    compiled.clear()
    load()
    assert compiled == []


@pytest.mark.parametrize("content", [b"", b"\0", b"x" * 100, b"[\x00\x00\x00\x00"])
def test_a_file_that_is_spoilt_is_compiled_again(kept: Path, compiled: list[str], content: bytes) -> None:
    load()
    for path in files_of(kept):
        path.write_bytes(content)
    compiled.clear()
    load()
    assert sorted(compiled) == ["report.html", "table.html"]
    compiled.clear()
    load()
    assert compiled == []


def test_a_changed_template_is_compiled_again(
    kept: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    text = "{{ 1 + 1 }}"
    monkeypatch.setattr("ledger.render.html.templates.read_asset", lambda _: text)
    assert page_templates().get_template("report.html").render() == "2"
    text = "{{ 1 + 2 }}"
    assert page_templates().get_template("report.html").render() == "3"


def test_nothing_is_written_where_python_writes_no_bytecode(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load()
    assert files_of(kept) == []


def test_the_text_of_the_own_bulletin_is_compiled_once(kept: Path, compiled: list[str]) -> None:
    text = "<w:p>{{ 标题 }}</w:p>" * 1000
    for title in ("甲", "<b>"):
        environment = OwnTemplate(autoescape=True)
        assert environment.from_string(text).render({"标题": title}).count(str(escape(title))) == 1000
        assert environment.from_string("{{ 标题 }}").render({"标题": title}) == escape(title)
    assert len([name for name in compiled if name]) == 1
    assert [path.name.split("-")[0] for path in files_of(kept)] == ["bulletin"]
