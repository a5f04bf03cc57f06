"""What many tests share: a small ledger in a real git repository, a fixed clock and identity, and the program in-process."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from ledger.__main__ import run

# The same examples every run, so that a red gate is about the change at hand; LEDGER_EXPLORE=1 looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("explore" if os.environ.get("LEDGER_EXPLORE") else "same")

CONFIG = """\
name: 测试账本
year: 2023
departments:
  - {name: 金融办, aliases: [市金融办]}
  - {name: 商务局, inferred: true}
lights:
  gap: points
  bands:
    - {light: 正常, to: 0}
    - {light: 滞后, from: 0, to: 30}
    - {light: 严重滞后, from: 30}
scoring: guiyang
rules: 2026
"""

FINANCE = """\
id: 金融办-01
department: 金融办
title: 企业上市板块扩容提质
year: 2023
difficulty:
text: >-
  全年新增上市公司“保6争8”，新增制造业中长期贷款150亿元，年末贷款余额突破3650亿元，绿色贷款增长12%，信贷资产质量保持全省前三，绿色贷款增速快于全部贷款增速，出台绿色金融实施意见，改革走在全国前列。
targets:
  - key: listed
    name: 新增上市公司
    kind: accumulate
    goal: {at_least: 6 家}
    stretch: [{at_least: 8 家}]
    quote: 全年新增上市公司“保6争8”
  - key: loans
    name: 新增制造业中长期贷款
    kind: accumulate
    goal: {reach: 150 亿元}
    quote: 新增制造业中长期贷款150亿元
  - key: balance
    name: 贷款余额
    kind: level
    goal: {above: 3650 亿元}
    quote: 年末贷款余额突破3650亿元
  - key: green
    name: 绿色贷款增幅
    kind: change
    goal: {reach: 12 %}
    quote: 绿色贷款增长12%
  - key: quality
    name: 信贷资产质量
    kind: rank
    goal: {within: 3}
    among: 全省
    quote: 信贷资产质量保持全省前三
  - key: faster
    name: 绿色贷款增速
    kind: compare
    goal: {above: 全部贷款增速}
    quote: 绿色贷款增速快于全部贷款增速
  - key: opinion
    name: 绿色金融实施意见
    kind: milestone
    quote: 出台绿色金融实施意见
  - key: front
    name: 改革走在前列
    kind: judgement
    quote: 改革走在全国前列
"""

COMMERCE = """\
id: 商务局-01
department: 商务局
title: 有序扩大双向投资
year: 2023
difficulty:
text: >-
  全年实到外资16亿美元；境外中方投资额3亿美元。
targets:
  - key: foreign-capital
    name: 实到外资
    kind: accumulate
    goal: {reach: 16 亿美元}
    quote: 全年实到外资16亿美元
  - key: overseas
    name: 境外中方投资额
    kind: accumulate
    goal: {reach: 3 亿美元}
    quote: 境外中方投资额3亿美元
"""

IDENTITY = {
    "GIT_AUTHOR_NAME": "张三",
    "GIT_AUTHOR_EMAIL": "zhang@example.gov.cn",
    "GIT_COMMITTER_NAME": "张三",
    "GIT_COMMITTER_EMAIL": "zhang@example.gov.cn",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def for_children() -> dict[str, str]:
    """What a process with an environment of its own still needs: the folder of hooks, and which function is changed in it."""
    return {name: os.environ[name] for name in ("PYTHONPATH", "MUTATION") if name in os.environ}


@dataclass
class Ran:
    """What one call of the program did."""

    code: int
    out: str
    err: str


@dataclass
class World:
    """A ledger folder and the program run in it."""

    root: Path
    call: Callable[..., Ran]

    def __call__(self, *arguments: str) -> Ran:
        return self.call(*arguments)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.stdout

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        return file

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def commit_all(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A git identity that does not depend on the machine, and a home of its own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "LEDGER_"))]:
        monkeypatch.delenv(name)
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("LEDGER_TODAY", "2023-06-30")


@pytest.fixture
def cli(identity: None, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The program, run in this process as `__main__` runs it."""

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def empty_world(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A git repository with nothing in it."""
    root = tmp_path / "账本"
    root.mkdir()
    monkeypatch.chdir(root)
    world = World(root, cli)
    world.git("init", "--quiet", "--initial-branch", "main")
    return world


@pytest.fixture
def world(empty_world: World) -> World:
    """A ledger with two departments and a target of every kind, committed."""
    empty_world.write("data/ledger.yaml", CONFIG)
    empty_world.write("data/targets/2023/金融办/01.yaml", FINANCE)
    empty_world.write("data/targets/2023/商务局/01.yaml", COMMERCE)
    empty_world.write(".gitattributes", "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n")
    empty_world.commit_all("建立账本")
    return empty_world


_ULID = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
_COMMIT = re.compile(r"\b([0-9a-f]{40}|[0-9a-f]{8})\b")
_SHORT = re.compile(
    r"(?m)^[0-9A-HJKMNP-TV-Z]{6}(?=  \d{4}-\d\d-\d\d)|(?<=核定 |退回 )[0-9A-HJKMNP-TV-Z]{6}(?=  )"
)
"""The end of an entry's id at the beginning of a line of a table, or of the figure that is reviewed."""
_WHEN = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


@pytest.fixture
def scrub() -> Callable[[str], str]:
    """Replaces what differs between two runs: entry ids, commit ids and commit times."""

    def scrubbed(text: str) -> str:
        return _WHEN.sub("<时间>", _COMMIT.sub("<提交>", _SHORT.sub("<编号>", _ULID.sub("<编号>", text))))

    return scrubbed
