"""The advice of a refusal works when it is typed: it succeeds, or meets another refusal, never the same one again."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.conftest import World

REFUSED: tuple[tuple[str, ...], ...] = (
    ("log", "金融办", "loans", "2"),
    ("log", "金融办", "loans", "2亿"),
    ("log", "金融办", "listed", "3家以上"),
    ("log", "金融办", "listed", "abc"),
    ("log", "金融办", "listed"),
    ("log", "金融办", "balance", "3100"),
    ("log", "金融办", "balance", "0.3"),
    ("log", "金融办", "green", "12"),
    ("log", "金融办", "green", "0.12"),
    ("log", "金融办", "green", "增长-2%"),
    ("log", "金融办", "green", "无"),
    ("log", "金融办", "quality", "前三"),
    ("log", "金融办", "quality", "第3位", "--of", "很多"),
    ("log", "金融办", "faster", "5%"),
    ("log", "金融办", "faster", "5", "--benchmark", "4%"),
    ("log", "金融办", "opinion", "快了"),
    ("log", "金融办", "listed", "2家", "--on", "2024-01-01"),
    ("log", "金融办", "listed", "20家"),
    ("log", "金融办", "listed", "2家", "--late"),
    ("log", "金融半", "listed", "2家"),
    ("log", "金融办", "绿色贷款", "2%"),
    ("judge", "金融办-01/front", "达到"),
    ("judge", "金融办-01/front", "未达到"),
    ("correct", "123456", "3家"),
    ("correct", "金融办", "listed", "3家", "--reason", "漏报"),
    ("void", "金融办", "listed"),
)


def advised(words: tuple[str, ...], hint: str) -> list[list[str]]:
    """Return the command lines that a next step describes, applied to the one that was refused."""
    line = list(words)
    commands = r"ledger ((?:log|judge|correct|void|history|check|status|targets)[^；：，、。）]*)"
    made = [shlex.split(command) for command in re.findall(commands, hint)]
    options = r"(?:加上|用|如) (--[a-z]+(?: (?!--)[^ ；，。）（]+)?(?: --[a-z]+ [^ ；，。）（]+)?)"
    for given in map(shlex.split, re.findall(options, hint)):
        kept = [word for at, word in enumerate(line) if given[0] not in (word, line[at - 1] if at else "")]
        made.append([*kept, *given])
    for text in re.findall(r"(?:写成|如) (增?[0-9第前一-龥][^ ；，。）（、“”]*)", hint):
        if line[0] != "log" or text.startswith("部门"):
            continue
        if re.match(r"[^/]+-[0-9]{2}/", text):
            made.append([*line[:2], text, *line[3:]])
        elif "--of" not in line:
            made.append([*line[:3], text, *line[4:]])
    return made


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_the_advice_of_a_refusal_works(world: World, words: tuple[str, ...]) -> None:
    start = world.git("rev-parse", "HEAD").strip()
    refused = world(*words)
    assert refused.code in {1, 2}, refused.out
    error, _, hint = refused.err.partition("下一步：")
    assert hint, refused.err
    for line in advised(words, hint.strip()):
        done = world(*line)
        assert done.code == 0 or done.err.partition("下一步：")[0] != error, (line, done.err)
        world.git("reset", "-q", "--hard", start)


def test_most_refusals_of_a_report_can_be_followed(world: World) -> None:
    """The test above would prove nothing if no advice were recognised."""
    followed = 0
    for words in REFUSED:
        _, _, hint = world(*words).err.partition("下一步：")
        followed += bool(advised(words, hint))
    assert followed >= len(REFUSED) * 2 // 3
