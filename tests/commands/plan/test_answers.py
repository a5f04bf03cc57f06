"""How many answers a person gives from an office's document to a committed plan of 66 targets: no more than 60."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from ledger.cli import review
from ledger.environment import Environment
from tests.conftest import World
from tests.extract.labels import lines
from tests.paths import REPOSITORY

DEPARTMENTS = ("发改局", "财政局", "工信局", "农业农村局", "生态环境局", "人社局", "教育局", "卫健局")


@dataclass
class Person:
    """Somebody who confirms what is sure in one go, reads each doubtful target and accepts it, and says of the unread why it is no target."""

    prompts: list[str] = field(default_factory=list)
    sure: bool = False
    back: bool = False
    added: bool = False

    def answer(self, _: Environment, prompt: str) -> str:
        self.prompts.append(prompt)
        if prompt == review.ASK and not self.sure:
            self.sure = True
            return "a"
        if prompt == review.ASK and not self.back and len(self.prompts) > 3:
            self.back = True
            return "b"
        if prompt == review.ASK_UNKNOWN:
            return "c"
        if prompt.startswith("为什么"):
            return "与部门核对后另定"
        return ""


def document() -> str:
    """A county's list of tasks: prose of the genre, one task a line, its department behind it; 66 targets by their labels."""
    texts, count = [], 0
    for number, line in enumerate(lines(REPOSITORY / "tests/extract/corpus/lines-genre-dev.txt")):
        if "\t" in line.text or "\n" in line.text or line.expected.startswith(("unknown", "—")):
            continue
        labels = line.expected.count(";") + 1
        if count + labels > 66:
            break
        count += labels
        texts.append(f"{len(texts) + 1}.{line.text.rstrip('。')}。（责任单位：{DEPARTMENTS[number % 8]}）")
    return "安吉县2026年重点工作责任清单\n" + "\n".join(texts) + "\n"


def test_sixty_six_targets_take_no_more_than_sixty_answers(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert empty_world("init", "安吉", "--empty", "--city", "安吉县", "--year", "2026").code == 0
    world = World(empty_world.root / "安吉", empty_world.call)
    (world.root / "清单.txt").write_text(document(), encoding="utf-8")
    monkeypatch.chdir(world.root)
    ran = world("plan", "import", "清单.txt")
    assert ran.code == 0, ran.err
    person = Person()
    monkeypatch.setattr(review, "ask", person.answer)
    ran = world("draft", "--review")
    assert "还有 0 项草稿" in ran.out, ran.out
    written = sorted((world.root / "data/targets/2026").glob("*/*.yaml"))
    targets = sum(path.read_text(encoding="utf-8").count("- key:") for path in written)
    page = (REPOSITORY / "docs/guide/plan-import.md").read_text(encoding="utf-8")
    told = re.search(r"一份 (\d+) 个目标的责任清单，(\d+) 个答复", page)
    assert told is not None
    assert (targets, len(person.prompts)) == (int(told[1]), int(told[2])), (targets, len(person.prompts))
    assert targets >= 60
    assert len(person.prompts) <= 60
    assert world("check").code == 0
