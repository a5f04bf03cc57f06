"""The way round typer: whatever it reads, typer reads the same; whatever it does not know is typer's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command

from ledger.cli import daily, fast_args
from ledger.cli.app import app, invoke
from ledger.cli.context import AppContext
from ledger.environment import Environment
from ledger.render import Format
from tests.conftest import World

PROGRAM = get_command(app)
VALUES = [
    "金融办",
    "上市",
    "2家",
    "-3家",
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
    "status",
]
OPTIONS = ["--root", "--year", "--no-pager", "--help", "-h", "--version", "--debug-it", "--no"]


def declared(shape: fast_args.Shape) -> dict[str, tuple[str, str]]:
    return {
        **{option: (name, "text") for option, name in shape.texts.items()},
        **{option: (name, "list") for option, name in shape.lists.items()},
        **{option: (name, str(value)) for option, (name, value) in shape.flags.items()},
    }


def by_typer(command: object) -> dict[str, tuple[str, str]]:
    found = {}
    for one in command.params:  # type: ignore[attr-defined]
        if one.param_type_name == "option":
            for option in one.opts:
                found[option] = (one.name, "True" if one.is_flag else "list" if one.multiple else "text")
            for option in one.secondary_opts:
                found[option] = (one.name, "False")
    return found


@pytest.mark.parametrize("name", fast_args.COMMANDS)
def test_the_tables_say_what_typer_says(name: str) -> None:
    shape, command = fast_args.COMMANDS[name], PROGRAM.commands[name]  # type: ignore[attr-defined]
    options = by_typer(command)
    assert declared(shape).items() <= options.items()
    only_asked = {"--batch", "--month"} if name == "log" else set()  # of the walk, which is typer's alone
    assert options.keys() - declared(shape).keys() <= only_asked | {"--help", "-h"}
    arguments = [one.name for one in command.params if one.param_type_name == "argument"]
    assert tuple(arguments) == shape.arguments


def test_the_table_of_the_program_says_what_typer_says() -> None:
    assert declared(fast_args.PROGRAM).items() <= by_typer(PROGRAM).items()


def words() -> st.SearchStrategy[list[str]]:
    known = sorted(
        {option for shape in (*fast_args.COMMANDS.values(), fast_args.PROGRAM) for option in declared(shape)}
    )
    value, option = st.sampled_from(VALUES), st.sampled_from([*known, *OPTIONS])
    piece = st.one_of(
        st.tuples(value),
        st.tuples(st.sampled_from(known), value),
        st.tuples(option),
        st.tuples(st.builds("{}={}".format, option, value)),
    )
    line = st.builds(
        lambda before, command, after: [word for part in (*before, (command,), *after) for word in part],
        st.lists(piece, max_size=2),
        st.sampled_from(sorted(fast_args.COMMANDS)),
        st.lists(piece, max_size=6),
    )
    return st.one_of(line, *(plausible(command) for command in fast_args.COMMANDS))


def plausible(command: str) -> st.SearchStrategy[list[str]]:
    """Lines in the shape of a command; most of them are read."""
    shape = fast_args.COMMANDS[command]
    value = st.sampled_from(["2023", "2023-06-30", "csv", "金融办"])
    kinds = ((shape.texts, (value,)), (shape.lists, (value,)), (shape.flags, ()))
    option = st.one_of(*(st.tuples(st.sampled_from(sorted(names)), *rest) for names, rest in kinds if names))
    arguments = ("金融办", "上市", "2家")[: len(shape.arguments)]
    return st.builds(
        lambda options, place: [
            command,
            *(w for o in options[:place] for w in o),
            *arguments,
            *(w for o in options[place:] for w in o),
        ],
        st.lists(option, max_size=3, unique_by=lambda words: words[0]),
        st.integers(0, 3),
    )


def asked(run: Callable[[Environment], object]) -> list[object]:
    """What the commands are called with in the end: the command, its options that are not left out, and the call itself."""
    seen: list[object] = []

    def noted(command: str) -> Callable[..., int]:
        def note(call: AppContext, **given: object) -> int:
            said = {name: value for name, value in given.items() if value not in (None, False, [], ())}
            seen.extend(
                (
                    command,
                    {"form": Format.TABLE, **said},
                    call.root,
                    call.year,
                    call.env.environ.get("LEDGER_PAGER"),
                )
            )
            return 0

        return note

    commands = {name: noted(name) for name in fast_args.COMMANDS}
    with ExitStack() as patched:
        patched.enter_context(patch.object(daily, "COMMANDS", commands))
        for name, command in commands.items():
            patched.enter_context(patch.object(daily, name, command))
        run(Environment.of_process())
    return seen


@settings(deadline=None)
@given(words=words())
def test_what_it_reads_typer_reads_the_same(words: list[str]) -> None:
    line = fast_args.read(words)
    if line is not None:
        assert asked(lambda env: fast_args.run(line, env)) == asked(lambda env: invoke(words, env)) != []


@pytest.mark.parametrize(
    "line",
    [
        "status",
        "--root 甲 --year 2023 status --dept 金融办 --dept 国资委 --all --format csv",
        "log 金融办 上市 2家 --on 2023-06-30 --total --note 含过会 --evidence 甲 --evidence 乙",
        "--no-pager log --dry-run 金融办 上市",
        "--root 甲 check",
        "check --format json --root 甲",
    ],
)
def test_the_lines_of_every_day_are_read(line: str) -> None:
    assert fast_args.read(line.split()) is not None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "status --help",
        "status --as-of",
        "status --as-of=2023-06-30",
        "status --format tabel",
        "status --format csv --format csv",
        "status 金融办",
        "check 金融办",
        "check --year 2023",
        "help check",
        "log 金融办",
        "log 金融办 上市 -2家",
        "log 金融办 上市 2家 多",
        "log 金融办 上市 2家 --month 2023-06",
        "log 金融办 上市 2家 --note -x",
        "--year 23 status",
        "help log",
        "show 金融办-01",
    ],
)
def test_all_others_are_left_to_typer(line: str) -> None:
    assert fast_args.read(line.split()) is None


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
