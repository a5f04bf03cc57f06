"""The hook as git calls it: the same judgement whichever way it is started, and light, for it runs at every push."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

import pytest

from ledger.cli.fast_args import parse
from ledger.core.models import Entry
from ledger.core.models.base import read_model
from ledger.files.entryfile import MAX_BYTES, encode
from ledger.files.ids import new_id
from tests.rules.audit.city import COMMERCE_FILE, FINANCE_FILE, City, Done

SHOW = """
import json, os, sys
started, calls = [], 0
def hook(event, arguments):
    if event == "subprocess.Popen":
        started.append([word for word in arguments[1] if word in COMMANDS][0])
def count(frame, event, argument):
    global calls
    calls += event == "call" and "/ledger/" in frame.f_code.co_filename
COMMANDS = {"for-each-ref", "rev-list", "cat-file", "diff-tree", "merge-base", "rev-parse", "ls-tree", "hash-object", "commit-tree"}
sys.addaudithook(hook)
from ledger.__main__ import run
sys.setprofile(count)
code = run(sys.argv[1:])
sys.setprofile(None)
print("\\n" + json.dumps([code, sorted(sys.modules), started, calls]))
"""


class Received(NamedTuple):
    """What the guard said of a push, and what it took: the modules loaded, the git commands in order, the calls of our functions."""

    done: Done
    modules: set[str]
    started: list[str]
    calls: int


def received(city: City, *arguments: str) -> Received:
    """Ask the guard about the clerk's tip, whose objects the server already has."""
    old = city.git("rev-parse", "main", cwd=city.server)
    city.git("fetch", "--quiet", str(city.clone), "main", cwd=city.server)
    new = city.git("rev-parse", "FETCH_HEAD", cwd=city.server)
    city.guard()
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *(arguments or ("guard", "receive", str(city.server)))],
        cwd=city.server,
        # Measuring coverage would load modules of its own.
        env={name: value for name, value in city.environ.items() if not name.startswith("COV")},
        input=f"{old} {new} refs/heads/main\n",
        capture_output=True,
        encoding="utf-8",
    )
    code, modules, started, calls = json.loads(done.stdout.splitlines()[-1])
    return Received(Done(code, done.stdout, done.stderr), set(modules), started, calls)


def test_the_hook_loads_neither_typer_nor_what_other_commands_use(city: City) -> None:
    city.entry(FINANCE_FILE)
    done, modules, *_ = received(city)
    assert (done.code, done.err) == (0, "")
    packages = {name.partition(".")[0] for name in modules}
    assert not packages & {"typer", "rich", "pint", "git", "filelock", "jinja2", "docx", "openpyxl"}
    assert {"ledger.rules.audit.push", "ledger.rules.check.entries"} <= modules
    assert not modules & {"ledger.cli.app", "ledger.cli.options", "ledger.render"}
    # Each takes as long as judging a hundred commits: classes that Python compiles, temporary folders, rules on plans.
    assert not packages & {"dataclasses", "inspect", "typing_extensions", "tempfile", "calendar", "shutil"}
    assert not modules & {
        "ledger.rules.check.everything",
        "ledger.rules.check.plan",
        "ledger.rules.check.trace",
    }


def test_the_hook_starts_as_many_processes_for_a_push_of_many_commits_and_each_commit_costs_little(
    city: City,
) -> None:
    """The branch goes on if a pushed commit has it as a parent, so that git is not asked; one process reads all objects of a kind."""
    city.entry(FINANCE_FILE)
    one = received(city)
    for _ in range(20):
        city.entry(FINANCE_FILE)
    many = received(city)
    assert (one.done.code, many.done.code) == (0, 0)
    assert one.started == many.started
    assert one.started.count("rev-list") == one.started.count("diff-tree") == 1
    assert one.started.count("merge-base") == 1, "whether the last seal lies before the push"
    assert not {"rev-parse", "ls-tree"} & set(one.started)
    assert len(one.started) <= 16, one.started
    assert (many.calls - one.calls) / 20 <= 130


def test_a_refusal_reads_the_same_whether_typer_starts_the_guard_or_not(city: City) -> None:
    city.entry(COMMERCE_FILE, target="overseas", add="1亿美元")
    straight = received(city).done
    by_typer, modules, *_ = received(city, "guard", "receive", "--", str(city.server))
    assert "typer" in modules
    assert straight.code == by_typer.code == 1
    assert straight.err == by_typer.err
    assert "[role]" in straight.err


def test_what_the_hook_cannot_judge_it_refuses_as_every_command_does(city: City) -> None:
    city.guard()
    done = city.run(
        sys.executable, "-P", "-m", "ledger", "guard", "receive", str(city.clone), cwd=city.server
    )
    assert done.code == 3
    assert done.err.startswith("错误：服务器的 ledger-guard.yaml 不见了")


@pytest.mark.parametrize(
    "arguments",
    [
        ("guard", "receive"),
        ("guard", "receive", "--help"),
        ("guard", "install", "x"),
        ("guard", "receive", "a", "b"),
    ],
)
def test_any_other_command_line_is_the_programs(arguments: tuple[str, ...]) -> None:
    line = parse(arguments)
    assert line is None or line.command.words != "guard receive"
    hook = parse(["guard", "receive", "/srv/ledger.git"])
    assert hook is not None
    assert hook.command.words == "guard receive"


def test_a_pushed_file_beyond_the_limit_is_refused_in_the_words_of_check(city: City) -> None:
    lines = [
        read_model(
            Entry,
            {
                "id": new_id(),
                "on": "2023-06-15",
                "target": "listed",
                "add": "1家",
                "by": "张三",
                "note": "据" * 900_000,
            },
        )
        for _ in range(4)
    ]
    text = city.read(FINANCE_FILE) + "".join(encode(line) for line in lines)
    city.write(FINANCE_FILE, text)
    city.commit(city.message(FINANCE_FILE, *lines))
    city.guard()
    pushed = city.push()
    assert pushed.code != 0
    size = f"进度文件有 {len(text.encode())} 字节，超过上限 {MAX_BYTES} 字节"
    assert size in pushed.err
    assert size in city.ledger("check").out
    assert size in city.ledger("audit").out


def test_entries_without_a_commitment_are_refused(city: City) -> None:
    """A push that touches no plan file is judged without laying the plan out; what is missing in it is seen all the same."""
    city.write("data/progress/2023/金融办/02.yaml", encode(city.entry(FINANCE_FILE, commit=False)))
    city.commit()
    city.guard()
    pushed = city.push()
    assert pushed.code != 0
    assert "有进度记录，却没有对应的承诺事项文件" in pushed.err
    assert "补上 data/targets/2023/金融办/02.yaml" in pushed.err


@pytest.mark.parametrize("form", ['{"id" : "', '{ "id":"', "{id: '"])
def test_an_id_is_known_however_its_line_was_written(city: City, form: str) -> None:
    first = city.entry(COMMERCE_FILE, commit=False, target="overseas", add="1亿美元")
    line = encode(first).removeprefix("- ").replace('{"id": "', form)
    if form.endswith("'"):
        line = line.replace(f'{first.id}"', f"{first.id}'")
    lines = city.read(COMMERCE_FILE).splitlines(keepends=True)
    city.write(COMMERCE_FILE, "".join([*lines[:-1], f"- {line}"]))
    city.commit(city.message(COMMERCE_FILE, first))
    assert city.push().code == 0
    city.guard()
    city.entry(FINANCE_FILE, id=first.id)
    pushed = city.push()
    assert pushed.code != 0
    assert f"编号 {first.id}" in pushed.err
    assert COMMERCE_FILE in pushed.err
