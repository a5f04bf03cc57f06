"""Every reading command as a process, on a console of each encoding: no crash, no lost line, no escape in a pipe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import World

READING = (
    ("status",),
    ("status", "--all"),
    ("status", "--score"),
    ("status", "--dept", "金融办", "--format", "json"),
    ("show", "金融办-01"),
    ("plot", "金融办-01/listed"),
    ("history", "金融办-01"),
    ("history", "金融办-01", "--format", "csv"),
    ("targets", "贷款"),
    ("check",),
    ("quantity", "16亿美元", "不少于80个"),
    ("due", "--month", "2023-05"),
    ("rank",),
    ("lint",),
    ("audit", "--format", "csv"),
    ("doctor",),
    ("plan", "diff", "2023", "2023"),
    ("draft", "全年新增上市公司2家"),
    ("help",),
    ("help", "日期"),
    ("help", "status"),
    ("show", "没有的"),
)
LOCALE = {"utf-8": "C.UTF-8", "gbk": "C", "ascii": "C"}
SHOW = """
import sys
from ledger.__main__ import run
for line in sys.stdin.buffer.read().decode("utf-8").splitlines():
    print(">>>", run(line.split("\\t")), file=sys.stderr)
    sys.stdout.flush()
"""


@pytest.mark.parametrize("encoding", LOCALE)
def test_every_reading_command_works_on_every_console(world: World, encoding: str) -> None:
    """One process does them all: what is tested is the console, not the start."""
    world.write("data/ledger.yaml", world.read("data/ledger.yaml").replace("测试账本", "测试账本①㎡囍🀄"))
    world.commit_all("难字")
    assert world("log", "金融办", "listed", "2家", "--on", "2023-05-31", "--note", "含过会①家🀄").code == 0
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        input="\n".join("\t".join(words) for words in READING).encode("utf-8"),
        cwd=world.root,
        env={**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": LOCALE[encoding]},
        capture_output=True,
        check=True,
    )
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    codes = [line for line in err.splitlines() if line.startswith(">>>")]
    # The audit names the change of the rules, for this ledger has no admin.
    failing = {"due", "没有的", "audit"}
    assert codes == [f">>> {int(not failing.isdisjoint(words))}" for words in READING]
    assert "Traceback" not in err
    assert "\x1b" not in out
    assert "2023-05-31" in out
    if encoding != "ascii":
        assert "新增上市公司" in out
        assert "下一步：" in err
    assert ("🀄" in out) == (encoding == "utf-8")
