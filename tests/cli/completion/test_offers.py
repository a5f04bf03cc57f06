"""What is offered at each place of a command line, and that nothing is where nothing can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.files import initials
from tests.cli.completion.conftest import Offers
from tests.conftest import World


def test_departments_by_name_initials_and_alias(offers: Offers) -> None:
    assert offers("", "log") == ["金融办", "国资委", "商务局"]
    assert offers("国", "log") == ["国资委"]
    assert offers("gzw", "log", about=True) == ["国资委\t市国资委"]
    assert offers("GZ", "log") == ["国资委"]
    assert offers("市", "log") == ["市金融办", "市国资委"]
    assert offers("sgzw", "log") == ["市国资委"]
    assert offers("jr", "status", "--dept") == ["金融办"]
    assert offers("gzw", "sheet", "export", "--dept") == ["国资委"]
    assert offers("xyz", "log") == []


def test_targets_by_name_and_once_begun_by_code(offers: Offers) -> None:
    everything = ["新增混改企业", "资产总额", "入驻率", "改制挂牌", "改革走在全省前列", "综合评价"]
    assert offers("", "log", "国资委") == everything
    assert offers("", "log", "市国资委") == everything
    assert offers("xzhg", "log", "国资委", about=True) == ["新增混改企业\t国资委-01/mixed 10家"]
    assert offers("ze", "log", "国资委") == ["资产总额"]  # initials of a part
    assert offers("混改", "log", "国资委") == ["新增混改企业"]
    assert offers("mix", "log", "国资委", about=True) == ["国资委-01/mixed\t新增混改企业 10家"]
    assert offers("国资委-01/a", "log", "国资委") == ["国资委-01/assets"]
    assert offers("", "log", "没有的") == []


def test_an_amount_gets_the_unit_of_its_target(offers: Offers) -> None:
    assert offers("2", "log", "国资委", "新增混改企业", about=True) == ["2家\t新增混改企业 10家"]
    assert offers("72.5", "log", "市国资委", "国资委-01/assets") == ["72.5亿元", "72.5万元"]
    assert offers("72.5亿", "log", "国资委", "assets") == ["72.5亿元"]
    assert offers("72.5yy", "log", "国资委", "资产") == ["72.5亿元"]
    assert offers("65", "log", "国资委", "入驻率") == ["65%"]
    assert offers("4", "log", "国资委", "综合评价") == ["第4位"]
    assert offers("第4", "log", "国资委", "综合评价") == ["第4位"]
    assert offers("15.2", "log", "金融办", "绿色贷款增速") == ["15.2%"]
    assert offers("gp", "log", "国资委", "改制挂牌") == ["挂牌"]
    assert offers("", "log", "金融办", "绿色金融实施意见") == ["完成"]
    assert offers("d", "log", "国资委", "改革走在全省前列") == ["达到"]
    for word, target in (("2亩", "新增混改企业"), ("2", "没有的"), ("2", "改"), ("x", "资产总额")):
        assert offers(word, "log", "国资委", target) == []


def test_refs_lights_and_words_of_other_commands(offers: Offers) -> None:
    assert offers("gzw", "show", about=True) == ["国资委-01\t国有企业改革"]
    assert offers("国资委-01/a", "plot") == ["国资委-01/assets"]
    assert offers("xzhg", "amend") == ["新增混改企业"]
    assert offers("yz", "status", "--light") == ["严重滞后"]
    assert offers("j", "rate", "国资委-01") == ["较难"]
    assert offers("w", "judge", "国资委-01/front") == ["未达到"]
    assert offers("bull") == ["bulletin"]
    assert offers("--dry", "log") == ["--dry-run"]
    assert offers("", "status", "--format") == ["table", "json", "csv", "xlsx"]


def test_the_ledger_and_the_year_named_on_the_line(
    offers: Offers, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_year = world.read("data/targets/2023/国资委/01.yaml").replace("2023", "2024").replace("混改", "重组")
    world.write("data/targets/2024/国资委/01.yaml", next_year)
    assert offers("xz", "--year", "2024", "log", "国资委") == ["新增重组企业"]
    assert offers("xz", "log", "--year", "2024", "国资委") == ["新增重组企业"]
    monkeypatch.chdir(tmp_path)
    assert offers("gzw", "--root", str(world.root), "log") == ["国资委"]
    assert offers("gzw", "log", "--root", str(world.root)) == ["国资委"]


def test_asking_does_nothing(offers: Offers, world: World) -> None:
    """Behind a line that is whole already, a Tab must not do what the line says."""
    before = world.git("rev-parse", "HEAD")
    assert "--note" in offers("--n", "log", "国资委", "mixed", "2家")
    assert offers("", "log", "国资委", "mixed", "2家") == []
    assert world.git("rev-parse", "HEAD") == before


def test_silence_where_nothing_can_be_read(
    offers: Offers, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("data/targets/2023/国资委/01.yaml", "targets: [\n")
    assert offers("", "log", "国资委") == []
    assert offers("", "sheet", "import") == []  # a file: the shell knows better
    monkeypatch.chdir(tmp_path)
    assert offers("g", "log") == offers("", "show") == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("国资委", "gzw"), ("湖州银行", "hzyh"), ("湖州银行", "hzyx"), ("重点项目", "zd"), ("引进10个项目", "yj10gxm"),
        ("殡葬改革", "bz"), ("南浔区", "nxq"), ("“保6争8”", "b6z8"), ("R&D经费", "rdjf"),
    ],
)  # fmt: skip
def test_initials_of_common_rare_and_many_sounded_characters(name: str, letters: str) -> None:
    assert initials.begins(name, letters)
    assert not initials.begins(name, letters + "q" * len(name))


def test_the_table_is_what_pypinyin_says() -> None:
    pytest.importorskip("pypinyin")
    assert initials.FILE.read_text(encoding="utf-8") == initials.build_table()
    assert len(set("".join(line[2:] for line in initials.build_table().splitlines()))) == 20_894
