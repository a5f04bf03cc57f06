"""All that a command which writes leaves behind: exit code, answer, author, message with its trailers, every changed line, the refs.

Each case starts from the same ledger. What a refusal says, and that it leaves nothing, stands beside it. Ids and commits are numbered in
the order in which they come up, so that a reference to another one shows. `pytest --snapshot-update` accepts a change.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from syrupy.assertion import SnapshotAssertion

from ledger.cli.commands import load_command
from tests.conftest import FINANCE, Ran, World
from tests.numbering import numbered, objects_in

SECOND = """\
id: 金融办-02
department: 金融办
title: 普惠金融
year: 2023
difficulty:
text: 全年普惠贷款50亿元，覆盖县区5个。
targets:
  - {key: small, name: 普惠贷款, kind: accumulate, goal: {reach: 50 亿元}, quote: 全年普惠贷款50亿元}
  - {key: areas, name: 覆盖县区, kind: accumulate, goal: {reach: 5 个}, quote: 覆盖县区5个}
"""
REPORTED = (
    "log 金融办 listed 1家 --add --on 2023-03-31",
    "log 金融办 listed 2家 --add --on 2023-05-31 --evidence 文1 --note 含过会",
    "log 金融办 loans 40亿元 --total --on 2023-05-31",
    "log 商务局 overseas 1亿美元 --total --on 2023-05-31",
)
"""What is in the ledger before each case."""
WHY = "--reason 市政府专题会议"
SINCE = f"--on 2023-06-15 {WHY}"
SEALED = ("seal 2023-05 --local",)
STAFFED = ("@roles",)
SERVED = ("@server",)
PROGRESS = "data/progress/2023/金融办/01.yaml"
SHEET = "sheet import {folder}/表.xlsx --dept 金融办 --month 2023-06"

WRITTEN: dict[str, Sequence[str]] = {
    "log added": ["log 金融办 listed 2家 --add"],
    "log total of the whole term": ["log 金融办 金融办-02/areas 5个 --total --on 2023-06-30"],
    "log change": ["log 金融办 green --current 112亿元 --base 100亿元"],
    "log compare": ["log 金融办 faster 15.2% --benchmark 12.1%"],
    "log rank": ["log 金融办 quality 第4位 --of 11 --by 李四"],
    "log step": ["log 金融办 opinion 完成 --on 2023-06-20 --evidence 文1 --evidence 文2 --note 已发"],
    "log nothing": ["log 金融办 balance --none --reason 尚在汇总 --on 2023-05-31"],
    "log late": [*SEALED, "log 金融办 balance 3600亿元 --on 2023-04-30 --late --reason 漏报"],
    "log doubtful": ["log 金融办 loans 30亿元 --total --confirm"],
    "log preview": ["log 金融办 listed 2家 --add --dry-run"],
    "correct amount": [f"correct {{entry2}} 3家 {WHY}"],
    "correct the rest": [f"correct 金融办 listed --month 2023-05 --on 2023-05-30 --note 已上市 --evidence 文2 {WHY}"],
    "correct basis": [f"correct 金融办 listed 3家 --month 2023-05 --total --by 李四 {WHY}"],
    "correct sealed": [*SEALED, f"correct {{entry2}} 3家 --late {WHY}"],
    "correct twice": [f"correct {{entry2}} 3家 {WHY}", f"correct 金融办 listed 4家 --month 2023-05 {WHY}"],
    "void": [f"void {{entry2}} {WHY}"],
    "void a correction": [f"correct {{entry2}} 3家 {WHY}", f"void {{last}} {WHY}"],
    "void sealed": [*SEALED, f"void {{entry2}} --late {WHY}"],
    "judge met": ["judge 金融办-01/front 达到 --evidence 通报 --on 2023-06-20"],
    "judge unmet": ["judge 金融办-01/front unmet --reason 没有列入"],
    "verify one": ["verify {entry2} --evidence 函 --note 已核"],
    "verify a department": ["return {entry1} --reason 不符", "verify 金融办"],
    "verify a commitment": ["verify 商务局-01 --month 2023-05"],
    "verify all, sealed": [*SEALED, "verify 金融办 --month 2023-05 --late --reason 封账后核"],
    "return": ["return {entry2} --reason 佐证不符"],
    "remark": ["remark 金融办 listed --cause 退回补正 --measure 重新申报 --owner 李四 --until 2023-09-30"],
    "remark of a month": ["remark 金融办 listed --month 2023-04 --cause 甲 --measure 乙 --by 王五"],
    "remark, sealed": [*SEALED, "remark 金融办 listed --cause 甲 --measure 乙"],
    "amend goal": [f"amend 金融办-01/listed --goal ≥8家 {WHY}"],
    "amend all": [f"amend 金融办-01/loans --name 贷款 --due 2023-11-30 --weight 2 --plan 2023-06-30=80亿元 {WHY}"],
    "amend stretch": [f"amend 金融办-01/listed --stretch ≥9家 --stretch ≥10家 --from 2023-06-01 {WHY}"],
    "amend baseline": [f"amend 金融办-01/balance --baseline 3500亿元 {WHY} --dry-run"],
    "rate": [f"rate 金融办-01 难 {WHY}"],
    "rate again": [f"rate 金融办-01 难 {WHY}", f"rate 金融办-01 一般 --from 2023-06-01 {WHY}"],
    "close met": ["log 金融办 opinion 完成 --on 2023-06-20", "close 金融办-01/opinion --evidence 文1 --evidence 文2"],
    "close unmet": [f"close 金融办-01/listed --evidence 文1 {WHY}"],
    "close a commitment": [f"close 商务局-01 --evidence 文1 {WHY}"],
    "reopen": [f"close 商务局-01 --evidence 文1 {WHY}", f"close 商务局-01 --reopen {WHY}"],
    "log with a file": ["@file", "log 金融办 listed 2家 --add --evidence {folder}/批复.pdf"],
    "correct with a file": ["@file", f"correct {{entry2}} 3家 --evidence {{folder}}/批复.pdf {WHY}"],
    "judge with a file": ["@file", "judge 金融办-01/front 达到 --evidence {folder}/批复.pdf"],
    "verify with a file": ["@file", "verify {entry2} --evidence {folder}/批复.pdf"],
    "close with a file": ["@file", f"close 商务局-01 --evidence {{folder}}/批复.pdf {WHY}"],
    "transfer": [f"transfer 金融办-02 商务局 {SINCE}"],
    "rename": [f"dept rename 金融办 金融局 {SINCE}"],
    "merge": [f"dept merge 金融办 商务局 --into 经济局 {SINCE}"],
    "merge into one of them": [f"dept merge 金融办 --into 商务局 {SINCE}"],
    "report after a transfer": [f"transfer 金融办-02 商务局 {SINCE}", "log 商务局 small 9亿元 --add --on 2023-06-20"],
    "seal": ["seal 2023-05 --local"],
    "seal again": [*SEALED, f"seal --reopen 2023-05 {WHY} --local"],
    "seal the month reopened": [*SEALED, f"seal --reopen 2023-05 {WHY} --local", "seal 2023-05 --local"],
    "seal on a server": [*SERVED, "seal 2023-05"],
    "seal preview": [*SERVED, "seal 2023-05 --dry-run"],
    "sync nothing": [*SERVED, "sync"],
    "sync sends": [*SERVED, "log 金融办 listed 1家 --add", "log 商务局 overseas 2亿美元 --total", "sync"],
    "sync receives": [*SERVED, "log 金融办 listed 1家 --add", "sync", "git reset --quiet --hard HEAD~1", "sync"],
    "sync joins": [*SERVED, "@meanwhile", "log 金融办 listed 1家 --add", "sync"],
    "sync preview": [*SERVED, "@meanwhile", "log 金融办 listed 1家 --add", "sync --dry-run"],
    "redo drops": [*SERVED, "log 金融办 listed 1家 --add", "log 金融办 loans 41亿元 --total", "redo --drop {last}"],
    "redo late": [*SERVED, "log 金融办 balance 3600亿元 --on 2023-05-20", "@sealed meanwhile", f"redo --late {WHY}"],
    "redo as me": [*SERVED, "log 金融办 listed 1家 --add", "@someone else", "redo --as-me"],
    "redo preview": [*SERVED, "log 金融办 listed 1家 --add", f"correct {{last}} 2家 {WHY}", "redo --as-me --dry-run"],
    "redo a correction of what was sent": [*SERVED, f"correct {{entry2}} 3家 {WHY}", "redo --as-me"],
    "redo drops what was corrected": [*SERVED, "log 金融办 listed 1家 --add", f"correct {{last}} 2家 {WHY}", "redo --drop {entry5}"],
    "redo drops a correction": [*SERVED, "log 金融办 listed 1家 --add", f"correct {{last}} 2家 {WHY}", "redo --drop {entry6}"],
    "redo forgets": [*SERVED, "log 金融办 listed 1家 --add", "redo --drop {last}", "redo --forget"],
    "sheet": ["@sheet", SHEET],
    "sheet preview": ["@sheet", f"{SHEET} --dry-run"],
    "sheet again": ["@sheet", SHEET, SHEET],
    "sheet late": ["@sheet", "@today 2023-07-20", "seal 2023-06 --local", f"{SHEET} --late {WHY}"],
    "sheets together": ["@sheets", "sheet import {folder}/填好的"],
    "carry": ["@next year", "plan carry 2023 2024 --confirm"],
    "carry preview": ["@next year", "plan carry 2023 2024"],
    "carry of one department": ["@next year", "plan carry 2023 2024 --dept 商务局 --confirm"],
    "doctor finds nothing": ["doctor"],
    "doctor does not look outside": ["git update-index --assume-unchanged .gitattributes", "doctor"],
    "doctor completes the attributes": ["@attributes", "doctor --fix"],
    "doctor rewrites a file": ["@block", "doctor --fix"],
    "doctor moves lines aside": ["@torn", "doctor --fix"],
    "doctor preview": ["@torn", "doctor --fix --dry-run"],
    "doctor takes lines for one's own": ["@by hand", "doctor --fix --mine"],
}  # fmt: skip
LEFT = {"doctor moves lines aside", "doctor preview"}
"""What ends with 1: something is left for a person to look at."""
REFUSED: dict[str, Sequence[str]] = {
    "log unit": ["log 金融办 listed 2亿元"],
    "log future": ["log 金融办 listed 2家 --on 2023-07-01"],
    "log before the term": ["log 金融办 listed 2家 --on 2022-12-31"],
    "log sealed": [*SEALED, "log 金融办 listed 2家 --add --on 2023-05-20"],
    "log late without a reason": ["log 金融办 listed 2家 --late"],
    "log doubtful": ["log 金融办 loans 30亿元 --total"],
    "log verdict": ["log 金融办 front 达到"],
    "log others": [*STAFFED, "log 金融办 listed 2家 --add"],
    "log transferred": [f"transfer 金融办-02 商务局 {SINCE}", "log 金融办 small 9亿元 --add --on 2023-06-20"],
    "log absent evidence": ["log 金融办 listed 2家 --add --evidence 没有.pdf"],
    "correct nothing": [f"correct {{entry2}} {WHY}"],
    "correct the same": [f"correct {{entry2}} 2家 {WHY}"],
    "correct without a reason": ["correct {entry2} 3家"],
    "correct blank reason": ["correct {entry2} 3家 --reason ' 　'"],
    "correct unit": [f"correct {{entry2}} 3亿元 {WHY}"],
    "correct ambiguous": [f"correct 金融办 listed 3家 {WHY}"],
    "correct withdrawn": [f"void {{entry2}} {WHY}", f"correct {{entry2}} 3家 {WHY}"],
    "correct corrected": [f"correct {{entry2}} 3家 {WHY}", f"correct {{entry2}} 4家 {WHY}"],
    "correct sealed": [*SEALED, f"correct {{entry2}} 3家 {WHY}"],
    "correct others": [*STAFFED, f"correct {{entry2}} 3家 {WHY}"],
    "correct unknown": [f"correct 01GZ000000000000000000000X 3家 {WHY}"],
    "void twice": [f"void {{entry2}} {WHY}", f"void {{entry2}} {WHY}"],
    "void without a reason": ["void {entry2}"],
    "void sealed": [*SEALED, f"void {{entry2}} {WHY}"],
    "void others": [*STAFFED, f"void {{entry2}} {WHY}"],
    "judge without a verdict": ["judge 金融办-01/front"],
    "judge another verdict": ["judge 金融办-01/front 也许 --evidence 文"],
    "judge without evidence": ["judge 金融办-01/front 达到"],
    "judge without a reason": ["judge 金融办-01/front 未达到"],
    "judge a commitment": ["judge 金融办-02 达到 --evidence 文"],
    "judge what is measured": ["judge 金融办-01/listed 达到 --evidence 文"],
    "judge others": [*STAFFED, "judge 金融办-01/front 达到 --evidence 文"],
    "verify nothing": ["verify 金融办 --month 2023-04"],
    "verify returned": ["return {entry1} --reason 不符", "verify 金融办-01/listed --month 2023-03"],
    "verify sealed": [*SEALED, "verify 金融办"],
    "verify others": [*STAFFED, "verify 金融办"],
    "verify unknown": ["verify 没有的"],
    "return without a reason": ["return {entry2}"],
    "return with a figure": ["return {entry2} 3家 --reason 不符"],
    "return twice": ["return {entry2} --reason 不符", "return {entry2} --reason 不符"],
    "return others": [*STAFFED, "return {entry2} --reason 不符"],
    "remark without a cause": ["remark 金融办 listed --measure 乙"],
    "remark without a measure": ["remark 金融办 listed --cause 甲 --measure ' '"],
    "remark sealed": [*SEALED, "remark 金融办 listed --month 2023-05 --cause 甲 --measure 乙"],
    "remark others": [*STAFFED, "remark 金融办 listed --cause 甲 --measure 乙"],
    "amend without a reason": ["amend 金融办-01/listed --goal ≥8家"],
    "amend nothing": [f"amend 金融办-01/listed {WHY}"],
    "amend the same": [f"amend 金融办-01/listed --goal ≥6家 {WHY}"],
    "amend part of it the same": [f"amend 金融办-01/listed --goal ≥8家 --name 新增上市公司 {WHY}"],
    "amend a commitment": [f"amend 金融办-01 --goal ≥8家 {WHY}"],
    "amend unit": [f"amend 金融办-01/listed --goal ≥8亿元 {WHY}"],
    "amend others": [*STAFFED, f"amend 金融办-01/listed --goal ≥8家 {WHY}"],
    "amend sealed": [*SEALED, f"amend 金融办-01/listed --goal ≥8家 --from 2023-04-01 {WHY}"],
    "rate without a reason": ["rate 金融办-01 难"],
    "rate another": [f"rate 金融办-01 极难 {WHY}"],
    "rate a target": [f"rate 金融办-01/listed 难 {WHY}"],
    "rate the same": [f"rate 金融办-01 难 {WHY}", f"rate 金融办-01 难 {WHY}"],
    "rate others": [*STAFFED, f"rate 金融办-01 难 {WHY}"],
    "close without evidence": [f"close 金融办-01/listed {WHY}"],
    "close unmet": ["close 金融办-01/listed --evidence 文1"],
    "close twice": [f"close 商务局-01 --evidence 文1 {WHY}", f"close 商务局-01 --evidence 文1 {WHY}"],
    "close others": [*STAFFED, f"close 商务局-01 --evidence 文1 {WHY}"],
    "reopen what is open": [f"close 金融办-01/listed --reopen {WHY}"],
    "reopen without a reason": ["close 金融办-01/listed --reopen"],
    "transfer to itself": [f"transfer 金融办-02 金融办 {SINCE}"],
    "transfer a target": [f"transfer 金融办-02/small 商务局 {SINCE}"],
    "transfer sealed": [*SEALED, f"transfer 金融办-02 商务局 --on 2023-05-15 {WHY}"],
    "transfer without a reason": ["transfer 金融办-02 商务局 --on 2023-06-15"],
    "transfer others": [*STAFFED, f"transfer 金融办-02 商务局 {SINCE}"],
    "rename in use": [f"dept rename 金融办 商务局 {SINCE}"],
    "rename the same": [f"dept rename 金融办 金融办 {SINCE}"],
    "rename to a folder": [f"dept rename 金融办 甲/乙 {SINCE}"],
    "rename twice": [f"dept rename 金融办 金融局 {SINCE}", f"dept rename 金融办 金融部 --on 2023-06-01 {WHY}"],
    "merge one": [f"dept merge 金融办 --into 经济局 {SINCE}"],
    "merge into itself": [f"dept merge 商务局 --into 商务局 {SINCE}"],
    "seal the running month": ["seal 2023-06 --local"],
    "seal a month misspelt": ["seal 2023-13 --local"],
    "seal a day": ["seal 2023-05-31 --local"],
    "seal twice": [*SEALED, "seal 2023-05 --local"],
    "seal an earlier month": [*SEALED, "seal 2023-04 --local"],
    "seal without a server": ["seal 2023-05"],
    "seal beside a server": [*SERVED, "seal 2023-05 --local"],
    "seal what was not sent": [*SERVED, "log 金融办 listed 1家 --add", "seal 2023-05"],
    "seal behind the server": [*SERVED, "@meanwhile", "seal 2023-05"],
    "seal what is not committed": ["@by hand", "seal 2023-05 --local"],
    "seal on a branch of its own": [*SERVED, "git checkout --quiet --detach", "seal 2023-05"],
    "seal others": [*STAFFED, "seal 2023-05 --local"],
    "seal with seals the server lacks": ["seal 2023-04 --local", *SERVED, "seal 2023-05"],
    "reopen without words": [*SEALED, "seal --reopen 2023-05 --reason … --local"],
    "reopen a month not sealed": [f"seal --reopen 2023-05 {WHY} --local"],
    "reopen an earlier month": [*SEALED, f"seal --reopen 2023-04 {WHY} --local"],
    "sync without a server": ["sync"],
    "sync without a branch": [*SERVED, "git checkout --quiet --detach", "sync"],
    "sync a history rewritten": [*SERVED, "@rewritten", "sync"],
    "sync of strangers": [*SERVED, "@strangers", "sync"],
    "sync a month sealed meanwhile": [
        *SERVED, "log 金融办 balance 3600亿元 --on 2023-05-20", "@sealed meanwhile", "sync"
    ],
    "redo nothing": [*SERVED, "redo --as-me"],
    "redo an unknown entry": [*SERVED, "log 金融办 listed 1家 --add", "redo --drop ABCDEFGH"],
    "redo a short id": [*SERVED, "log 金融办 listed 1家 --add", "redo --drop {last5}"],
    "redo what is still refused": [
        *SERVED, "log 金融办 balance 3600亿元 --on 2023-05-20", "@sealed meanwhile", "redo --as-me"
    ],
    "redo late without a reason": [*SERVED, "log 金融办 listed 1家 --add", "redo --late"],
    "sheet not over": ["@sheet", SHEET.replace("2023-06", "2023-07")],
    "sheet of another year": ["@sheet", SHEET.replace("2023-06", "2022-06")],
    "sheet without its month": ["@sheet", "sheet import {folder}/表.xlsx --dept 金融办"],
    "sheet without its department": ["@sheet", "sheet import {folder}/表.xlsx --month 2023-06"],
    "sheet without either": ["@sheet", "sheet import {folder}/表.xlsx"],
    "sheet others": ["@sheet", *STAFFED, SHEET],
    "sheet sealed": ["@sheet", "@today 2023-07-20", "seal 2023-06 --local", SHEET],
    "sheet changed": ["@sheet", SHEET, f"correct 金融办 listed 3家 --month 2023-06 {WHY}", SHEET],
    "sheet with faults": ["@bad sheets", "sheet import {folder}/坏表/一.xlsx --dept 金融办 --month 2023-06"],
    "sheets with faults": ["@bad sheets", "sheet import {folder}/坏表 --dept 金融办 --month 2023-06"],
    "sheet of another department": ["@stamped", "sheet import {folder}/盖章.xlsx --dept 商务局"],
    "sheet of another month": ["@stamped", "sheet import {folder}/盖章.xlsx --month 2023-05"],
    "sheet without a figure": ["@stamped", "sheet import {folder}/盖章.xlsx"],
    "carry without a year": ["plan carry 2022 2023 --confirm"],
    "carry backwards": ["plan carry 2023 2023 --confirm"],
    "carry others": ["@next year", *STAFFED, "plan carry 2023 2024 --confirm"],
    "doctor of a file hidden": [f"git update-index --assume-unchanged {PROGRESS}", "doctor"],
    "doctor of a file left out": [f"git update-index --skip-worktree {PROGRESS}", "doctor"],
    "doctor of what is ignored": ["@ignored", "doctor"],
    "doctor of a plan lost": ["@lost", "doctor"],
    "doctor in the middle of a rebase": ["@rebasing", "doctor --fix"],
    "doctor on no branch": ["git checkout --quiet --detach", "doctor"],
    "doctor of line endings": ["@endings", "doctor"],
    "doctor of what the server refuses": [
        *SERVED, "log 金融办 balance 3600亿元 --on 2023-05-20", "@sealed meanwhile", "git fetch --quiet --tags", "doctor"
    ],
    "doctor of a linked folder": ["@linked", "doctor"],
    "doctor of what cannot be written": ["@read-only", "doctor"],
    "doctor of a torn line": ["@torn", "doctor"],
    "doctor of a file in blocks": ["@block", "doctor"],
}  # fmt: skip


@pytest.fixture
def filled(world: World) -> World:
    """Entries of two months in a ledger with difficulties and a second commitment."""
    world.write("data/ledger.yaml", world.read("data/ledger.yaml") + "difficulty: {一般: 1, 难: 1.5}\n")
    world.write("data/targets/2023/金融办/02.yaml", SECOND)
    world.commit_all("再加一项")
    for line in REPORTED:
        done = world(*shlex.split(line))
        assert done.code == 0, done.err
    return world


def step(world: World, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what a line says before the one that is judged."""
    if line.startswith("@today "):
        monkeypatch.setenv("LEDGER_TODAY", line.partition(" ")[2])
    elif line.startswith("@"):
        STEPS[line](world)
        if line == "@read-only":
            monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "data")
            monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 90, 10_240))
        if line == "@someone else":
            monkeypatch.setenv("GIT_AUTHOR_NAME", "赵六")
            monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zhao@example.gov.cn")
    elif line.startswith("git "):
        world.git(*shlex.split(line)[1:])
    else:
        done = world(*words_of(world, line))
        assert done.code == 0, done.err


def name_of(words: Sequence[str]) -> str:
    """The command that words call."""
    return " ".join(words[: 2 if words[0] in {"sheet", "dept", "plan"} else 1])


def words_of(world: World, line: str) -> list[str]:
    ids = world.git("log", "--reverse", "--format=%(trailers:key=Ledger-Entry,valueonly)").split()
    places = {f"entry{number}": entry for number, entry in enumerate(ids, 1)}
    places |= {"last": ids[-1], "last5": ids[-1][-5:], "folder": str(world.root.parent)}
    return [word.format(**places) for word in shlex.split(line)]


def name_staff(world: World) -> None:
    text = world.read("data/ledger.yaml")
    text = text.replace(
        "aliases: [市金融办]", "aliases: [市金融办], reporters: [li@x.cn], reviewers: [qian@x.cn]"
    )
    world.write("data/ledger.yaml", text + "admins: [sun@x.cn]\n")
    world.commit_all("定人员")


def add_server(world: World) -> None:
    server = world.root.parent / "服务器.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(server)], check=True)
    world.git("remote", "add", "origin", str(server))
    world.git("push", "--quiet", "--set-upstream", "origin", "main")


def push_meanwhile(world: World) -> None:
    """Somebody else's commit on the server."""
    top = world.git("rev-parse", "HEAD").strip()
    world.git("commit", "--quiet", "--allow-empty", "-m", "别人的提交", "--author", "李四 <li@x.cn>")
    world.git("push", "--quiet", "origin", "HEAD:main")
    world.git("reset", "--quiet", "--hard", top)
    world.git("update-ref", "refs/remotes/origin/main", top)


def seal_meanwhile(world: World) -> None:
    """A month that somebody else sealed on the server at its tip, which this clone does not know yet."""
    top = world.git("rev-parse", "HEAD").strip()
    world.git("reset", "--quiet", "--hard", "origin/main")
    done = world("seal", "2023-05")
    assert done.code == 0, done.err
    world.git("tag", "--delete", "seal/2023-05")
    world.git("reset", "--quiet", "--hard", top)


def rewrite_server(world: World) -> None:
    assert world("sync").code == 0
    world.git("push", "--quiet", "--force", "origin", "HEAD~2:main")
    world.git("update-ref", "refs/remotes/origin/main", "HEAD")


def make_strangers(world: World) -> None:
    world.git("checkout", "--quiet", "--orphan", "other")
    world.git("commit", "--quiet", "--message", "另一本账")
    world.git("push", "--quiet", "--force", "origin", "other:main")
    world.git("checkout", "--quiet", "main")
    world.git("update-ref", "-d", "refs/remotes/origin/main")


LEVEL = """\
id: 商务局-02
department: 商务局
title: 存量
year: 2023
difficulty:
text: 年末存量100亿元。
targets:
  - {key: stock, name: 年末存量, kind: level, goal: {reach: 100 亿元}, quote: 年末存量100亿元}
"""
HEADINGS = (
    "目标代号",
    "单位",
    "口径",
    "数量",
    "对照数",
    "数据日期",
    "说明",
    "佐证",
    "原因",
    "措施",
    "责任人",
    "时限",
)
ROWS = (
    ("金融办-01/listed", "家", "本期新增", 2, None, None, "含过会", "文1；文2"),
    ("金融办-01/loans", "亿元", "年初累计", "72.5", None, "2023-06-29"),
    ("金融办-01/quality", None, None, 3, 11),
    ("金融办-01/green", "%", None, "3.2亿元", "3亿元", None, None, None, "基数高", "多投放", "李四", "2023-09-30"),
    ("金融办-01/opinion",),
)  # fmt: skip
BAD_ROWS = (
    ("金融办-01/listed", "家", "本期新增", "=1+1"),
    ("金融办-01/loans", "亿元", "怎么算", "7亿元"),
    ("商务局-01/overseas", "亿美元", "年初累计", 2),
)
BAD_ROWS_2 = (
    ("金融办-01/quality", None, None, "第3位", "=A1"),
    ("金融办-01/faster", "%", None, "15.2%"),
    ("金融办-01/balance", "亿元", None, "3600亿元", "3500亿元"),
    ("没有的", "家", None, "2家"),
)


def save(world: World, name: str, rows: Sequence[Sequence[object]]) -> None:
    book = Workbook()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(world.root.parent / name)


def save_bad_sheets(world: World) -> None:
    (world.root.parent / "坏表").mkdir()
    save(world, "坏表/一.xlsx", BAD_ROWS)
    save(world, "坏表/二.xlsx", BAD_ROWS_2)


def export_sheet(world: World, name: str, department: str, **amounts: object) -> None:
    """A sheet of the program's own for June, with these amounts by the target's key."""
    path = world.root.parent / name
    path.parent.mkdir(exist_ok=True)
    done = world("sheet", "export", "--dept", department, "--month", "2023-06", "-o", str(path))
    assert done.code == 0, done.err
    book = load_workbook(path)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(cell.value == "数量" for cell in row))
    column = {cell.value: cell.column for cell in head}
    for row in page.iter_rows(min_row=head[0].row + 1):
        key = str(row[column["目标代号"] - 1].value).rpartition("/")[2]
        if key in amounts:
            row[column["数量"] - 1].value = amounts[key]
    book.save(path)


def export_sheets(world: World) -> None:
    export_sheet(world, "填好的/甲.xlsx", "金融办", listed="2家", balance="3600亿元")
    export_sheet(world, "填好的/乙.xlsx", "商务局", overseas="2亿美元")
    export_sheet(world, "填好的/丙.xlsx", "商务局")


def plan_next_year(world: World) -> None:
    """A plan of 2024 whose levels and ranks want what 2023 ended with."""
    plan = FINANCE.replace("year: 2023", "year: 2024").replace("within: 3", "up: 2").replace("3650", "3900")
    world.write("data/targets/2024/金融办/01.yaml", plan.replace("全省前三", "提升2位"))
    world.write("data/targets/2023/商务局/02.yaml", LEVEL)
    world.write("data/targets/2024/商务局/02.yaml", LEVEL.replace("2023", "2024"))
    world.commit_all("明年的计划")
    for line in ("金融办 balance 3660亿元", "金融办 quality 第4位", "商务局 stock 90亿元"):
        done = world("log", *line.split(), "--on", "2023-06-30", "--year", "2023")
        assert done.code == 0, done.err


def break_attributes(world: World) -> None:
    world.write(".gitattributes", "# 说明")
    world.commit_all("改属性")


def write_blocks(world: World) -> None:
    """Entries as a person would type them, with a remark of hers, committed."""
    first, *rest = world.read(PROGRESS).splitlines(keepends=True)
    fields = re.findall(r'"(\w+)": ("[^"]*")', first)
    block = "# 手工整理过\n- " + "\n  ".join(f"{name}: {value}" for name, value in fields) + "\n"
    world.write(PROGRESS, block + "".join(rest))
    world.commit_all("手工整理")


def link_folder(world: World) -> None:
    outside = world.root.parent / "别处"
    (world.root / "data").rename(outside)
    (world.root / "data").symlink_to(outside, target_is_directory=True)


def tear(world: World) -> None:
    world.write(PROGRESS, world.read(PROGRESS) + '- {"id": "01GZ')


def write_by_hand(world: World) -> None:
    line = world.read("data/progress/2023/商务局/01.yaml").splitlines()[-1]
    made = re.sub(r'"id": "[^"]*"', '"id": "01H23E2M00AAAAAAAAAAAAAAAA"', line).replace("1亿美元", "2亿美元")
    path = "data/progress/2023/商务局/01.yaml"
    world.write(path, world.read(path) + made.replace("2023-05-31", "2023-06-15") + "\n")


STEPS = {
    "@roles": name_staff,
    "@server": add_server,
    "@meanwhile": push_meanwhile,
    "@sealed meanwhile": seal_meanwhile,
    "@someone else": lambda world: None,
    "@rewritten": rewrite_server,
    "@strangers": make_strangers,
    "@sheet": lambda world: save(world, "表.xlsx", ROWS),
    "@bad sheets": save_bad_sheets,
    "@stamped": lambda world: export_sheet(world, "盖章.xlsx", "金融办"),
    "@sheets": export_sheets,
    "@next year": plan_next_year,
    "@attributes": break_attributes,
    "@block": write_blocks,
    "@ignored": lambda world: world.write(".git/info/exclude", "data/progress\n"),
    "@lost": lambda world: (world.root / "data/targets/2023/金融办/02.yaml").unlink(),
    "@rebasing": lambda world: (world.root / ".git" / "rebase-merge").mkdir(),
    "@endings": lambda world: world.write(PROGRESS, world.read(PROGRESS).replace("\n", "\r\n")),
    "@linked": link_folder,
    "@file": lambda world: (world.root.parent / "批复.pdf").write_bytes(b"%PDF-1.4 a decree"),
    "@read-only": lambda world: None,
    "@torn": tear,
    "@by hand": write_by_hand,
}


def whole(text: str, world: World) -> str:
    """Text with each id and each commit by its number in the history."""
    form = "--format=%H %(trailers:key=Ledger-Entry,valueonly,separator=%x20)"
    known = "".join(  # what HEAD does not hold comes last, whatever the second it was made in
        world.git("log", "--topo-order", "--reverse", form, *revisions)
        for revisions in (("HEAD",), ("--all", "--not", "HEAD"))
    ).split()
    ids, objects = ([word for word in known if len(word) == length] for length in (26, 40))
    return numbered(
        text, {str(world.root.parent): "<folder>"}, ids=ids, objects=objects, known=objects_in(world.root)
    )


def compact(answer: str) -> str:
    """JSON without what is empty, one line for each field."""
    try:
        data = json.loads(answer)
    except ValueError:
        return answer

    def full(value: object) -> object:
        if isinstance(value, dict):
            return {name: full(item) for name, item in value.items() if item not in (None, [], {}, "", False)}
        return list(map(full, value)) if isinstance(value, list) else value

    return json.dumps(full(data), ensure_ascii=False, indent=1)


def state(world: World) -> tuple[str, str]:
    """The refs here and on the server, and what git says of the work tree."""
    refs = world.git("for-each-ref", "--format=%(refname) %(objecttype) %(objectname)")
    remote = world.git("remote").strip()
    server = world.git("ls-remote", remote) if remote else ""
    return refs + server, world.git("status", "--porcelain", "--untracked-files=all")


def left_behind(world: World, done: Ran, before: tuple[str, str]) -> str:
    after = state(world)
    old = before[0].splitlines()
    refs = [line for line in after[0].splitlines() if line not in old]
    gone = [line.split()[0] for line in old if line.split()[0] not in after[0]]
    tips = [line.split()[-1] for line in old if " commit " in line]
    log = world.git(
        "log", "--reverse", "--format=commit %H%nby %an <%ae>, %cn <%ce>%n%B", "--patch", "--unified=0",
        "--no-renames", "--no-color", "HEAD", "--not", *tips,
    )  # fmt: skip
    log = "\n".join(line for line in log.splitlines() if not line.startswith(("index ", "diff --git", "@@")))
    tags = [line.split()[0] for line in refs if line.startswith("refs/tags/") and " tag " in line]
    texts = [world.git("cat-file", "tag", tag) for tag in tags]
    parts = {
        "out": compact(done.out), "err": done.err, "commits": log, "refs": "\n".join(refs), "gone": "\n".join(gone),
        "tags": "".join(texts), "work tree": after[1],
    }  # fmt: skip
    shown = "\n".join(f"--- {name}\n{text.rstrip()}" for name, text in parts.items() if text.strip())
    return whole(f"exit {done.code}\n{shown}\n", world)


@pytest.mark.parametrize("case", WRITTEN)
def test_what_a_command_writes(
    filled: World, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion, case: str
) -> None:
    *lines, line = WRITTEN[case]
    for earlier in lines:
        step(filled, earlier, monkeypatch)
    before = state(filled)
    words = words_of(filled, line)
    as_json = "format" in load_command(name_of(words)).parameters
    done = filled(*words, *(["--format", "json"] if as_json else []))
    assert done.code == (case in LEFT), done.err
    assert left_behind(filled, done, before) == snapshot


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_nothing(
    filled: World, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion, case: str
) -> None:
    *lines, line = REFUSED[case]
    for earlier in lines:
        step(filled, earlier, monkeypatch)
    before = state(filled)
    words = words_of(filled, line)
    if "dry_run" in load_command(name_of(words)).parameters and words[0] not in {"sync", "redo", "doctor"}:
        preview = filled(*words, "--dry-run")
        assert state(filled) == before
    else:
        preview = None
    done = filled(*words)
    assert done.code != 0
    assert preview in (None, done), "the preview says what the command would say"
    text = left_behind(filled, done, before)
    assert "--- commits" not in text
    assert "--- gone" not in text
    assert text == snapshot


@pytest.mark.parametrize(
    "how", ["--drop {last}", "--as-me", "--permitted", f"--late {WHY}", "--drop {last} --as-me"]
)
def test_a_preview_of_redo_is_the_same_where_the_server_does_not_answer(filled: World, how: str) -> None:
    """What the server had when it was last seen is known here."""
    add_server(filled)
    assert filled("sync").code == 0
    for line in ("log 金融办 listed 1家 --add", "log 金融办 loans 41亿元 --total"):
        assert filled(*line.split()).code == 0
    words = words_of(filled, f"redo {how} --dry-run --format json")
    server = filled.root.parent / "服务器.git"
    before, online = state(filled), filled(*words)
    server.rename(server.with_suffix(".away"))
    offline = filled(*words)
    server.with_suffix(".away").rename(server)
    assert state(filled) == before
    assert (offline.code, offline.err) == (online.code, online.err) == (0, "")

    def without_new_ids(done: Ran) -> dict[str, list[dict[str, object]]]:
        data = json.loads(done.out)
        data["entries"] = [
            {name: value for name, value in row.items() if name != "new_id"} for row in data["entries"]
        ]
        return data

    assert without_new_ids(offline) == without_new_ids(online)
    actions = [row["action"] for row in without_new_ids(offline)["entries"]]
    assert actions == ["kept", "dropped" if "--drop" in how else "kept"]


TOLD = (
    "log added", "correct amount", "void", "judge met", "verify a department", "return", "remark", "amend goal", "rate",
    "close unmet", "reopen", "transfer", "rename", "merge", "sheet", "carry", "doctor completes the attributes",
    "doctor rewrites a file",
)  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_a_note_that_cannot_be_removed_is_told_and_the_work_is_done(
    filled: World, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    *lines, line = WRITTEN[case]
    for earlier in lines:
        step(filled, earlier, monkeypatch)
    refs, _ = state(filled)

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied", "note")

    monkeypatch.setattr("ledger.files.intent_log.IntentLog.end", refuse)
    done = filled(*words_of(filled, line))
    assert done.code == case.startswith("doctor"), "the note is left to the next command"
    assert re.search("已经记下，不用重做.*（note：没有权限）", done.out + done.err)
    assert state(filled)[0] != refs


def test_what_an_exported_sheet_says(filled: World, snapshot: SnapshotAssertion) -> None:
    """Every cell of a sheet of a department with returned figures, remarks, steps done and an amended goal."""
    for line in (
        "log 金融办 opinion 完成 --on 2023-06-20",
        "log 金融办 balance --none --reason 尚在汇总 --on 2023-05-31",
        "return {entry1} --reason 佐证不符",
        "return {entry2} --reason 口径不对",
        "remark 金融办 loans --cause 退回补正 --measure 重新申报 --owner 李四 --until 2023-09-30",
        f"amend 金融办-01/listed --goal ≥8家 {WHY}",
    ):
        done = filled(*words_of(filled, line))
        assert done.code == 0, done.err
    export_sheet(filled, "表.xlsx", "金融办")
    book = load_workbook(filled.root.parent / "表.xlsx")
    said = []
    for page in book.worksheets:
        said.append(f"--- {page.title} {page.sheet_state}")
        for row in page.iter_rows():
            cells = (f"{cell.coordinate} {cell.value!r}" for cell in row if cell.value not in (None, ""))
            said.append(" | ".join(cells))
        rules = page.data_validations.dataValidation
        said += [f"{rule.sqref}: {rule.type} {rule.formula1}" for rule in rules]
    assert whole("\n".join(filter(None, said)), filled) == snapshot


def test_a_seal_of_a_ledger_in_a_subfolder(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts the entries of the folder, and the audit finds the same."""
    (filled.root / "账").mkdir()
    filled.git("mv", "data", "账/data")
    filled.git("mv", ".gitattributes", "账/.gitattributes")
    filled.git("commit", "--quiet", "--message", "移到下级文件夹")
    monkeypatch.chdir(filled.root / "账")
    done = filled("seal", "2023-05", "--local")
    assert done.code == 0, done.err
    assert "Ledger-Entries: 4\n" in filled.git("cat-file", "tag", "refs/tags/seal/2023-05")
    found = json.loads(filled("audit", "--full", "--format", "json").out)["findings"]
    assert "seal" not in {finding["rule"] for finding in found}
