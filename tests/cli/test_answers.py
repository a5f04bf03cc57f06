"""Answers that are kept: shown again only while nothing that they depend on has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.cli import answers
from ledger.cli.commands import NAMES, load_command
from ledger.files import ledger_state
from tests.conftest import COMMERCE, Ran, World

READING = (
    ("status",),
    ("status", "--dept", "金融办", "--format", "json"),
    ("show", "金融办-01"),
    ("history", "金融办-01"),
    ("targets", "贷款"),
    ("due", "--month", "2023-05"),
    ("rank",),
    ("plot", "金融办-01/listed"),
    ("why", "金融办-01/listed"),
    ("doubts",),
    ("changes", "--from", "2023-04-30"),
    ("check",),
    ("check", "--format", "json"),
)
"""A call of every command whose answers are kept."""
DOCUMENTS = (
    ("report", "-o", "文件/报告.html"),
    ("bulletin", "--month", "2023-05", "-o", "文件/通报.docx"),
    ("bulletin", "--month", "2023-05", "-o", "文件/通报.md"),
)
"""Calls that write a document which is kept."""


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledgers that have rested: the clock by which a change is told to be recent runs three seconds ahead."""
    real = time.time_ns
    monkeypatch.setattr(ledger_state.time, "time_ns", lambda: real() + 3_000_000_000)


@pytest.fixture
def reported(world: World) -> World:
    """A ledger with entries of two months."""
    for day, figure in (("2023-04-30", "1家"), ("2023-05-31", "2家")):
        assert world("log", "金融办", "新增上市公司", figure, "--on", day, "--note", "按月报表").code == 0
    return world


def computed(world: World, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Return the answer of a program that has kept none."""
    with monkeypatch.context() as patch:
        patch.setattr(answers, "_find_cache", lambda *_: None)
        return world(*words)


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by one with each answer that is shown again."""
    shown: list[str] = []
    real = answers._show
    monkeypatch.setattr(answers, "_show", lambda *a: (shown.append("again"), real(*a)))
    return shown


def test_every_command_that_only_reads_is_tried_here() -> None:
    assert {name for name in NAMES if load_command(name).reads_only} == {
        words[0] for words in READING + DOCUMENTS
    }


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_an_answer_is_shown_again_as_it_was(
    reported: World, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    reported.write(
        "data/targets/2023/商务局/01.yaml", COMMERCE.replace("有序扩大", "扩大")
    )  # a notice goes with it
    shown = counting(monkeypatch)
    first = reported(*words)
    again = reported(*words)
    assert (again, len(shown)) == (first, 1)
    assert first == computed(reported, words, monkeypatch)


@pytest.mark.parametrize("words", [words for words in READING if words[0] != "status"], ids=" ".join)
def test_an_answer_shown_again_loads_neither_plan_nor_git(
    reported: World, words: tuple[str, ...], tmp_path: Path
) -> None:
    reported(*words)
    probe = tmp_path / "bin" / "git"
    probe.parent.mkdir()
    probe.write_text("#!/bin/sh\nexit 99\n")
    probe.chmod(0o755)
    code = (
        "import os,sys,time\nend=os._exit\nclock=time.time_ns\ntime.time_ns=lambda: clock()+3_000_000_000\n"
        "def stop(code):\n"
        " print(sorted(m for m in sys.modules if m.startswith(('ledger.core.models','msgspec','ruamel','subprocess'))), file=sys.stderr)\n"
        " end(0)\n"
        "os._exit=stop\nfrom ledger.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PATH": str(probe.parent)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "[]"


Change = Callable[[World], object]
LEDGER, PLAN, ENTRIES = (
    "data/ledger.yaml",
    "data/targets/2023/金融办/01.yaml",
    "data/progress/2023/金融办/01.yaml",
)


def _edit_unnoticed(world: World) -> None:
    """Change a figure and give the file its size and time back."""
    file = world.root / PLAN
    before = file.stat()
    text = file.read_text(encoding="utf-8").replace("6 家", "7 家").replace("保6争8", "保7争8")
    file.write_text(text, encoding="utf-8", newline="\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Change] = {
    "an entry": lambda world: world("log", "金融办", "新增上市公司", "1家", "--on", "2023-06-30"),
    "a figure of the plan, unnoticed": _edit_unnoticed,
    "the lights": lambda world: world.write(
        LEDGER, world.read(LEDGER).replace("to: 30", "to: 90").replace("from: 30", "from: 90")
    ),
    "a file gone": lambda world: (world.root / ENTRIES).unlink(),
    "a file of nobody": lambda world: world.write("data/progress/2023/金融办/01.bak", ""),
    "a department's folder": lambda world: (world.root / "data/targets/2023/新办").mkdir(),
    "a commit of what was changed": lambda world: (_edit_unnoticed(world), world.commit_all("改目标")),
    "a commit taken back": lambda world: world.git("reset", "--quiet", "--soft", "HEAD~1"),
    "a seal": lambda world: world("seal", "2023-05"),
    "another branch": lambda world: world.git("checkout", "--quiet", "-b", "旁支", "HEAD~1"),
    "an amended goal": lambda world: world(
        "amend",
        "金融办-01/listed",
        "--goal",
        "at_least=5 家",
        "--reason",
        "市政府常务会议调整",
        "--on",
        "2023-06-30",
    ),
    "a link": lambda world: (
        shutil.move(world.root / "data/progress", world.root / "另存"),
        (world.root / "data/progress").symlink_to(world.root / "另存"),
    ),
    "packed references": lambda world: world.git("pack-refs", "--all"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_every_answer_is_what_it_would_be_without(
    reported: World, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in READING:
        reported(*words)
    CHANGES[change](reported)
    for words in READING:
        assert reported(*words) == computed(reported, words, monkeypatch), words


@given(order=st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=4))
@settings(
    max_examples=int(os.environ.get("LEDGER_EXPLORE", "4")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_after_any_changes_every_answer_is_what_it_would_be_without(
    reported: World,
    order: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    copy = World(tmp_path_factory.mktemp("账本") / "账本", reported.call)
    shutil.copytree(reported.root, copy.root, symlinks=True)
    monkeypatch.chdir(copy.root)
    for change in order:
        try:
            CHANGES[change](copy)
        except (OSError, subprocess.CalledProcessError):
            continue  # a file that is gone cannot go again
        for words in READING[1:6]:
            assert copy(*words) == computed(copy, words, monkeypatch), (change, words)


@pytest.mark.parametrize(
    "other",
    [
        ("due", "--month", "2023-04"),
        ("due", "--month", "2023-05", "--why"),
        ("due", "--month", "2023-05", "--format", "json"),
        ("due", "--month", "2023-05", "--dept", "商务局"),
        ("--known", "HEAD~1", "due", "--month", "2023-05"),
    ],
    ids=" ".join,
)
def test_other_words_are_another_question(
    reported: World, other: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    reported("due", "--month", "2023-05")
    shown = counting(monkeypatch)
    reported(*other)
    assert not shown


def test_another_day_is_another_question(reported: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reported("show", "金融办-01")
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-02")
    shown = counting(monkeypatch)
    reported("show", "金融办-01")
    assert not shown


def test_a_ledger_that_changed_just_now_is_not_relied_on(
    reported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    os.chdir(reported.root)
    reported.write("data/targets/2023/商务局/01.yaml", COMMERCE.replace("有序扩大", "扩大"))
    assert ledger_state.state_of(reported.root) is None


@pytest.mark.parametrize(
    "words",
    [
        ("rank", "--format", "csv"),
        ("rank", "-o", "排名.csv"),
        ("status", "--no-cache"),
        ("check", "--no-cache"),
        ("show", "没有-99"),
        ("due", "--month", "2023-05", "--letters-to", "函"),
    ],
    ids=" ".join,
)
def test_files_tables_for_programs_and_errors_are_not_kept(
    reported: World, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = counting(monkeypatch)
    first = reported(*words)
    assert reported(*words) == first
    assert not shown


def content(file: Path) -> bytes:
    """Return what a document says; a Word file also holds the time at which it was packed."""
    if file.suffix != ".docx":
        return file.read_bytes()
    with ZipFile(file) as packed:
        return packed.read("word/document.xml")


@pytest.mark.parametrize("words", DOCUMENTS, ids=" ".join)
def test_a_document_is_written_again_as_it_was(
    reported: World, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = reported.write(words[-1], "")
    reported(*words)  # notes beside the repository how far the audit went, which is part of the state
    shown = counting(monkeypatch)
    first = (reported(*words), file.read_bytes())
    first_content = content(file)
    file.write_bytes(b"")
    assert (reported(*words), file.read_bytes(), shown) == (*first, ["again"])
    file.write_bytes(b"")
    assert (computed(reported, words, monkeypatch), content(file)) == (first[0], first_content)
    other = reported.write("别处/" + file.name, "")
    assert reported(*words[:-1], f"别处/{file.name}").code == 0  # its links are relative to where it lies
    assert len(shown) == 1
    assert other.stat().st_size


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (DOCUMENTS[0], CHANGES["an entry"]),
        (DOCUMENTS[2], CHANGES["a seal"]),
        (DOCUMENTS[1], lambda world: world("bulletin", "--save-template", "templates/通报.docx")),
        (
            DOCUMENTS[1],
            lambda world: world.write(
                "data/ledger.yaml", world.read("data/ledger.yaml") + "bulletin: {issuer: 督查室}\n"
            ),
        ),
    ],
    ids=["entry", "seal", "template", "settings"],
)
def test_a_document_is_made_anew_after_a_change(
    reported: World, words: tuple[str, ...], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = reported.write(words[-1], "")
    (reported.root / "templates").mkdir()
    reported(*words)
    change(reported)
    shown = counting(monkeypatch)
    reported(*words)
    made = content(file)
    assert not shown
    computed(reported, words, monkeypatch)
    assert content(file) == made


def test_a_template_from_elsewhere_is_not_relied_on(reported: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reported("bulletin", "--save-template", "模板.docx").code == 0
    words = ("bulletin", "--month", "2023-05", "-o", "通报.docx", "--template", "模板.docx")
    reported(*words)
    shown = counting(monkeypatch)
    assert reported(*words).code == 0
    assert not shown


@pytest.mark.parametrize("words", DOCUMENTS, ids=" ".join)
def test_where_there_is_a_server_it_is_asked_for_every_document(
    reported: World, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reported.git("clone", "--quiet", "--bare", ".", str(tmp_path / "server.git"))
    reported.git("remote", "add", "origin", str(tmp_path / "server.git"))
    reported.write(words[-1], "")
    shown = counting(monkeypatch)
    for _ in range(3):
        assert reported(*words).code == 0
    assert not shown
