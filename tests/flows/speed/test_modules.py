"""What each command loads: a start that grows heavier fails here, by names and not by seconds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.clones import found_city
from tests.conftest import World
from tests.paths import REPOSITORY

HEAVY = {
    "pint",
    "git",
    "rich",
    "ruamel",
    "openpyxl",
    "docx",
    "sqlite3",
    "asyncio",
    "duckdb",
    "filelock",
    "http",
    "xml",
}
SHOW = """
import json, sys
from ledger.__main__ import run
code = run(sys.argv[1:])
sys.stdout.flush()
print("\\n" + json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


@pytest.fixture
def loaded(world: World) -> Callable[..., set[str]]:
    def call(*arguments: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", SHOW, *arguments],
            cwd=world.root,
            # Measuring coverage would load modules of its own.
            env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        code, modules = json.loads(done.stderr.splitlines()[-1])
        assert code == 0, done.stderr
        return set(modules)

    return call


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("status", "--help")])
def test_asking_how_loads_no_library_and_no_model(
    loaded: Callable[..., set[str]], arguments: tuple[str, ...]
) -> None:
    modules = loaded(*arguments)
    assert not packages(modules) & HEAVY
    assert not {
        module
        for module in modules
        if module.startswith(("ledger.core.models", "ledger.files", "ledger.git", "ledger.commands"))
    }


@pytest.mark.parametrize("options", [(), ("--all", "--format", "csv"), ("--all",), ("--dept", "市金融办")])
def test_a_warm_status_reads_no_yaml_and_builds_no_model(
    loaded: Callable[..., set[str]], options: tuple[str, ...]
) -> None:
    loaded("status")
    modules = loaded("status", *options)
    assert not packages(modules) & (HEAVY | {"typer", "pydantic", "dataclasses"})
    ours = {module for module in modules if module.startswith("ledger.")}
    assert not {our for our in ours if our.startswith(("ledger.core.models", "ledger.core.progress.kinds"))}
    assert {our for our in ours if our.startswith("ledger.git")} == {"ledger.git", "ledger.git.discovery"}
    assert not ours & {
        "ledger.files.yaml_reader",
        "ledger.files.ledger",
        "ledger.core.progress.judge",
        "ledger.files.lookup",
    }


def test_a_cold_status_loads_neither_gitpython_nor_units_by_pint_nor_rich(
    loaded: Callable[..., set[str]],
) -> None:
    modules = loaded("status", "--no-cache")
    assert not packages(modules) & ((HEAVY | {"typer", "pydantic"}) - {"ruamel"})


@pytest.mark.parametrize(
    "line",
    [
        "show 金融办-01",
        "history 金融办-01",
        "targets 上市",
        "rank",
        "plot 金融办-01/listed",
        "quantity 1.6亿元",
        "help",
        "help 日期",
        "check",
    ],
)
def test_a_reading_command_loads_neither_typer_nor_pint_nor_rich(
    loaded: Callable[..., set[str]], line: str
) -> None:
    assert not packages(loaded(*line.split())) & {
        "typer",
        "pydantic",
        "pint",
        "rich",
        "git",
        "openpyxl",
        "docx",
    }


@pytest.mark.parametrize("line", ["help", "help 退出码"])
def test_what_needs_no_plan_loads_no_model_of_it(loaded: Callable[..., set[str]], line: str) -> None:
    modules = loaded(*line.split())
    assert not {name for name in modules if name.startswith(("ledger.core.models.targets", "ledger.git"))}


def test_a_tab_builds_no_model_and_loads_no_pinyin(
    loaded: Callable[..., set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_COMPLETE", "=xz")
    modules = loaded("log", "金融办")
    assert not packages(modules) & ((HEAVY | {"pypinyin", "typer"}) - {"ruamel"})
    assert not {
        module
        for module in modules
        if module.startswith(("ledger.core.models", "ledger.commands", "ledger.git"))
    }


def test_log_loads_neither_gitpython_nor_pint_nor_rich(loaded: Callable[..., set[str]]) -> None:
    modules = loaded("log", "金融办", "新增上市公司", "2家", "--on", "2023-06-30")
    assert not packages(modules) & ((HEAVY | {"typer", "pydantic"}) - {"ruamel", "filelock"})


@pytest.mark.parametrize(
    "modules",
    [
        "ledger.commands.log, ledger.render.views.written, ledger.files.entryfile",
        "ledger.files.ledger, ledger.core.progress.judge, ledger.core.progress.kinds",
        "ledger.files.assessment, ledger.render.views.status",
    ],
)
def test_what_log_and_status_run_is_free_of_pydantic(modules: str) -> None:
    """A command line that goes without typer must find nothing behind it that costs as much as typer does."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, json, {modules}\nprint(json.dumps(sorted(sys.modules)))"],
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    loaded = set(json.loads(done.stdout))
    assert not packages(loaded) & {"pydantic", "pydantic_core", "typer", *HEAVY - {"ruamel"}}
    # What explains faults and what knows seals, checks and pages is for those who need it.
    assert not loaded & {
        "ledger.core.models.validation",
        "ledger.core.models.schemas",
        "ledger.core.models.drafts",
        "ledger.rules.audit",
        "ledger.rules.check",
        "ledger.git.archive",
        "ledger.git.steps",
        "ledger.commands.show",
        "ledger.commands.demo",
    }


@pytest.mark.parametrize(
    "line",
    [
        "check --no-cache",
        "status --no-cache",
        "log 金融办 新增上市公司 2家 --on 2023-06-30",
    ],
)
def test_what_reads_models_loads_no_typing_extensions(loaded: Callable[..., set[str]], line: str) -> None:
    """msgspec would load them, and inspect with them, for what `typing` has."""
    assert not packages(loaded(*line.split())) & {"typing_extensions", "inspect", "dataclasses"}


def test_log_loads_nothing_for_mistakes_attachments_or_calendars(loaded: Callable[..., set[str]]) -> None:
    modules = loaded("log", "金融办", "新增上市公司", "2家", "--on", "2023-06-30")
    assert not modules & {"calendar", "difflib", "statistics", "hashlib", "shutil", "random"}


def test_an_exchange_loads_no_model_and_no_yaml(tmp_path: Path) -> None:
    city = found_city(tmp_path)
    clone = city.clone("甲")
    clone.log()
    done = subprocess.run(
        [sys.executable, "-c", SHOW, "sync"],
        cwd=clone.root,
        env=dict(clone.environ),
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    assert not packages(set(modules)) & (HEAVY | {"typer", "dataclasses", "inspect"})
    assert not {
        module for module in modules if module.startswith(("ledger.core.models", "ledger.commands.doctor"))
    }


def test_msgspec_comes_without_typing_extensions(loaded: Callable[..., set[str]]) -> None:
    """`core/structs` imports it in a way that saves six milliseconds of every start; no other module is first to import it."""
    assert "typing_extensions" not in loaded("check")
    importers = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "ledger").rglob("*.py")
        if re.search(r"^\s*(import|from) msgspec", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    explain_models = {f"ledger/core/models/{name}.py" for name in ("schemas", "shapes", "validation")}
    assert importers == {"ledger/core/structs.py", *explain_models}
