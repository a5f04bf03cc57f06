"""Departments and roles of a new ledger: by options, or asked at a terminal; an empty one is not called sound."""

from __future__ import annotations

import io
import sys

import pytest

from ledger.environment import Environment
from tests.conftest import World

CONFIG = "data/ledger.yaml"


def made(world: World, *options: str) -> str:
    ran = world("init", "安吉", "--empty", "--city", "安吉县", "--year", "2026", *options)
    assert ran.code == 0, ran.err
    ledger = World(world.root / "安吉", world.call)
    assert ledger("--root", str(ledger.root), "check").code == 0
    return ledger.read(CONFIG)


def test_departments_and_roles_by_options(empty_world: World) -> None:
    config = made(
        empty_world,
        "--departments",
        "人社局、水利局",
        "--reviewers",
        "du@x.cn",
        "--admins",
        "guan@x.cn，li@x.cn",
    )
    assert (
        '  - {name: 人社局, reviewers: ["du@x.cn"]}\n  - {name: 水利局, reviewers: ["du@x.cn"]}\n' in config
    )
    assert '"guan@x.cn", "li@x.cn"]' in config


def test_departments_and_roles_asked_at_a_terminal(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Environment, "interactive", property(lambda _: True))
    monkeypatch.setattr(sys, "stdin", io.StringIO("人社局 水利局\n\ndu@x.cn\n"))
    config = made(empty_world)
    assert '{name: 水利局, reviewers: ["du@x.cn"]}' in config


def test_no_answer_leaves_them_to_the_plan(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Environment, "interactive", property(lambda _: True))
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n\n"))
    assert "departments: []" in made(empty_world)


@pytest.mark.parametrize(
    "options",
    [("--departments", "../外面"), ("--admins", "张三"), ("--departments", "a", "--reviewers", "x")],
)
def test_what_cannot_be_a_name_or_an_address_is_refused(empty_world: World, options: tuple[str, str]) -> None:
    ran = empty_world("init", "安吉", "--empty", *options)
    assert ran.code in {1, 2}
    assert not (empty_world.root / "安吉").exists()


def test_an_empty_ledger_is_not_called_sound(empty_world: World) -> None:
    empty_world("init", "安吉", "--empty")
    ledger = World(empty_world.root / "安吉", empty_world.call)
    assert "没有可检查的" in ledger("--root", str(ledger.root), "check").out
    refused = ledger("--root", str(ledger.root), "log", "人社局", "就业", "3人")
    assert refused.code == 1
    assert "ledger plan import" in refused.err
    for command in ("status", "rank", "lint", "doubts", "targets"):
        ran = ledger("--root", str(ledger.root), command)
        assert "还没有计划" in ran.err, command
