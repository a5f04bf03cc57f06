"""Exports: every figure exact, the same bytes each time, whole or not at all, and nobody else's folder touched."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from ledger.export.schema import TABLES
from tests.conftest import World

TEXT_FORMS = {"csv": ".csv", "jsonl": ".jsonl", "datapackage": ".csv"}


@pytest.fixture
def reported(world: World) -> World:
    """Reports that make thirds, and one that was corrected and carries a note no spreadsheet may run."""
    for target, amount, *more in (
        ("loans", "50亿元", "--note", "=1+1"),
        ("listed", "1家"),
        ("foreign-capital", "1亿美元"),
        ("quality", "第2位", "--of", "11"),
    ):
        done = world(
            "log",
            "商务局" if target == "foreign-capital" else "金融办",
            target,
            amount,
            "--on",
            "2023-03-31",
            *more,
        )
        assert done.code == 0, done.err
    last = world.read("data/progress/2023/金融办/01.yaml").splitlines()[1]
    entry = json.loads(last.removeprefix("- "))["id"]
    assert world("correct", entry, "--add", "2家", "--reason", "少记一家").code == 0
    return world


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def content(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_figures_are_exact_and_fractions_carry_their_two_integers(reported: World) -> None:
    done = reported("export", "-o", "out", "--city", "湖州", "--county", "安吉")
    assert (done.code, done.err) == (0, "")
    status = {one["target"]: one for one in table(reported.root / "out", "status")}
    loans, listed = status["loans"], status["listed"]
    assert (loans["completion"], loans["completion_numerator"], loans["completion_denominator"]) == (
        "1/3",
        "1",
        "3",
    )
    assert (loans["figure"], loans["figure_numerator"], loans["figure_denominator"]) == (
        "5000000000",
        "5000000000",
        "1",
    )
    assert Fraction(int(loans["expected_numerator"]), int(loans["expected_denominator"])) == Fraction(
        181, 365
    )
    assert listed["completion"] == "1/3"
    assert [status["quality"][name] for name in ("completion", "completion_numerator", "met")] == [
        "",
        "",
        "true",
    ]
    assert {one["county"] for one in status.values()} == {"安吉"}


def test_the_tables_say_what_status_says(reported: World) -> None:
    reported("export", "-o", "out", "--format", "jsonl")
    rows = [
        json.loads(line) for line in (reported.root / "out" / "status.jsonl").read_text("utf-8").splitlines()
    ]
    status = json.loads(reported("status", "--format", "json").out)
    wanted = {
        (one["id"], target["key"]): (str(target["completion"]), target["light"], target["met"], target["entries"], target["reason"])
        for one in status["commitments"]
        for target in one["targets"]
    }  # fmt: skip
    assert len(wanted) == 10
    found = {
        (row["commitment"], row["target"]): (str(row["completion"]), row["light"], row["met"], row["entries"], row["reason"])
        for row in rows
    }  # fmt: skip
    assert found == wanted
    commitments = [
        json.loads(line)
        for line in (reported.root / "out" / "commitments.jsonl").read_text("utf-8").splitlines()
    ]
    assert {
        one["commitment"]: (str(one["completion"]), one["uncounted"], one["light"]) for one in commitments
    } == {
        one["id"]: (str(one["completion"]), one["uncounted"], one["light"]) for one in status["commitments"]
    }


def test_entries_keep_what_was_written_beside_what_was_read_and_whether_it_counts(reported: World) -> None:
    reported("export", "-o", "out")
    entries = table(reported.root / "out", "entries")
    listed = [
        (one["added"], one["counts"], one["amount"], one["amount_unit"])
        for one in entries
        if one["target"] == "listed"
    ]
    assert listed == [("1家", "false", "1", "家"), ("2家", "true", "2", "家")]
    money = next(one for one in entries if one["target"] == "foreign-capital")
    assert (money["added"], money["amount"], money["amount_unit"], money["reporter"]) == (
        "1亿美元",
        "100000000",
        "美元",
        "张三",
    )
    place = next(one for one in entries if one["target"] == "quality")
    assert (place["place"], place["places"], place["amount"]) == ("2", "11", "")


def test_what_was_reported_later_is_not_in_an_earlier_export(reported: World) -> None:
    reported("export", "-o", "out", "--as-of", "2023-03-30")
    folder = reported.root / "out"
    assert table(folder, "entries") == []
    assert {(one["completion"], one["light"]) for one in table(folder, "status")} == {("", "未报")}
    assert {one["as_of"] for one in table(folder, "commitments")} == {"2023-03-30"}


def test_a_spreadsheet_runs_nothing_and_a_program_gets_the_text_as_it_is(reported: World) -> None:
    reported("export", "-o", "people")
    reported("export", "-o", "programs", "--format", "datapackage")
    notes = [
        {one["note"] for one in table(reported.root / folder, "entries")} for folder in ("people", "programs")
    ]
    assert notes == [{"", "'=1+1"}, {"", "=1+1"}]
    assert (reported.root / "people" / "entries.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("form", [*TEXT_FORMS, "parquet"])
def test_the_same_ledger_gives_the_same_bytes(reported: World, form: str) -> None:
    for folder in ("one", "two", "two"):
        done = reported("export", "-o", folder, "--format", form)
        assert (done.code, done.err) == (0, "")
    one, two = (content(reported.root / folder) for folder in ("one", "two"))
    assert one == two
    assert len(one) == {"csv": 5, "jsonl": 5, "datapackage": 6, "parquet": 6}[form]


def test_the_data_package_is_valid_and_a_wrong_cell_is_not(reported: World) -> None:
    frictionless = pytest.importorskip("frictionless")
    reported("export", "-o", "out", "--format", "datapackage")
    folder = reported.root / "out"
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["fieldName", "message"])
    assert [task.name for task in report.tasks] == list(TABLES)
    told = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    assert [[field["name"] for field in one["schema"]["fields"]] for one in told] == [
        list(one.names) for one in TABLES.values()
    ]
    status = folder / "status.csv"
    status.write_text(status.read_text("utf-8").replace("1/3", "0.33…"), encoding="utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_parquet_holds_the_same_rows_typed_and_in_folders_by_year_and_city(reported: World) -> None:
    import duckdb

    reported("export", "-o", "lake", "--format", "parquet", "--city", "湖州", "--county", "安吉")
    reported("export", "-o", "lines", "--format", "jsonl", "--city", "湖州", "--county", "安吉")
    for name, shape in TABLES.items():
        file = reported.root / "lake" / name / "year=2023" / "city=湖州" / "安吉.parquet"
        assert file.is_file()
        columns = ", ".join(shape.names)
        found = duckdb.sql(
            f"SELECT {columns} FROM read_parquet('{reported.root}/lake/{name}/**/*.parquet', hive_partitioning = true)"
        )
        rows = [dict(zip(shape.names, row, strict=True)) for row in found.fetchall()]
        lines = (reported.root / "lines" / f"{name}.jsonl").read_text("utf-8").splitlines()
        told = [{k: None if v is None else str(v) for k, v in json.loads(line).items()} for line in lines]
        assert [{k: None if v is None else str(v) for k, v in row.items()} for row in rows] == told
        kinds = dict(zip(found.columns, map(str, found.types), strict=True))
        assert {kinds[one.name] for one in shape.columns if one.kind == "wide"} <= {"DECIMAL(38,0)"}
        assert "DOUBLE" not in kinds.values()


@pytest.mark.parametrize("form", [*TEXT_FORMS, "parquet"])
def test_a_folder_of_somebody_else_is_left_as_it_is(reported: World, form: str) -> None:
    reported.write("out/论文.txt", "别动\n")
    done = reported("export", "-o", "out", "--format", form)
    assert done.code == 1
    assert "out 里已有别的文件，没有写入" in done.err
    assert content(reported.root / "out") == {"论文.txt": "别动\n".encode()}


@pytest.mark.parametrize(("before", "after"), [("csv", "jsonl"), ("csv", "parquet"), ("parquet", "csv")])
def test_an_export_of_another_kind_is_left_as_it_is(reported: World, before: str, after: str) -> None:
    reported("export", "-o", "out", "--format", before)
    there = content(reported.root / "out")
    done = reported("export", "-o", "out", "--format", after)
    assert (done.code, "另一种导出" in done.err) == (1, True)
    assert content(reported.root / "out") == there


def test_a_file_put_into_an_export_is_not_lost_with_it(reported: World) -> None:
    reported("export", "-o", "out")
    reported.write("out/批注.docx", "手写")
    done = reported("export", "-o", "out")
    assert done.code == 1
    assert "批注.docx" in done.err
    assert reported.read("out/批注.docx") == "手写"


def test_a_broken_ledger_exports_nothing_and_leaves_nothing_behind(reported: World) -> None:
    reported("export", "-o", "out")
    there = content(reported.root / "out")
    reported.write("data/targets/2023/商务局/01.yaml", "id: 商务局-01\n")
    for form, folder in (("csv", "out"), ("parquet", "lake")):
        done = reported("export", "-o", folder, "--format", form)
        assert (done.code, "data/targets/2023/商务局/01.yaml" in done.err) == (1, True)
    assert content(reported.root / "out") == there
    assert not list((reported.root / "lake").rglob("*.parquet"))
    assert not [one.name for one in reported.root.iterdir() if one.name.startswith(".out")]


def test_a_figure_too_wide_for_the_integer_columns_stays_exact_in_its_text(reported: World) -> None:
    digits = "1" * 29
    done = reported("log", "金融办", "loans", f"{digits}亿元", "--on", "2023-05-31")
    assert done.code == 0, done.err
    reported("export", "-o", "out")
    reported("export", "-o", "lake", "--format", "parquet")
    wide = next(one for one in table(reported.root / "out", "entries") if digits in one["added"])
    assert [wide[f"amount{part}"] for part in ("", "_numerator", "_denominator")] == [
        digits + "0" * 8,
        "",
        "",
    ]
    wanted = json.loads(reported("status", "--format", "json").out)["departments"]
    found = json.loads(reported("rollup", "lake", "--format", "json").out)["ledgers"][0]["departments"]
    assert [(one["completion"], one["uncounted"]) for one in found] == [
        (one["completion"], one["uncounted"]) for one in wanted
    ]


def test_a_mean_too_wide_for_the_integer_columns_is_still_summed_exactly(world: World) -> None:
    plan = world.read("data/targets/2023/商务局/01.yaml")
    primes = ("1000000007", "1000000009", "1000000021", "1000000033")
    words = [f"第{number}项完成{prime}元" for number, prime in enumerate(primes)]
    targets = "".join(
        f"  - {{key: t{number}, name: 第{number}项, kind: accumulate, goal: {{reach: {prime} 元}}, quote: {word}}}\n"
        for number, (prime, word) in enumerate(zip(primes, words, strict=True))
    )
    head = plan.partition("text:")[0]
    world.write("data/targets/2023/商务局/01.yaml", f"{head}text: {'，'.join(words)}。\ntargets:\n{targets}")
    world.commit_all("换目标")
    for number in range(4):
        assert world("log", "商务局", f"t{number}", "7元", "--on", "2023-03-31").code == 0
    world("export", "-o", "out")
    commitment = next(
        one for one in table(world.root / "out", "commitments") if one["commitment"] == "商务局-01"
    )
    assert len(commitment["completion"].partition("/")[2]) > 28
    assert commitment["completion_denominator"] == ""
    done = json.loads(world("rollup", ".", "--format", "json").out)
    exact = sum(Fraction(7, int(prime)) for prime in primes) / 4
    assert (
        Fraction(next(one for one in done["departments"] if one["name"] == "商务局")["completion"]) == exact
    )
    assert next(one for one in done["departments"] if one["name"] == "商务局")["uncounted"] == 0


@pytest.mark.parametrize("name", ["湖/州", "a=b", "..", "_x", ".x", "", "x" * 61, "a%20", "c*"])
def test_a_place_that_cannot_be_a_folder_is_refused(reported: World, name: str) -> None:
    done = reported("export", "-o", "out", "--format", "parquet", "--city", "湖州", "--county", name or " ")
    assert (done.code, "不能用作文件夹名" in done.err) == (2, True)
    assert not (reported.root / "out").exists()


def test_parquet_without_its_library_says_what_to_install(
    reported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    done = reported("export", "-o", "out", "--format", "parquet")
    assert done.code == 3
    assert "commitment-ledger[rollup]" in done.err
    assert reported("export", "-o", "text").code == 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_in_the_place_of_the_folder_is_left_as_it_is(reported: World, form: str) -> None:
    reported.write("out", "别动")
    done = reported("export", "-o", "out", "--format", form)
    assert (done.code, "是文件，不是文件夹" in done.err) == (1, True)
    assert reported.read("out") == "别动"


def test_an_amount_that_cannot_be_read_stays_as_text_and_is_no_zero(reported: World) -> None:
    path = "data/progress/2023/金融办/01.yaml"
    row = {
        "id": "01H00000000000000000000001",
        "on": "2023-06-01",
        "target": "listed",
        "add": "若干家",
        "by": "张三",
    }
    reported.write(path, f"{reported.read(path)}- {json.dumps(row, ensure_ascii=False)}\n")
    assert reported("export", "-o", "out").code == 0
    folder = reported.root / "out"
    entry = next(one for one in table(folder, "entries") if one["entry"] == row["id"])
    assert [entry[name] for name in ("added", "amount", "amount_numerator", "amount_unit")] == [
        "若干家",
        "",
        "",
        "",
    ]
    status = next(one for one in table(folder, "status") if one["target"] == "listed")
    assert (status["completion"], "若干家" in status["reason"]) == ("", True)


def test_simulated_data_says_so_on_the_screen_and_in_every_row(reported: World) -> None:
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml") + "simulated: true\n")
    done = reported("export", "-o", "out", "--format", "datapackage")
    assert "模拟数据" in done.out
    assert {one["simulated"] for one in table(reported.root / "out", "commitments")} == {"true"}
    assert "模拟数据" in json.loads(reported.read("out/datapackage.json"))["title"]
