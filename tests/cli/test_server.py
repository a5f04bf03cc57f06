"""With a server: sync between clones, sealing a month, and the doctor, over a real bare repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import World


@pytest.fixture
def served(world: World, tmp_path: Path) -> World:
    world.git("clone", "--quiet", "--bare", str(world.root), str(tmp_path / "server.git"))
    world.git("remote", "add", "origin", str(tmp_path / "server.git"))
    world.git("fetch", "--quiet", "origin")
    world.git("branch", "--quiet", "--set-upstream-to=origin/main", "main")
    return world


@pytest.fixture
def second(served: World, tmp_path: Path) -> World:
    root = tmp_path / "另一台电脑"
    served.git("clone", "--quiet", str(tmp_path / "server.git"), str(root))
    return World(root, lambda *arguments: served("--root", str(root), *arguments))


def test_two_clones_come_to_the_same(served: World, second: World) -> None:
    assert served("log", "金融办", "listed", "2家").code == 0
    assert second("log", "金融办", "listed", "1家").code == 0
    assert second("log", "商务局", "overseas", "1亿美元").code == 0
    for item in (served, second, served):
        done = item("sync")
        assert done.code == 0, done.err
    assert served.git("rev-parse", "HEAD") == second.git("rev-parse", "HEAD")
    assert served.git("rev-list", "--count", "--merges", "HEAD").strip() == "0"
    assert served.git("rev-list", "--count", "HEAD").strip() == "4"
    assert len(served.read("data/progress/2023/金融办/01.yaml").splitlines()) == 2
    assert served("check").code == 0
    assert served("audit").code == 0
    assert served("sync").code == 0


def test_a_rewritten_server_is_refused(served: World, second: World) -> None:
    assert served("log", "金融办", "listed", "2家").code == 0
    assert served("sync").code == 0
    second.git("pull", "--quiet")
    assert second("sync").code == 0
    served.git("commit", "--quiet", "--amend", "--message", "改写")
    served.git("push", "--quiet", "--force", "origin", "main")
    done = second("sync")
    assert done.code != 0
    assert "下一步：" in done.err
    assert second.git("log", "-1", "--format=%s").startswith("log(金融办)")


def test_a_conflict_outside_of_entries_stops_with_a_way_back(served: World, second: World) -> None:
    path = "data/targets/2023/商务局/01.yaml"
    for world, words in ((served, "甲"), (second, "乙")):
        world.write(path, world.read(path).replace("有序扩大双向投资", f"有序扩大双向投资{words}"))
        world.commit_all(f"改标题{words}")
    assert served("sync").code == 0
    before = second.git("rev-parse", "HEAD")
    done = second("sync")
    assert done.code != 0
    assert path in done.err
    assert second.git("rev-parse", "HEAD") == before
    assert second.git("status", "--porcelain") == ""


def test_no_server(world: World) -> None:
    done = world("sync")
    assert done.code != 0
    assert "下一步：" in done.err


def test_an_unreachable_server_loses_nothing(served: World, tmp_path: Path) -> None:
    assert served("log", "金融办", "listed", "2家").code == 0
    head = served.git("rev-parse", "HEAD")
    (tmp_path / "server.git").rename(tmp_path / "gone.git")
    done = served("sync")
    assert done.code == 3
    assert served.git("rev-parse", "HEAD") == head


def test_a_sealed_month_asks_for_a_reason(served: World) -> None:
    assert served("log", "金融办", "listed", "2家", "--on", "2023-05-31").code == 0
    early = served("seal", "2023-05")
    assert early.code != 0
    assert "sync" in early.err
    assert served("sync").code == 0
    done = served("seal", "2023-05")
    assert done.code == 0, done.err
    assert served.git("tag", "--list").split() == ["seal/2023-05"]
    refused = served("log", "金融办", "listed", "1家", "--on", "2023-05-31")
    assert refused.code == 1
    assert "--late" in refused.err
    late = served("log", "金融办", "listed", "1家", "--on", "2023-05-31", "--late", "--reason", "漏报")
    assert late.code == 0, late.err
    assert served("log", "金融办", "listed", "1家", "--on", "2023-06-30").code == 0
    assert served("check").code == 0
    assert served("audit").code == 0


def test_the_doctor_finds_and_mends(world: World) -> None:
    assert world("log", "金融办", "listed", "2家").code == 0
    well = world("doctor")
    assert well.code == 0, well.out
    path = "data/progress/2023/金融办/01.yaml"
    world.write(path, world.read(path) + '- {"id": "01ARZ3NDEK')
    found = world("doctor")
    assert found.code == 1
    assert path in found.out
    mended = world("doctor", "--fix")
    assert mended.code in {0, 1}
    assert world.read(path).endswith("}\n")
    assert world("check").code == 0
    world.git("checkout", "--quiet", "--detach")
    assert world("doctor").code == 1
