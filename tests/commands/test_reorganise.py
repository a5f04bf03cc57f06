"""Departments that change: what is written, what every command answers on both sides of the day, who may do it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ledger.files import lookup
from ledger.files.ledger import Ledger
from ledger.files.lookup import FutureDepartmentError
from tests.conftest import COMMERCE, CONFIG, FINANCE, World

WHY = ("--reason", "市机构改革方案〔2023〕1号")
ADMIN = "admins: [zhang@example.gov.cn]\n"


@pytest.fixture
def city(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two departments with figures of June; it is the middle of July."""
    assert world("log", "金融办", "listed", "2家", "--on", "2023-06-30").code == 0
    assert world("log", "商务局", "overseas", "1亿美元", "--on", "2023-06-30").code == 0
    monkeypatch.setenv("LEDGER_TODAY", "2023-07-15")
    return world


def rename(city: World) -> None:
    done = city("dept", "rename", "市金融办", "金融局", "--on", "2023-07-01", *WHY)
    assert done.code == 0, done.err


def departments(city: World, day: str, *words: str) -> list[str]:
    done = city("status", "--as-of", day, "--format", "json", *words)
    assert done.code == 0, done.err
    return [row["name"] for row in json.loads(done.out)["departments"]]


def test_a_rename_is_one_fact_in_one_commit(city: World) -> None:
    before = city.git("ls-files")
    rename(city)
    assert city.git("ls-files") == before
    assert city.git("show", "--name-only", "--format=", "HEAD").split() == ["data/ledger.yaml"]
    assert "Ledger-Reorganisation: rename 金融办 → 金融局 2023-07-01" in city.git("log", "-1", "--format=%B")
    assert city("check").code == 0
    assert city("check", "--format", "json").out.strip() == "[]"


@pytest.mark.parametrize("cache", [(), ("--no-cache",)], ids=["cached", "fresh"])
def test_the_overview_shows_the_department_of_the_day(city: World, cache: tuple[str, ...]) -> None:
    rename(city)
    for _ in range(2):
        assert departments(city, "2023-06-30", *cache) == ["金融办", "商务局"]
        assert departments(city, "2023-07-01", *cache) == ["金融局", "商务局"]
        for word in ("金融办", "市金融办", "金融局"):
            assert departments(city, "2023-06-30", *cache, "--dept", word) == ["金融办"]
            assert departments(city, "2023-07-01", *cache, "--dept", word) == ["金融局"]


def test_every_answer_names_the_department_of_the_day(city: World, tmp_path: Path) -> None:
    rename(city)
    for command in (
        ("rank",),
        ("report", "-o", str(tmp_path / "页.html")),
        ("why", "金融办"),
        ("show", "金融办-01"),
    ):
        for day, name, other in (("2023-06-30", "金融办", "金融局"), ("2023-07-10", "金融局", "金融办")):
            done = city(*command, "--as-of", day)
            assert done.code == 0, done.err
            text = (tmp_path / "页.html").read_text("utf-8") if command[0] == "report" else done.out
            text = text.replace("金融办-01", "").replace("金融办 → 金融局", "")
            assert name in text, (command, day)
            assert other not in text or command[0] in {"show", "why"}, (command, day)
    due = json.loads(city("due", "--format", "json").out)
    assert [row["name"] for row in due["departments"]] == ["金融局", "商务局"]
    done = city("bulletin", "--month", "2023-06", "-o", str(tmp_path / "通报.md"))
    assert done.code == 0, done.err
    assert "金融局" not in (tmp_path / "通报.md").read_text("utf-8")


def test_old_and_new_names_are_typed_alike(city: World, tmp_path: Path) -> None:
    sheet = tmp_path / "旧表.csv"
    sheet.write_text("目标,本期数\n新增上市公司,1家\n", encoding="utf-8")
    rename(city)
    assert city("log", "金融办", "listed", "1家", "--on", "2023-07-01").code == 0
    assert city("log", "金融局", "金融局-1/loans", "9亿元", "--on", "2023-07-02").code == 0
    assert city("correct", "市金融办", "listed", "3家", "--month", "2023-06", "--reason", "少计").code == 0
    assert city("amend", "金融局-01/listed", "--goal", "≥5家", *WHY).code == 0
    assert city("show", "金融局-01/listed").code == 0
    done = city("history", "金融局-01")
    assert done.code == 0
    assert "新增上市公司" in done.out
    assert city.git("log", "-1", "--format=%s").startswith("amend(金融局)")
    assert "金融局-01" not in city.read("data/progress/2023/金融办/01.yaml")


def test_a_sheet_made_under_the_old_name_is_taken(city: World, tmp_path: Path) -> None:
    file = tmp_path / "金融办.xlsx"
    assert city("sheet", "export", "--dept", "金融办", "--month", "2023-06", "-o", str(file)).code == 0
    rename(city)
    from openpyxl import load_workbook

    book = load_workbook(file)
    page = book.worksheets[0]
    header = next(row for row in page.iter_rows() if any(cell.value == "目标代号" for cell in row))
    places = {cell.value: cell.column for cell in header}
    amount = next(
        column for name, column in places.items() if (name and "本期" in str(name)) or name == "数量"
    )
    for row in page.iter_rows(min_row=header[0].row + 1):
        if any(cell.value == "金融办-01/loans" for cell in row):
            page.cell(row[0].row, amount).value = "7亿元"
    book.save(file)
    done = city("sheet", "import", str(file))
    assert done.code == 0, done.out + done.err
    assert "7亿元" in city.read("data/progress/2023/金融办/01.yaml")


def test_a_merger_adds_up_and_is_taken_apart_before_its_day(city: World) -> None:
    done = city("dept", "merge", "金融办", "商务局", "--into", "经济局", "--on", "2023-07-01", *WHY)
    assert done.code == 0, done.err
    assert departments(city, "2023-07-01") == ["经济局"]
    assert departments(city, "2023-06-30") == ["金融办", "商务局"]
    assert departments(city, "2023-06-30", "--dept", "经济局") == ["金融办", "商务局"]
    assert departments(city, "2023-07-01", "--dept", "商务局") == ["经济局"]
    assert city("show", "经济局-01").code == 1
    assert "金融办-01" in city("show", "经济局-01").err
    done = city("dept", "rename", "经济局", "大经济局", "--on", "2023-08-01", *WHY)
    assert done.code == 0, done.err
    assert departments(city, "2023-08-01", "--dept", "金融办") == ["大经济局"]
    assert city("check").code == 0


def test_a_department_yet_to_come_is_refused_with_those_of_the_day(city: World) -> None:
    assert city("dept", "merge", "金融办", "商务局", "--into", "经济局", "--on", "2023-07-01", *WHY).code == 0
    with pytest.raises(FutureDepartmentError) as caught:
        lookup.department(Ledger.open(city.root, day=date(2023, 6, 30)), " 经济局 ")
    message = "“经济局”自 2023-07-01 起才有（金融办、商务局合并组建经济局）"
    assert (caught.value.message, caught.value.hint) == (message, "2023-06-30 时写 金融办 或 商务局")
    assert lookup.department(Ledger.open(city.root, day=date(2023, 7, 1)), "金融办").name == "经济局"


def test_a_merger_into_one_that_stays(city: World) -> None:
    assert city("dept", "merge", "金融办", "--into", "商务局", "--on", "2023-07-01", *WHY).code == 0
    assert departments(city, "2023-07-01") == ["商务局"]
    assert departments(city, "2023-06-30", "--dept", "商务局") == ["商务局"]


def test_a_commitment_that_was_handed_over(city: World) -> None:
    done = city("transfer", "金融办-01", "商务局", "--on", "2023-07-01", *WHY)
    assert done.code == 0, done.err
    assert departments(city, "2023-07-01") == ["商务局"]
    assert departments(city, "2023-06-30") == ["金融办", "商务局"]
    due = json.loads(city("due", "--format", "json").out)
    assert [row["name"] for row in due["departments"]] == ["商务局"]
    assert city("log", "商务局", "listed", "1家", "--on", "2023-07-01").code == 0
    refused = city("log", "金融办", "listed", "1家", "--on", "2023-07-02")
    assert refused.code == 1
    assert "商务局" in refused.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("dept", "rename", "金融办", "商务局"), "已有这个部门"),
        (("dept", "rename", "金融办", "金融办"), "没有改动"),
        (("dept", "rename", "财政局", "财局"), "没有叫“财政局”的部门"),
        (("dept", "rename", "金融办", "金融/局"), "部门名不能用"),
        (("dept", "rename", "金融办", "金融 局"), "部门名不能用"),
        (("dept", "rename", "商务局", "市金融办"), "别名"),
        (("dept", "merge", "金融办", "--into", "金融办"), "不能并入自己"),
        (("dept", "merge", "金融办", "商务局", "--into", "商务局"), "ledger dept merge 金融办 --into 商务局"),
        (("dept", "merge", "金融办", "--into", "经济局"), "ledger dept rename 金融办 经济局"),
        (("transfer", "金融办-01", "金融办"), "本来就由"),
        (("transfer", "金融办-09", "商务局"), "金融办-09"),
        (("transfer", "金融办-01/listed", "商务局"), "按承诺事项"),
        (("transfer", "金融办-01", "财政局"), "没有叫“财政局”的部门"),
    ],
    ids=range(13),
)
def test_what_is_refused_writes_nothing(city: World, words: tuple[str, ...], says: str) -> None:
    head = city.git("rev-parse", "HEAD")
    done = city(*words, "--on", "2023-07-01", *WHY)
    assert done.code == 1
    assert says in done.err
    assert city.git("rev-parse", "HEAD") == head
    assert city.git("status", "--porcelain") == ""


def test_bad_sequences_write_nothing(city: World) -> None:
    rename(city)
    head = city.git("rev-parse", "HEAD")
    for words, says in (
        (("dept", "rename", "金融局", "财金局", "--on", "2023-07-01", *WHY), "一天只能变一次"),
        (("dept", "rename", "金融办", "财金局", "--on", "2023-08-01", *WHY), "写现在的名称：金融局"),
        (("transfer", "商务局-01", "金融办", "--on", "2023-08-01", *WHY), "ledger transfer 商务局-01 金融局"),
        (("transfer", "商务局-01", "金融局", "--on", "2024-08-01", *WHY), "计划期"),
        (("dept", "merge", "商务局", "--into", "金融办", "--on", "2023-08-01", *WHY), ""),
        (("dept", "rename", "商务局", "商局", "--on", "2023-08-01"), "--reason"),
        (("dept", "rename", "商务局", "商局", "--on", "2023-13-01", *WHY), "日期"),
    ):
        done = city(*words)
        assert done.code in {1, 2}, words
        assert says in done.err, (words, done.err)
    assert city.git("rev-parse", "HEAD") == head
    assert city.git("status", "--porcelain") == ""


def test_a_sealed_month_stays_as_it_was(city: World) -> None:
    assert city("seal", "2023-06", "--local").code == 0
    before = city("status", "--as-of", "2023-06-30", "--format", "json").out
    refused = city("dept", "rename", "金融办", "金融局", "--on", "2023-06-30", *WHY)
    assert (refused.code, "--on 2023-07-01" in refused.err) == (1, True)
    rename(city)
    assert city("status", "--as-of", "2023-06-30", "--format", "json").out == before
    assert departments(city, "2023-06-30", "--dept", "金融局") == ["金融办"]


def test_the_guard_of_history_knows_who_may(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rename(city)
    assert audited(city, "HEAD~1") == {"policy"}, "where nobody is named, every change of the rules is told"
    city.write("data/ledger.yaml", city.read("data/ledger.yaml") + ADMIN)
    city.commit_all("管理员")
    base = city.git("rev-parse", "HEAD").strip()
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "li@example.gov.cn")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "li@example.gov.cn")
    done = city("dept", "rename", "商务局", "商局", "--on", "2023-07-02", *WHY)
    assert (done.code, "zhang@example.gov.cn" in done.err) == (1, True)
    text = city.read("data/ledger.yaml")
    forged = "  - {on: 2023-07-02, kind: transfer, commitment: 金融办-01, year: 2023, to: 商务局, by: 张三, reason: 改革}\n"
    city.write("data/ledger.yaml", text.replace("reorganisations:\n", f"reorganisations:\n{forged}"))
    city.commit_all("自己划转")
    assert "reorganisation" in audited(city, base)
    city.git("reset", "--quiet", "--hard", base)
    anchor = "    reason: 市机构改革方案〔2023〕1号\n"
    city.write("data/ledger.yaml", text.replace(anchor, anchor + forged))
    city.commit_all("自己划转")
    assert audited(city, base) == {"role"}
    city.git("reset", "--quiet", "--hard", base)
    city.write("data/ledger.yaml", text.replace("name: 商务局", "name: 商局"))
    city.commit_all("自己改名")
    assert "policy" in audited(city, base)
    found = json.loads(city("check", "--format", "json").out)
    assert any("ledger dept rename 商务局 新名" in finding["hint"] for finding in found)


def audited(city: World, base: str) -> set[str]:
    """The codes of what `audit` finds in the commits after `base`."""
    found = json.loads(city("audit", "--format", "json").out)["findings"]
    commits = city.git("rev-list", f"{base}..HEAD").split()
    return {finding["rule"] for finding in found if finding.get("commit") in commits}


def test_the_new_department_writes_and_the_old_one_does_not(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = CONFIG.replace("aliases: [市金融办]}", "aliases: [市金融办], reporters: [zhang@example.gov.cn]}")
    text = text.replace("inferred: true}", "reporters: [li@example.gov.cn]}")
    city.write("data/ledger.yaml", text + "admins: [wang@example.gov.cn]\n")
    city.commit_all("名单")
    base = city.git("rev-parse", "HEAD").strip()
    as_person(monkeypatch, "wang")
    assert city("transfer", "金融办-01", "商务局", "--on", "2023-07-01", *WHY).code == 0
    as_person(monkeypatch, "zhang")
    refused = city("log", "商务局", "listed", "1家", "--on", "2023-07-01")
    assert (refused.code, "li@example.gov.cn" in refused.err) == (1, True)
    as_person(monkeypatch, "li")
    assert city("log", "商务局", "listed", "1家", "--on", "2023-07-01").code == 0
    assert audited(city, base) == set()


def as_person(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", f"{name}@example.gov.cn")


def test_dry_run_writes_nothing(city: World) -> None:
    head = city.git("rev-parse", "HEAD")
    done = city("dept", "rename", "金融办", "金融局", "--on", "7月1日", *WHY, "--dry-run", "--format", "json")
    assert json.loads(done.out)["commitments"] == ["金融办-01"]
    assert (city.git("rev-parse", "HEAD"), city.git("status", "--porcelain")) == (head, "")


def test_an_alias_may_become_the_name(city: World) -> None:
    assert city("dept", "rename", "金融办", "市金融办", "--on", "2023-07-01", *WHY).code == 0
    assert departments(city, "2023-07-01", "--dept", "金融办") == ["市金融办"]
    assert city("check").code == 0


def test_a_plan_of_the_next_year_comes_under_the_new_name(city: World) -> None:
    rename(city)
    for name, text in (("金融局", FINANCE), ("商务局", COMMERCE)):
        text = text.replace("year: 2023", "year: 2024").replace("金融办", name)
        city.write(f"data/targets/2024/{name}/01.yaml", text)
    city.commit_all("明年的计划")
    done = city("plan", "diff", "2023", "2024", "--format", "json")
    assert {row["verdict"] for row in json.loads(done.out)} == {"same"}, done.out


def test_what_changed_and_why_is_told(city: World) -> None:
    rename(city)
    assert city("transfer", "商务局-01", "金融局", "--on", "2023-07-10", *WHY).code == 0
    note = "责任部门自 2023-07-01 起为 金融局（原 金融办；市机构改革方案〔2023〕1号）"
    for command in ("show", "why"):
        assert note in city(command, "金融办-01").out
    done = city("changes", "--from", "2023-06-30", "--format", "json")
    changes = [row for row in json.loads(done.out)["changes"] if row["kind"] == "department"]
    assert [(row["target"], row["before"], row["after"]) for row in changes] == [
        ("金融办-01", "金融办", "金融局"),
        ("商务局-01", "商务局", "金融局"),
    ]
    assert {(row["by"], row["reason"]) for row in changes} == {("张三", WHY[1])}
    done = city("changes", "--from", "2023-06-30", "--dept", "金融局", "--format", "json")
    assert {row["kind"] for row in json.loads(done.out)["changes"]} <= {
        "department",
        "silent",
        "score",
        "place",
    }


def test_exports_hold_the_departments_of_their_day(city: World, tmp_path: Path) -> None:
    rename(city)
    for day, name, other in (("2023-06-30", "金融办", "金融局"), ("2023-07-10", "金融局", "金融办")):
        folder = tmp_path / day
        done = city("export", "-o", str(folder), "--as-of", day, "--format", "datapackage")
        assert done.code == 0, done.err
        text = (folder / "departments.csv").read_text("utf-8-sig")
        assert name in text
        assert other not in text


def test_reviewers_and_remarks_find_the_department_by_any_name(city: World) -> None:
    rename(city)
    for name in ("金融办", "金融局"):
        assert city("verify", name, "--month", "2023-06", "--dry-run").code == 0
        done = city("remark", name, "listed", "--cause", "审批慢", "--measure", "专班推进", "--dry-run")
        assert done.code == 0, done.err
