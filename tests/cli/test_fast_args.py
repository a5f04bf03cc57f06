"""The parser of plain command lines: whatever it reads, typer reads the same; every other line is left to typer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.cli import app, fast_args
from ledger.cli.command import Command, Parameter
from ledger.cli.commands import NAMES, load_command
from ledger.cli.context import AppContext
from ledger.cli.program import Program
from ledger.environment import Environment
from tests.conftest import World

VALUES = [
    "金融办",
    "上市",
    "2家",
    "-3家",
    "-2.5%",
    "-.5亿元",
    "-",
    "--",
    "",
    "2023",
    "2023-06-30",
    "20x3",
    "第3位/11",
    "csv",
    "tabel",
    "a=b",
    "\udc80",
    "log",
    "sheet",
    "status",
]
OPTIONS = ["--root", "--year", "--no-pager", "--help", "-h", "--version", "--debug-it", "--no"]


def flags(parameters: Mapping[str, Parameter]) -> list[tuple[str, Parameter]]:
    """Every flag of some parameters, with its parameter."""
    return [
        (flag, parameter) for parameter in parameters.values() for flag in (*parameter.flags, *parameter.off)
    ]


def words() -> st.SearchStrategy[list[str]]:
    declared = [load_command(name).parameters for name in NAMES] + [Program.parameters]
    known = sorted({flag for parameters in declared for flag, _ in flags(parameters)})
    value, option = st.sampled_from(VALUES), st.sampled_from([*known, *OPTIONS])
    piece = st.one_of(
        st.tuples(value),
        st.tuples(st.sampled_from(known), value),
        st.tuples(option),
        st.tuples(st.builds("{}={}".format, option, value)),
    )
    line = st.builds(
        lambda before, command, after: [word for part in (*before, command, *after) for word in part],
        st.lists(piece, max_size=2),
        st.sampled_from(NAMES).map(str.split),
        st.lists(piece, max_size=6),
    )
    return st.one_of(line, st.sampled_from(NAMES).flatmap(plausible))


def plausible(name: str) -> st.SearchStrategy[list[str]]:
    """Lines in the shape of a command; most of them are plain."""
    parameters = load_command(name).parameters
    value = st.sampled_from(["2023", "2023-06-30", "csv", "table", "金融办"])
    options = [st.tuples(st.just(flag), *([value] if one.type else [])) for flag, one in flags(parameters)]
    needed = [
        (parameter.flags[0], "甲")
        for parameter in parameters.values()
        if parameter.required and parameter.flags
    ]
    arguments = ["金融办" for parameter in parameters.values() if not parameter.flags]
    return st.builds(
        lambda options, place, count: [
            *name.split(),
            *(word for option in (*needed, *options[:place]) for word in option),
            *arguments[:count],
            *(word for option in options[place:] for word in option),
        ],
        st.lists(st.one_of(options), max_size=3, unique_by=lambda words: words[0])
        if options
        else st.just([]),
        st.integers(0, 3),
        st.integers(0, len(arguments)),
    )


def executed(run: Callable[[], object]) -> list[tuple[str, dict[str, Any]]]:
    """What is executed in the end: the options before the command, then the command, each with what it was given."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def note(command: type[Command], given: Mapping[str, Any], context: AppContext) -> int:
        told = {
            name: value
            for name, value in given.items()
            if value != command.parameters[name].default or command.parameters[name].off
        }
        if command.words == "log":
            told.setdefault("total", False)
        calls.append((command.words, told))
        return 0

    with patch.object(app, "execute", note), patch.object(fast_args, "execute", note):
        run()
    return calls


@settings(deadline=None, max_examples=500 if os.environ.get("LEDGER_EXPLORE") else 150)
@given(words=words())
def test_what_it_reads_typer_reads_the_same(words: list[str]) -> None:
    line = fast_args.parse(words)
    if line is not None:
        env = Environment.of_process()
        plain = executed(lambda: fast_args.run_fast(line, env))
        assert plain == executed(lambda: app.invoke(words, env))
        assert len(plain) == 2


@pytest.mark.parametrize(
    "line",
    [
        "status",
        "--root 甲 --year 2023 status --dept 金融办 --dept 国资委 --all --format csv",
        "log 金融办 上市 2家 --on 2023-06-30 --total --note 含过会 --evidence 甲 --evidence 乙",
        "log 金融办",
        "--no-pager log --dry-run 金融办 上市",
        "--root 甲 check",
        "check --format json --root 甲",
        "show 金融办-01",
        "sheet export --dept 国资委",
        "status --format tabel",
        "help",
        "help 日期",
        "quantity 1家 2家",
        "log 金融办 上市 -2家",
        "log 金融办 上市 --current -2亿元 --base 3亿元",
    ],
)
def test_a_plain_line_is_read(line: str) -> None:
    assert fast_args.parse(line.split()) is not None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--version",
        "statsu",
        "status --help",
        "status --as-of",
        "status --as-of=2023-06-30",
        "status --format csv --format csv",
        "status 金融办",
        "check 金融办",
        "check --year 2023",
        "show",
        "log",
        "log 金融办 上市 2家 多",
        "log 金融办 上市 -x",
        "log 金融办 上市 2家 --note -x",
        "sheet",
        "report",
        "plan dif 2023 2024",
    ],
)
def test_all_others_are_left_to_typer(line: str) -> None:
    assert fast_args.parse(line.split()) is None


def test_the_answer_is_typers(world: World) -> None:
    """The same line, once plain and once with a form that only typer reads."""
    world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31")
    plain = world("status", "--dept", "金融办", "--as-of", "2023-06-30", "--format", "json")
    by_typer = world("status", "--dept", "金融办", "--as-of=2023-06-30", "--format", "json")
    assert plain.out == by_typer.out
    assert plain.code == by_typer.code == 0
    assert world("check").out == world("check", "--format=table").out
    world.write("data/乱.yaml", "")
    plain, by_typer = world("check", "--format", "csv"), world("check", "--format=csv")
    assert plain.out == by_typer.out
    assert plain.code == by_typer.code == 1


@pytest.mark.parametrize("arguments", [("--year", "二〇二三"), ("--format", "xml"), ("--as-of", "昨天")])
def test_a_refused_value_reads_the_same(world: World, arguments: tuple[str, str]) -> None:
    plain, by_typer = world("status", *arguments), world("status", "=".join(arguments))
    assert plain.code == by_typer.code == 2
    assert plain.err == by_typer.err
