"""What goes wrong around a ledger: each is one clear Chinese message with the place, the reason and the next step."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.core.errors import ExitCode
from tests.conftest import Ran, World

TARGETS = "data/targets/2023/金融办/01.yaml"
PROGRESS = "data/progress/2023/金融办/01.yaml"


def assert_refused(world: World, done: Ran, code: int, *said: str) -> None:
    assert done.code == code, done.err
    for words in said:
        assert words in done.err
    assert done.err.startswith("错误：")
    assert "下一步：" in done.err
    assert "Traceback" not in done.err


def test_a_file_saved_in_gbk(world: World) -> None:
    (world.root / TARGETS).write_bytes(world.read(TARGETS).encode("gbk"))
    done = world("status", "--dept", "金融办")
    assert_refused(world, done, 1, f"{TARGETS}:1:5", "不是 UTF-8 编码，像是 GBK", "另存为 UTF-8")
    checked = world("check")
    assert checked.code == 1
    assert f"{TARGETS}:1:5" in checked.out


def test_a_progress_file_saved_in_gbk(world: World) -> None:
    world("log", "金融办", "listed", "2家")
    (world.root / PROGRESS).write_bytes(world.read(PROGRESS).encode("gbk"))
    assert_refused(world, world("status"), 1, PROGRESS, "像是 GBK")


def test_a_yaml_typo(world: World) -> None:
    world.write(TARGETS, world.read(TARGETS).replace("    name: 贷款余额", "   name: 贷款余额"))
    assert_refused(world, world("log", "金融办", "listed", "2家"), 1, f"{TARGETS}:21:4", "缩进")


def test_a_misspelt_key_gets_a_suggestion(world: World) -> None:
    world.write(TARGETS, world.read(TARGETS).replace("    among: 全省", "    amung: 全省"))
    done = world("check")
    assert done.code == 1
    assert f"{TARGETS}:34:5" in done.out
    assert "不认识的键 amung" in done.out
    assert "是不是 among？" in done.out


def test_duplicate_ids(world: World) -> None:
    world.write("data/targets/2023/金融办/02.yaml", world.read(TARGETS))
    done = world("check")
    assert done.code == 1
    assert "data/targets/2023/金融办/02.yaml:1:5" in done.out
    assert f"编号 金融办-01 与 {TARGETS} 重复" in done.out


def test_the_same_entry_pasted_twice(world: World) -> None:
    world("log", "金融办", "listed", "2家")
    world.write(PROGRESS, world.read(PROGRESS) * 2)
    done = world("check")
    assert done.code == 1
    assert f"{PROGRESS}:2" in done.out
    assert "重复" in done.out


def test_no_ledger_here(cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("status")
    assert done.code == ExitCode.FINDINGS
    assert "都没有账本" in done.err
    assert "ledger init" in done.err


def test_a_ledger_that_is_no_repository(world: World) -> None:
    (world.root / ".git").rename(world.root.parent / "elsewhere")
    done = world("log", "金融办", "listed", "2家")
    assert_refused(world, done, ExitCode.ENVIRONMENT, "git")
    assert not (world.root / PROGRESS).exists()


def test_no_identity(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER", "EMAIL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    world.git("config", "user.useConfigOnly", "true")
    done = world("log", "金融办", "listed", "2家")
    assert_refused(world, done, ExitCode.ENVIRONMENT, "git config --global user.name", "user.email")
    assert not (world.root / PROGRESS).exists()


def test_a_detached_head(world: World) -> None:
    world.git("checkout", "--quiet", "--detach")
    done = world("log", "金融办", "listed", "2家")
    assert_refused(world, done, ExitCode.ENVIRONMENT, "git switch")
    assert not (world.root / PROGRESS).exists()
    assert world.git("status", "--porcelain") == ""


def test_an_unknown_year(world: World) -> None:
    done = world("status", "--year", "2022")
    assert_refused(world, done, ExitCode.USAGE, "没有 2022 年的计划", "2023")


def test_a_wrong_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "6月30日")
    done = world("status")
    assert_refused(world, done, ExitCode.USAGE, "LEDGER_TODAY 不是日期")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stauts",), "是不是 ledger status？"),
        (("status", "--dpet", "金融办"), "--dept"),
        (("status", "--light", "绿灯"), "没有“绿灯”这种灯"),
        (("status", "--as-of", "去年"), "--as-of 不是日期"),
        (("status", "--format", "xml"), "不在可选之列"),
        (("show",), "缺少"),
        ((), "没有写命令"),
    ],
)
def test_a_wrong_command_line(world: World, arguments: tuple[str, ...], said: str) -> None:
    assert_refused(world, world(*arguments), ExitCode.USAGE, said)


def test_unknown_references(world: World) -> None:
    assert_refused(world, world("show", "金融办-09"), 1, "没有编号为“金融办-09”的承诺事项")
    assert_refused(world, world("show", "金融办-01/lsted"), 1, "找不到目标")
    assert_refused(world, world("status", "--dept", "金融局"), 1, "没有叫“金融局”的部门", "金融办")


def test_init_into_a_folder_in_use(world: World) -> None:
    done = world("init", str(world.root))
    assert_refused(world, done, 1, "不是空文件夹")
