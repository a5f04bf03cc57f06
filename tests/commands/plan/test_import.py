"""From an office's file to a committed plan: `ledger plan import`, a review with few keys, a table for those who prefer it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import Ran, World
from tests.documents.makers import converted
from tests.documents.test_formats import OFFICE

TABLE = """\
序号,指标名称,单位,上年完成,目标值,责任单位,完成时限
1,城镇新增就业,人,5600,5800,人社局、财政局,12月底
2,城镇登记失业率,%,3.9,≤4,人社局,
3,新建改造供水管网,公里,,30,水利局,9月底
4,群众满意度,,,逐步提高,水利局,
"""


@pytest.fixture
def county(empty_world: World) -> World:
    """An empty ledger with an office's table beside it."""
    assert empty_world("init", "安吉", "--empty").code == 0
    world = World(empty_world.root / "安吉", empty_world.call)
    (world.root / "计划.csv").write_text(TABLE, encoding="gb18030")
    return world


def answers(monkeypatch: pytest.MonkeyPatch, world: World, *lines: str) -> Ran:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines)))
    return world("draft", "--review", "--year", "2026")


def imported(world: World, monkeypatch: pytest.MonkeyPatch, *options: str) -> Ran:
    monkeypatch.chdir(world.root)
    return world("plan", "import", "计划.csv", "--year", "2026", *options)


def test_a_countys_plan_in_one_command_and_one_key(county: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = imported(county, monkeypatch, "--city", "安吉县")
    assert ran.code == 0, ran.err
    assert "已加入 2 个部门：人社局、水利局" in ran.out
    config = county.read("data/ledger.yaml")
    for line in ("city: 湖州市", "county: 安吉县", "year: 2026", "  - {name: 人社局}"):
        assert line in config
    ran = answers(monkeypatch, county, "a")
    assert "这次确认了 3 项" in ran.out
    assert county("check").code == 0, county("check").out
    text = county.read("data/targets/2026/人社局/01.yaml")
    for line in ("partners: [财政局]", "due: 2026-12-31"):
        assert line in text
    text = county.read("data/targets/2026/人社局/02.yaml")
    for line in ("goal: {at_most: 4 %}", "baseline: 3.9 %"):
        assert line in text


def test_a_dry_run_writes_nothing(county: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = county.read("data/ledger.yaml")
    ran = imported(county, monkeypatch, "--dry-run")
    assert "会加入 2 个部门" in ran.out
    assert county.read("data/ledger.yaml") == before
    assert not (county.root / "data/drafts").exists()


def test_new_departments_of_a_ledger_that_has_some_are_asked_for(
    county: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.write(
        "data/ledger.yaml",
        county.read("data/ledger.yaml").replace("departments: []", "departments: [{name: 人社局}]"),
    )
    refused = imported(county, monkeypatch)
    assert refused.code == 1
    assert "水利局" in refused.err
    assert "--add-departments" in refused.err


def test_what_has_no_department_names_the_way_out(county: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (county.root / "计划.csv").write_text("指标,目标值\n新建泵站,5座\n", encoding="utf-8")
    refused = imported(county, monkeypatch)
    assert refused.code == 2
    assert "--department" in refused.err
    assert imported(county, monkeypatch, "--department", "水利局").code == 0


def test_the_table_of_drafts_is_edited_and_read_back(county: World, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(county, monkeypatch)
    ran = county("draft", "--to", "目标.xlsx")
    assert ran.code == 0, ran.err
    path = county.root / "目标.xlsx"
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:7] == [
        "编号",
        "代号",
        "部门",
        "承诺事项",
        "目标名称",
        "类别",
        "目标值",
    ]
    for row in sheet.iter_rows(min_row=2):
        if row[4].value == "新建改造供水管网":
            row[4].value, row[7].value = "新建供水管网", "2026-10-31"
        row[11].value = "确认"
    book.save(path)
    ran = county("draft", "--from", "目标.xlsx")
    assert ran.code == 0, ran.out
    assert "已确认 3 项" in ran.out
    text = county.read("data/targets/2026/水利局/01.yaml")
    assert "name: 新建供水管网" in text
    assert "due: 2026-10-31" in text
    assert county("check").code == 0


@pytest.mark.slow
@OFFICE
def test_the_table_is_saved_by_an_office_program_between(
    county: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice writes the table out as .ods and back as .xlsx, with the lists of its cells kept; then it is read."""
    imported(county, monkeypatch)
    assert county("draft", "--to", "目标.xlsx").code == 0
    book = load_workbook(county.root / "目标.xlsx")
    sheet = book.active
    assert sheet is not None
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    for row in sheet.iter_rows(min_row=2):
        row[11].value = "确认"
        if row[4].value == "城镇新增就业":
            row[7].value = "2026-11-30"
    book.save(county.root / "目标.xlsx")
    saved = converted(converted(county.root / "目标.xlsx", "ods"), "xlsx")
    again = load_workbook(saved).active
    assert again is not None
    assert [rule.formula1 for rule in again.data_validations.dataValidation] == lists
    ran = county("draft", "--from", str(saved))
    assert ran.code == 0, ran.out
    assert "已确认 3 项" in ran.out
    assert "due: 2026-11-30" in county.read("data/targets/2026/人社局/01.yaml")
    assert county("check").code == 0


def test_a_goal_that_is_not_in_its_words_is_refused_with_its_row(
    county: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(county, monkeypatch)
    county("draft", "--to", "目标.xlsx")
    path: Path = county.root / "目标.xlsx"
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["G2"] = "9999人"
    book.save(path)
    ran = county("draft", "--from", "目标.xlsx")
    assert ran.code == 1
    assert "未读入：人社局-01" in ran.out


def test_times_left_out_figures_and_missed_targets(county: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """t sets the deadline; + adds what the reading has missed; b goes back."""
    monkeypatch.chdir(county.root)
    words = "新建改造供水管网30公里，完成投资用于3个镇区。"
    county.write(
        "data/ledger.yaml",
        county.read("data/ledger.yaml").replace("departments: []", "departments: [{name: 水利局}]"),
    )
    county("draft", words, "--department", "水利局", "--title", "供水", "--write", "--year", "2026")
    ran = answers(monkeypatch, county, "t", "9月底", "", "", "a")
    assert "这次确认了 1 项" in ran.out, ran.out
    assert "due: 2026-09-30" in county.read("data/targets/2026/水利局/01.yaml")


LIST = """\
2026年重点工作分工
一、主要预期目标
1.地区生产总值增长6%以上。
分管省领导：李明
部门分工：发展改革委牵头，各地、各部门配合。
2.地方一般公共预算收入增长5%左右；税收占比达到70%。
部门分工：财政厅牵头，各地配合。
二、工业经济（责任单位：工信局）
1.规上工业增加值增长9%
2.新增“小升规”企业40户
三、民生
（一）完成农村危房改造120户。（住建局）（二）新建标准化村卫生室30所。（卫健局、人社局）
"""


def test_each_item_goes_to_the_department_that_it_or_its_heading_names(
    county: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (county.root / "分工.txt").write_text(LIST, encoding="utf-8")
    monkeypatch.chdir(county.root)
    ran = county("plan", "import", "分工.txt")
    assert ran.code == 0, ran.err
    written = {
        path.parent.name: path.read_text(encoding="utf-8")
        for path in (county.root / "data/drafts/2026").glob("*/*.yaml")
    }
    assert sorted(written) == sorted(["发展改革委", "财政厅", "工信局", "住建局", "卫健局"])
    counts = {department: text.count("- key:") for department, text in written.items()}
    assert counts == {"发展改革委": 1, "财政厅": 2, "工信局": 2, "住建局": 1, "卫健局": 1}
    assert "partners: [人社局]" in written["卫健局"]


NOTICE = """\
安吉县人民政府办公室文件
安政办发〔2026〕4号

关于印发2026年重点工作责任分解的通知

各乡镇人民政府，县府各部门：
《2026年重点工作责任分解》已经县政府第38次常务会议审议通过。各牵头单位要于每季度末前5个工作日内报送进展情况，联系电话：0572-5123456。
二、严格督查考核。连续2次滞后的约谈主要负责人，每少1家扣0.5分，考核得分扣2分（县行政中心2号楼316室）。

附件
一、主要预期目标
地区生产总值增长6%左右，城乡居民人均可支配收入分别增长5.5%、
6.5%左右。（责任单位：县发改局、县财政局）
二、提升城乡品质（8项）
1.完成12个城镇老旧小区改造，涉及居民3280户；不动产登记2个工作日内办结。（责任单位：县住建局）

抄送：县法院，县检察院。
安吉县人民政府办公室                      2026年1月28日印发
共印150份
"""


def test_a_whole_notice_gives_the_goals_of_its_annex_alone(
    county: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (county.root / "通知.txt").write_text(NOTICE, encoding="utf-8")
    monkeypatch.chdir(county.root)
    ran = county("plan", "import", "通知.txt")
    assert ran.code == 0, ran.err
    written = {
        path.parent.name: path.read_text(encoding="utf-8")
        for path in (county.root / "data/drafts/2026").glob("*/*.yaml")
    }
    counts = {department: text.count("- key:") for department, text in written.items()}
    assert counts == {"县发改局": 3, "县住建局": 3}
