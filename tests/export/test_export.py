"""Exports: every figure exact, the same bytes each time, whole or not at all, and nobody else's folder touched."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from ledger.export.schema import TABLES
from ledger.render.view import number
from tests.conftest import World

TEXT_FORMS = {"csv": ".csv", "jsonl": ".jsonl", "datapackage": ".csv"}


@pytest.fixture
def reported(world: World) -> World:
    """Reports that make thirds, and row that was corrected and carries a note no spreadsheet may run."""
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
    return {str(row.relative_to(folder)): row.read_bytes() for row in folder.rglob("*") if row.is_file()}


def test_figures_are_exact_and_fractions_carry_their_two_integers(reported: World) -> None:
    done = reported("export", "-o", "out", "--city", "湖州", "--county", "安吉")
    assert (done.code, done.err) == (0, "")
    status = {row["target"]: row for row in table(reported.root / "out", "status")}
    loans, listed = status["loans"], status["listed"]
    assert (loans["completion"], loans["completion_numerator"], loans["completion_denominator"]) == (
        "0.3333333333",
        "1",
        "3",
    )
    assert (loans["figure"], loans["figure_numerator"], loans["figure_denominator"]) == (
        "5000000000",
        "5000000000",
        "1",
    )
    assert Fraction(int(loans["expected_numerator"]), int(loans["expected_denominator"])) == Fraction(
        151,
        365,  # to the end of May: June may still be reported
    )
    assert (listed["completion_numerator"], listed["completion_denominator"]) == ("1", "3")
    assert [status["quality"][name] for name in ("completion", "completion_numerator", "met")] == [
        "",
        "",
        "true",
    ]
    assert {row["county"] for row in status.values()} == {"安吉县"}


def exact(row: dict[str, str]) -> str:
    """The completion of a row as `status --format json` writes it."""
    if row["completion_numerator"] is None:
        return "None"
    return str(number(Fraction(int(row["completion_numerator"]), int(row["completion_denominator"]))))


def test_the_tables_say_what_status_says(reported: World) -> None:
    reported("export", "-o", "out", "--format", "jsonl")
    rows = [
        json.loads(line) for line in (reported.root / "out" / "status.jsonl").read_text("utf-8").splitlines()
    ]
    status = json.loads(reported("status", "--format", "json").out)
    wanted = {
        (row["id"], target["key"]): (str(target["completion"]), target["light"], target["met"], target["entries"], target["reason"])
        for row in status["commitments"]
        for target in row["targets"]
    }  # fmt: skip
    assert len(wanted) == 10
    found = {
        (row["commitment"], row["target"]): (exact(row), row["light"], row["met"], row["entries"], row["reason"])
        for row in rows
    }  # fmt: skip
    assert found == wanted
    commitments = [
        json.loads(line)
        for line in (reported.root / "out" / "commitments.jsonl").read_text("utf-8").splitlines()
    ]
    assert {row["commitment"]: (exact(row), row["uncounted"], row["light"]) for row in commitments} == {
        row["id"]: (str(row["completion"]), row["uncounted"], row["light"]) for row in status["commitments"]
    }


def test_entries_keep_what_was_written_beside_what_was_read_and_whether_it_counts(reported: World) -> None:
    reported("export", "-o", "out")
    entries = table(reported.root / "out", "entries")
    listed = [
        (row["added"], row["counts"], row["amount"], row["amount_unit"])
        for row in entries
        if row["target"] == "listed"
    ]
    assert listed == [("1家", "false", "1", "家"), ("2家", "true", "2", "家")]
    money = next(row for row in entries if row["target"] == "foreign-capital")
    assert (money["added"], money["amount"], money["amount_unit"], money["reporter"]) == (
        "1亿美元",
        "100000000",
        "美元",
        "张三",
    )
    place = next(row for row in entries if row["target"] == "quality")
    assert (place["place"], place["places"], place["amount"]) == ("2", "11", "")


def test_what_was_reported_later_is_not_in_an_earlier_export(reported: World) -> None:
    reported("export", "-o", "out", "--as-of", "2023-03-30")
    folder = reported.root / "out"
    assert table(folder, "entries") == []
    assert {(row["completion"], row["light"]) for row in table(folder, "status")} == {("", "未报")}
    assert {row["as_of"] for row in table(folder, "commitments")} == {"2023-03-30"}


def test_a_spreadsheet_runs_nothing_and_a_program_gets_the_text_as_it_is(reported: World) -> None:
    reported("export", "-o", "people")
    reported("export", "-o", "programs", "--format", "datapackage")
    notes = [
        {row["note"] for row in table(reported.root / folder, "entries")} for folder in ("people", "programs")
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
    assert len(one) == {"csv": 6, "jsonl": 6, "datapackage": 7, "parquet": 7}[form]


def test_the_data_package_is_valid_and_a_wrong_cell_is_not(reported: World) -> None:
    frictionless = pytest.importorskip("frictionless")
    reported("export", "-o", "out", "--format", "datapackage")
    folder = reported.root / "out"
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["fieldName", "message"])
    assert [task.name for task in report.tasks] == list(TABLES)
    told = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    assert [[field["name"] for field in row["schema"]["fields"]] for row in told] == [
        list(row.names) for row in TABLES.values()
    ]
    status = folder / "status.csv"
    status.write_text(status.read_text("utf-8").replace("0.3333333333", "0.33…"), encoding="utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_parquet_holds_the_same_rows_typed_and_in_folders_by_year_and_day(reported: World) -> None:
    import duckdb

    reported("export", "-o", "lake", "--format", "parquet", "--city", "湖州", "--county", "安吉")
    reported("export", "-o", "lines", "--format", "jsonl", "--city", "湖州", "--county", "安吉")
    for name, shape in TABLES.items():
        folder = reported.root / "lake" / name / "year=2023" / "as_of=2023-06-30"
        assert [path.suffix for path in folder.iterdir()] == [".parquet"]
        assert all(path.relative_to(reported.root).as_posix().isascii() for path in folder.iterdir())
        columns = ", ".join(shape.names)
        found = duckdb.sql(
            f"SELECT {columns} FROM read_parquet('{reported.root}/lake/{name}/**/*.parquet', hive_partitioning = true)"
        )
        rows = [dict(zip(shape.names, row, strict=True)) for row in found.fetchall()]
        lines = (reported.root / "lines" / f"{name}.jsonl").read_text("utf-8").splitlines()
        decimals = {column.name for column in shape.columns if column.kind == "decimal"}

        def same(row: dict[str, object], decimals: set[str] = decimals) -> dict[str, object]:
            return {
                key: None if value is None else Decimal(str(value)) if key in decimals else str(value)
                for key, value in row.items()
            }

        assert [same(row) for row in rows] == [same(json.loads(line)) for line in lines]
        kinds = dict(zip(found.columns, map(str, found.types), strict=True))
        assert {kinds[column.name] for column in shape.columns if column.kind == "decimal"} <= {
            "DECIMAL(38,10)"
        }
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
    assert not [row.name for row in reported.root.iterdir() if row.name.startswith(".out")]


def test_a_figure_too_wide_for_a_decimal_stays_exact_in_its_fraction(reported: World) -> None:
    digits = "1" * 29
    done = reported("log", "金融办", "loans", f"{digits}亿元", "--on", "2023-05-31", "--confirm")
    assert done.code == 0, done.err
    reported("export", "-o", "out")
    reported("export", "-o", "lake", "--format", "parquet")
    wide = next(row for row in table(reported.root / "out", "entries") if digits in row["added"])
    assert [wide[f"amount{part}"] for part in ("", "_numerator", "_denominator")] == [
        "",
        digits + "0" * 8,
        "1",
    ]
    expected = json.loads(reported("status", "--format", "json").out)["departments"]
    ledgers = json.loads(reported("rollup", "lake", "--format", "json").out)["ledgers"]
    assert [(row["completion"], row["uncounted"]) for row in ledgers[0]["departments"]] == [
        (row["completion"], row["uncounted"]) for row in expected
    ]


def test_a_mean_too_wide_for_the_integer_columns_is_still_summed_exactly(world: World) -> None:
    plan = world.read("data/targets/2023/商务局/01.yaml")
    primes = ("1000000007", "1000000009", "1000000021", "1000000033")
    words = [f"{name}项完成{prime}元" for name, prime in zip("甲乙丙丁", primes, strict=True)]
    targets = "".join(
        f"  - {{key: t{number}, name: {word[:2]}, kind: accumulate, goal: {{reach: {prime} 元}}, quote: {word}}}\n"
        for number, (prime, word) in enumerate(zip(primes, words, strict=True))
    )
    head = plan.partition("text:")[0]
    world.write("data/targets/2023/商务局/01.yaml", f"{head}text: {'，'.join(words)}。\ntargets:\n{targets}")
    world.commit_all("换目标")
    for index in range(4):
        assert world("log", "商务局", f"t{index}", "7元", "--on", "2023-03-31", "--confirm").code == 0
    assert world("export", "-o", "out").err == ""
    commitment = next(
        row for row in table(world.root / "out", "commitments") if row["commitment"] == "商务局-01"
    )
    assert len(commitment["completion_denominator"]) > 28
    world("export", "-o", "lake", "--format", "parquet")
    done = json.loads(world("rollup", "lake", "--format", "json").out)
    exact = sum(Fraction(7, int(prime)) for prime in primes) / 4
    assert (
        Fraction(next(row for row in done["departments"] if row["name"] == "商务局")["completion"]) == exact
    )
    assert next(row for row in done["departments"] if row["name"] == "商务局")["uncounted"] == 0


@pytest.mark.parametrize("name", ["湖/州", "a=b", " x", "", "x" * 61, "a\nb"])
def test_a_name_that_is_no_place_is_refused(reported: World, name: str) -> None:
    done = reported("export", "-o", "out", "--format", "parquet", "--city", "湖州", "--county", name or " ")
    assert (done.code, "地名" in done.err) == (2, True)
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


def test_what_check_refuses_is_not_exported_unless_asked_for_and_then_marked(reported: World) -> None:
    path = "data/progress/2023/金融办/01.yaml"
    row = {
        "id": "01H00000000000000000000001",
        "on": "2023-06-01",
        "target": "listed",
        "add": "若干家",
        "by": "张三",
    }
    reported.write(path, f"{reported.read(path)}- {json.dumps(row, ensure_ascii=False)}\n")
    for form in (*TEXT_FORMS, "parquet"):
        done = reported("export", "-o", form, "--format", form)
        assert (done.code, path in done.err, "--include-broken" in done.err) == (1, True, True)
        assert not list((reported.root / form).glob("*.csv"))
    assert reported("export", "-o", "out", "--include-broken").code == 0
    folder = reported.root / "out"
    entry = next(line for line in table(folder, "entries") if line["entry"] == row["id"])
    assert [entry[name] for name in ("added", "amount", "amount_numerator", "amount_unit")] == [
        "若干家",
        "",
        "",
        "",
    ]
    status = next(line for line in table(folder, "status") if line["target"] == "listed")
    assert (status["completion"], "若干家" in status["reason"]) == ("", True)
    for name in TABLES:
        assert {line["sound"] for line in table(folder, name)} == {"false"}


def test_every_table_says_what_it_rests_on(reported: World) -> None:
    commit = reported.git("rev-parse", "HEAD").strip()
    root = reported.git("rev-list", "--max-parents=0", "HEAD").strip()
    assert reported("export", "-o", "out", "--city", "湖州", "--county", "安吉").code == 0
    for name in TABLES:
        for row in table(reported.root / "out", name):
            assert (row["ledger"], row["source_commit"], row["clean"]) == (root, commit, "true")
            assert (row["city"], row["county"], row["code"]) == ("湖州市", "安吉县", "330523")
            assert (row["sound"], row["sealed"], row["audited"], row["as_of"]) == (
                "true",
                "",
                "",
                "2023-06-30",
            )
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml").replace("测试账本", "改名"))
    assert reported("export", "-o", "out").code == 0
    assert {row["clean"] for row in table(reported.root / "out", "status")} == {"false"}
    mark = json.loads(reported.read("out/ledger-export.json"))
    assert (mark["provenance"]["commit"], mark["provenance"]["clean"]) == (commit, False)


def test_an_audit_and_a_seal_stand_in_the_tables(reported: World) -> None:
    assert reported("audit").code == 0
    assert reported("seal", "2023-05", "--local").code == 0
    assert reported("export", "-o", "out").code == 0
    row = table(reported.root / "out", "status")[0]
    assert (row["audited"], row["sealed"]) == ("complete", "2023-05")


def test_a_ledger_without_a_commit_has_no_identity(reported: World) -> None:
    shutil.rmtree(reported.root / ".git")
    reported.git("init", "--quiet")
    done = reported("export", "-o", "out")
    assert (done.code, "还没有任何提交" in done.err) == (1, True)


def test_departments_and_status_need_no_other_table(reported: World) -> None:
    assert reported("export", "-o", "out").code == 0
    status = json.loads(reported("status", "--format", "json").out)
    departments = table(reported.root / "out", "departments")
    assert [row["department"] for row in departments] == [row["name"] for row in status["departments"]]
    for row, expected in zip(departments, status["departments"], strict=True):
        completion = expected["completion"]
        fraction = Fraction(completion) if completion is not None else None
        exact = (
            Fraction(int(row["completion_numerator"]), int(row["completion_denominator"]))
            if row["completion_numerator"]
            else None
        )
        assert exact == fraction
        assert (int(row["commitments"]), int(row["uncounted"])) == (
            expected["commitments"],
            expected["uncounted"],
        )
    rows = {(row["commitment"], row["target"]): row for row in table(reported.root / "out", "status")}
    for commitment in status["commitments"]:
        for target in commitment["targets"]:
            row = rows[commitment["id"], target["key"]]
            assert [row[name] for name in ("title", "name", "kind", "goal")] == [
                commitment["title"], target["name"], target["kind"], target["goal"] if row["goal"] else "",
            ]  # fmt: skip


def test_no_cell_holds_a_fraction(reported: World) -> None:
    assert reported("export", "-o", "out").code == 0
    for name, shape in TABLES.items():
        columns = [column.name for column in shape.columns if column.kind == "decimal"]
        for row in table(reported.root / "out", name):
            for column in columns:
                assert not row[column] or Decimal(row[column]).as_tuple().exponent >= -10


def test_months_are_written_side_by_side_and_only_once(reported: World) -> None:
    done = reported("export", "-o", "lake", "--format", "parquet", "--monthly")
    assert done.code == 0, done.err
    days = sorted(path.name for path in (reported.root / "lake/manifests/2023").iterdir())
    assert days == ["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31", "2023-06-30"]
    before = content(reported.root / "lake")
    stamps = {path: path.stat().st_mtime_ns for path in (reported.root / "lake").rglob("*.parquet")}
    again = reported("export", "-o", "lake", "--format", "parquet", "--monthly")
    assert "6 个截至日自上次导出后未变" in again.out
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert content(reported.root / "lake") == before
    assert reported("log", "金融办", "listed", "1家", "--on", "2023-06-29").code == 0
    reported("export", "-o", "lake", "--format", "parquet", "--monthly")
    assert content(reported.root / "lake") != before
    refused = reported("export", "-o", "out", "--monthly")
    assert (refused.code, "parquet" in refused.err) == (2, True)


def test_an_older_clone_does_not_replace_a_newer_export(reported: World, tmp_path: Path) -> None:
    older = tmp_path / "旧"
    subprocess.run(["git", "clone", "--quiet", str(reported.root), str(older)], check=True)
    assert reported("log", "金融办", "listed", "1家", "--on", "2023-06-29").code == 0
    lake = str(reported.root / "lake")
    assert reported("export", "-o", lake, "--format", "parquet").code == 0
    before = content(reported.root / "lake")
    refused = reported("--root", str(older), "export", "-o", lake, "--format", "parquet")
    assert (refused.code, "不在" in refused.err) == (1, True)
    assert content(reported.root / "lake") == before


def test_a_renamed_ledger_replaces_its_own_export(reported: World) -> None:
    assert reported("export", "-o", "lake", "--format", "parquet", "--city", "湖州").code == 0
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml").replace("测试账本", "新名称"))
    reported.commit_all("改名")
    assert reported("export", "-o", "lake", "--format", "parquet", "--city", "嘉兴").code == 0
    ledgers = json.loads(reported("rollup", "lake", "--format", "json").out)["ledgers"]
    assert [(row["name"], row["city"]) for row in ledgers] == [("新名称", "嘉兴市")]


def test_leftovers_of_a_killed_export_go_after_a_day(reported: World) -> None:
    assert reported("export", "-o", "lake", "--format", "parquet").code == 0
    old, new = reported.root / "lake/.writing-old", reported.root / "lake/.writing-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "x.jsonl").write_text("{}")
    day_before = time.time() - 25 * 3600
    os.utime(old, (day_before, day_before))
    reported("export", "-o", "lake", "--format", "parquet", "--as-of", "2023-05-31")
    assert (old.exists(), new.exists()) == (False, True)


def test_two_first_exports_at_once_both_succeed(reported: World, tmp_path: Path) -> None:
    other = tmp_path / "另一本"
    assert reported("init", str(other)).code == 0
    lake = str(tmp_path / "lake")
    command = [
        sys.executable,
        "-m",
        "ledger",
        "export",
        "-o",
        lake,
        "--format",
        "parquet",
        "--as-of",
        "2023-06-30",
        "--root",
    ]
    running = [
        subprocess.Popen([*command, str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for root in (reported.root, other)
    ]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 2
    assert len(json.loads(reported("rollup", lake, "--format", "json").out)["ledgers"]) == 2


def test_many_ledgers_are_exported_and_what_fails_is_named(reported: World, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        assert reported("init", str(tmp_path / name)).code == 0
    subprocess.run(["cp", "-r", str(tmp_path / "甲"), str(tmp_path / "甲的副本")], check=True)
    (tmp_path / "坏").mkdir()
    (tmp_path / "名单.txt").write_text("# 各县\n湖州/安吉=乙\n甲\n甲的副本\n坏\n", "utf-8")
    arguments = (
        "export",
        "-o",
        str(tmp_path / "lake"),
        "--format",
        "parquet",
        "--all",
        str(tmp_path / "名单.txt"),
    )
    done = reported(*arguments)
    assert (done.code, "失败 3 本" in done.out) == (1, True)
    ledgers = json.loads(reported("rollup", str(tmp_path / "lake"), "--format", "json").out)["ledgers"]
    assert [(row["city"], row["county"]) for row in ledgers] == [("湖州市", "安吉县")]


def test_simulated_data_says_so_on_the_screen_and_in_every_row(reported: World) -> None:
    reported.write("data/ledger.yaml", reported.read("data/ledger.yaml") + "simulated: true\n")
    done = reported("export", "-o", "out", "--format", "datapackage")
    assert "模拟数据" in done.out
    assert {row["simulated"] for row in table(reported.root / "out", "commitments")} == {"true"}
    assert "模拟数据" in json.loads(reported.read("out/datapackage.json"))["title"]
