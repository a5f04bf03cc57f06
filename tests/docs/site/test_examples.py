"""What the pages show is done here: commands are run in a ledger, files are written and checked, terms are spelt one way."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, World
from tests.paths import REPOSITORY

DOCS = REPOSITORY / "docs"
RUN = re.compile(r"<!-- run -->\n```console\n(.*?)```", re.DOTALL)
FILE = re.compile(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)


def shown(page: str) -> list[list[str]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    lines = [line for block in RUN.findall(text) for line in block.splitlines()]
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ ")]


@pytest.mark.parametrize("page", ["index.md", "internals/overview.md", "install.md", "guide/maintainer.md"])
def test_the_commands_of_a_page_work(
    page: str, cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(page)
    for program, *words in shown(page):
        assert program == "ledger"
        if words == ["--version"]:
            continue  # stops the interpreter
        done = cli(*words)
        assert (done.code, done.err) == (0, ""), (words, done.err)


def test_every_marked_block_belongs_to_a_page_that_is_run() -> None:
    marked = {
        path.relative_to(DOCS).as_posix()
        for path in DOCS.rglob("*.md")
        if "<!-- run -->" in path.read_text("utf-8")
    }
    assert marked == {"index.md", "internals/overview.md", "install.md", "guide/maintainer.md"}


def test_the_files_of_the_formats_page_are_a_sound_ledger(empty_world: World) -> None:
    files = FILE.findall((DOCS / "reference" / "formats.md").read_text(encoding="utf-8"))
    assert [path.split("/")[1] for path, _ in files] == ["ledger.yaml", "targets", "progress"]
    for path, text in files:
        empty_world.write(path, text)
    empty_world.write(".gitattributes", "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
    empty_world.commit_all("建立账本")
    done = empty_world("check")
    assert (done.code, done.out) == (0, "没有发现问题\n"), done.out
    assert "3家" in empty_world("status", "--dept", "金融办").out


def test_the_units_of_the_maintainers_guide_are_read(world: World) -> None:
    text = (DOCS / "guide" / "maintainer.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(units:\n.*?)```", text, re.DOTALL)
    assert block is not None
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + block[1])
    assert world("check").out == "没有发现问题\n"


def terms() -> list[tuple[str, list[str]]]:
    rows = re.findall(
        r"^\| (\S+) \| [^|]+ \| ([^|]+) \| [^|]+ \|$",
        (DOCS / "reference" / "glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    return [(term, others.strip().split("、")) for term, others in rows if term not in {"用词", "---"}]


def texts() -> dict[str, str]:
    """Everything a user reads: the pages and the program. Vocabulary of plans (drafting, reading tables) is not ours to choose."""
    paths = [*DOCS.rglob("*.md"), REPOSITORY / "README.md", *(REPOSITORY / "ledger").rglob("*.py")]
    paths += (REPOSITORY / "ledger").rglob("*.html")
    foreign = {REPOSITORY / "ledger" / "extract", REPOSITORY / "ledger" / "documents"}
    return {
        path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.name != "glossary.md" and not foreign & set(path.parents)
    }


def test_terms_are_spelt_as_the_glossary_has_them() -> None:
    found = [
        f"{path}: {other} → {term}"
        for path, text in texts().items()
        for term, others in terms()
        for other in others
        if other in text
    ]
    assert found == []


def test_the_glossary_holds_only_words_in_use() -> None:
    everything = "".join(texts().values())
    assert {"承诺事项", "年度目标", "评定难度", "序时进度", "销号"} <= {term for term, _ in terms()}
    assert [term for term, _ in terms() if term not in everything] == []


def test_the_files_of_a_ledger_are_checked_without_the_program_as_the_formats_page_says() -> None:
    block = re.search(
        r"```sh\n(check-jsonschema .*?)\n```", (DOCS / "reference" / "formats.md").read_text("utf-8")
    )
    assert block is not None
    folder = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", block[1]],
        cwd=REPOSITORY,
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
