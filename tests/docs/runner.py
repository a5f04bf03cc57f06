"""Runs the console blocks of a page: what stands after `$ ` is done, and what stands under it is what must come out.

A block is marked by `<!-- NAME -->` or `<!-- NAME DAY -->` on the line before it; DAY is today for its commands. A command
without lines under it only has to work; `# 退出码 N` behind it says how it ends when not with 0. Entry ids differ from run
to run: the ids a page shows stand for those that came out in the same places.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"<!-- (?P<name>[\w-]+)(?: (?P<day>\d{4}-\d\d-\d\d))? -->\n```console\n(?P<text>.*?)```", re.DOTALL
)
ULID = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
EXIT = re.compile(r"# 退出码 (\d+)$")

Run = Callable[[list[str], str | None], tuple[int, str, str]]
"""Does one command line on a day; returns its exit code, what it answered and what it told."""


@dataclass(frozen=True)
class Step:
    """One command line of a page, how it ends, and what the page shows under it (None: nothing)."""

    line: str
    day: str | None
    shown: str | None

    @property
    def words(self) -> list[str]:
        """The command line as the shell splits it."""
        return shlex.split(self.line, comments=True)

    @property
    def code(self) -> int:
        """The exit code the page promises."""
        found = EXIT.search(self.line)
        return int(found[1]) if found else 0


def steps(page: Path, name: str) -> Iterator[Step]:
    """Yield the commands of the blocks of that name, in the order of the page."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["name"] == name:
            yield from _steps(block["text"], block["day"])


def _steps(text: str, day: str | None) -> Iterator[Step]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield Step(line, day, shown or None)


class Player:
    """Does the steps of a page and keeps what came out for what the page shows; with `update` the page learns it."""

    def __init__(self, run: Run, scrub: Callable[[str], str], *, update: bool = False) -> None:
        self.run, self.scrub, self.update = run, scrub, update
        self.ids: dict[str, str] = {}

    def play(self, page: Path, name: str) -> dict[str, str]:
        """Do the steps of a page's blocks; return what each said. AssertionError when the page promises else."""
        said = {}
        for step in list(steps(page, name)):
            answer = said[step.line] = self._do(step)
            if step.shown is None:
                continue
            for shown, real in zip(ULID.findall(step.shown), ULID.findall(answer), strict=False):
                assert self.ids.setdefault(shown, real) == real, (
                    f"{page.name}: {shown} stands for two entries"
                )
            if self.scrub(answer).strip() != self.scrub(step.shown).strip():
                assert self.update, f"{page.name}: {step.line}\n{answer}"
                text = page.read_text(encoding="utf-8")
                old, new = f"$ {step.line}\n{step.shown}", f"$ {step.line}\n{answer.rstrip()}\n"
                page.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
        return said

    def _do(self, step: Step) -> str:
        words = [self.ids.get(word, word) for word in step.words]
        code, out, err = self.run(words, step.day)
        assert code == step.code, (step.line, code, out, err)
        problems = [line for line in err.splitlines() if not line.startswith("提示：")]
        assert not (problems and code == 0), (step.line, err)
        return out + err
