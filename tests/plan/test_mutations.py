"""Whatever is changed in one commitment file, `check` says so with the file and the line: every commitment, every target.

The files are spoilt one place at a time and read and checked in this process; one case goes through the program itself.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.findings import Finding
from ledger.core.models import Target
from ledger.core.quantity import numerals
from ledger.files.ledger import Source
from tests.plan import real

IDS = [commitment.id for commitment in real.commitments()]
OTHER = str.maketrans(
    "0123456789一二三四五六七八九十百千万亿零两双", "1234567890二三四五六七八九十百千万亿百一三两"
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> real.Copy:
    return real.Copy.make(tmp_path_factory.mktemp("账本"))


@pytest.fixture(params=real.sources(), ids=IDS)
def source(request: pytest.FixtureRequest) -> Source:
    found: Source = request.param
    return found


class Spoilt:
    """One commitment file with one of its lines changed or taken out."""

    def __init__(self, source: Source, copy: real.Copy) -> None:
        self.source, self.copy = source, copy
        self.lines = real.text_of(source).split("\n")

    def line(self, *loc: str | int) -> int:
        return self.source.document.locate(loc)[0]

    def words_line(self, part: str) -> int:
        return self.source.document.locate_in_text((part,), 0)[0]

    def changed(self, line: int, old: str, new: str) -> tuple[Finding, ...]:
        """Findings after the last `old` of a line became `new`."""
        before = self.lines[line - 1]
        at = before.rindex(old)
        return self._findings(
            [*self.lines[: line - 1], before[:at] + new + before[at + len(old) :], *self.lines[line:]]
        )

    def without(self, *lines: int) -> tuple[Finding, ...]:
        return self._findings([words for number, words in enumerate(self.lines, 1) if number not in lines])

    def _findings(self, lines: list[str]) -> tuple[Finding, ...]:
        found = self.copy.findings(self.source.path, "\n".join(lines))
        assert {item.place.path for item in found} <= {self.source.path}
        return found


def at(found: tuple[Finding, ...], rule: str) -> list[int]:
    return [item.place.line for item in found if item.code == rule]


def one_other(words: str) -> Iterator[str]:
    """The words with one figure changed, once for each; where there is none, with its first letter doubled."""
    places = [
        i for n in numerals(words) for i in range(n.start, n.end) if words[i] != words[i].translate(OTHER)
    ]
    for i in places:
        yield words[:i] + words[i].translate(OTHER) + words[i + 1 :]
    if not places:
        yield words[0] + words


def test_the_files_as_they_are_have_no_findings(source: Source, copy: real.Copy) -> None:
    assert copy.findings(source.path, real.text_of(source)) == ()


def test_a_deleted_quote_is_found_at_its_target(source: Source, copy: real.Copy) -> None:
    spoilt = Spoilt(source, copy)
    for number, _ in enumerate(source.commitment.targets):
        found = spoilt.without(spoilt.line("targets", number, "quote"))
        assert [(item.code, item.place.line, item.message) for item in found] == [
            ("schema", spoilt.line("targets", number, "key"), "缺少 quote")
        ]


def test_a_changed_figure_of_a_quote_is_found_at_the_quote(source: Source, copy: real.Copy) -> None:
    spoilt = Spoilt(source, copy)
    for number, target in enumerate(source.commitment.targets):
        line = spoilt.line("targets", number, "quote")
        for other in one_other(target.quote):
            assert line in at(spoilt.changed(line, target.quote, other), "quote"), other


def test_a_changed_figure_of_a_goal_is_found_at_the_goal(source: Source, copy: real.Copy) -> None:
    spoilt = Spoilt(source, copy)
    for number, target in enumerate(source.commitment.targets):
        for line in goal_lines(spoilt, number, target):
            written = spoilt.lines[line - 1]
            figures = list(re.finditer("[0-9]", written))
            assert figures, written
            for match in figures:
                digit = match[0].translate(OTHER)
                changed = written[: match.start()] + digit + written[match.end() :]
                found = spoilt.changed(line, written, changed)
                assert line in at(found, "figure") + at(found, "schema") + at(found, "stretch"), changed


def goal_lines(spoilt: Spoilt, number: int, target: Target) -> list[int]:
    if target.kind in {"compare", "milestone", "judgement"}:
        return []
    fields = ["goal", *(["stretch"] if target.stretch else [])]
    return [spoilt.line("targets", number, field) for field in fields]


def test_a_changed_benchmark_is_found_at_the_goal(source: Source, copy: real.Copy) -> None:
    spoilt = Spoilt(source, copy)
    for number, target in enumerate(source.commitment.targets):
        if target.kind == "compare":
            line = spoilt.line("targets", number, "goal")
            found = spoilt.changed(line, target.goal.benchmark, f"邻市{target.goal.benchmark}")
            assert at(found, "benchmark") == [line]


def test_a_changed_unit_is_found_at_the_goal(source: Source, copy: real.Copy) -> None:
    """Another unit than the quote writes; where the quote writes none, a note says which was taken."""
    spoilt = Spoilt(source, copy)
    for number, target in enumerate(source.commitment.targets):
        for line in goal_lines(spoilt, number, target):
            if target.kind == "rank" or "未写" in (target.note or ""):
                continue
            written = spoilt.lines[line - 1]
            changed = re.sub(r"(?<=[0-9] )([万亿]*)[^万亿,\]}]+", r"\1立方米", written)
            assert changed != written
            assert line in at(spoilt.changed(line, written, changed), "unit"), changed


def test_a_deleted_context_item_leaves_a_numeral_unaccounted_for(source: Source, copy: real.Copy) -> None:
    spoilt = Spoilt(source, copy)
    words = {spoilt.words_line("title"), spoilt.words_line("text")}
    for number, _ in enumerate(source.commitment.context):
        alone = len(source.commitment.context) == 1
        header = [spoilt.lines.index("context:") + 1] if alone else []
        found = spoilt.without(*header, spoilt.line("context", number, "quote"))
        assert found
        assert {item.code for item in found} == {"numeral"}
        assert {item.place.line for item in found} <= words


def test_a_changed_figure_of_title_or_text_is_found(source: Source, copy: real.Copy) -> None:
    """At the quotes that held it, or, where they stand elsewhere too, in the words themselves."""
    spoilt = Spoilt(source, copy)
    for part in ("title", "text"):
        words = getattr(source.commitment, part)
        line = spoilt.words_line(part)
        quotes = {
            spoilt.line(group, number, "quote"): item.quote
            for group in ("targets", "context")
            for number, item in enumerate(getattr(source.commitment, group))
        }
        for changed in one_other(words) if numerals(words) else ():
            found = spoilt.changed(line, words, changed)
            expected = {line} | {where for where, quote in quotes.items() if quote in words}
            assert {item.place.line for item in found} & expected, changed


def test_a_deleted_target_leaves_its_figures_unaccounted_for(source: Source, copy: real.Copy) -> None:
    spoilt = Spoilt(source, copy)
    targets = source.commitment.targets
    for number, target in enumerate(targets):
        shared = [
            item
            for item in targets
            if item is not target and getattr(item, "goal", 0) == getattr(target, "goal", 1)
        ]
        if not goal_lines(spoilt, number, target) or len(targets) == 1 or shared:
            continue
        first = spoilt.line("targets", number, "key")
        last = next(n for n in range(first, len(spoilt.lines) + 1) if not spoilt.lines[n].startswith("    "))
        found = spoilt.without(*range(first, last + 1))
        assert at(found, "numeral") or at(found, "part_of") or at(found, "any_of"), target.key


def test_the_program_itself_names_the_file_and_the_line(tmp_path: Path) -> None:
    copy = real.Copy.make(tmp_path)
    sound = run_check(copy.root)
    assert (sound.returncode, json.loads(sound.stdout)) == (0, [])
    file = copy.root / "data/targets/2023/金融办/03.yaml"
    text = file.read_text(encoding="utf-8")
    line = text[: text.index("quote: 全年新增上市公司“保6争8”")].count("\n") + 1
    file.write_text(
        text.replace("quote: 全年新增上市公司“保6争8”", "quote: 全年新增上市公司“保6争9”"), encoding="utf-8"
    )
    spoilt = run_check(copy.root)
    assert spoilt.returncode == 1
    found = [(row["path"], row["line"], row["rule"]) for row in json.loads(spoilt.stdout)]
    assert ("data/targets/2023/金融办/03.yaml", line, "quote") in found


def run_check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ledger", "check", "--format", "json", "--root", str(root)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=real.ROOT,
        env={**clean, "LEDGER_TODAY": "2023-06-30", "PYTHONUTF8": "1"},
    )
