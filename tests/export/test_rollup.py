"""A rollup gives each ledger's own figures to the last digit, by either engine, and refuses what would make them wrong."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.render.columns import KIND_NAMES
from tests.conftest import COMMERCE, CONFIG, FINANCE, Ran

PLACES = ("湖州", "湖州/安吉", "嘉兴/001")


class Province:
    """Three ledgers with other figures each, so that their means have other denominators."""

    def __init__(self, root: Path, call: Callable[..., Ran]) -> None:
        self.root, self.call = root, call
        self.folders = {place: root / f"账本{number}" for number, place in enumerate(PLACES)}
        for number, folder in enumerate(self.folders.values()):
            put(folder / "data/ledger.yaml", CONFIG.replace("测试账本", f"账本{number}"))
            put(folder / "data/targets/2023/金融办/01.yaml", FINANCE)
            put(folder / "data/targets/2023/商务局/01.yaml", COMMERCE)
            put(folder / "data/targets/2023/商务局/02.yaml", COMMERCE.replace("商务局-01", "商务局-02"))
            lines = [("loans", f"{50 + 7 * number}亿元"), ("listed", f"{number}家"), ("listed", "1家")]
            put(folder / "data/progress/2023/金融办/01.yaml", "".join(map(entry, range(3), lines)))
            if number:
                put(
                    folder / "data/progress/2023/商务局/01.yaml", entry(9, ("overseas", f"{number}000万美元"))
                )
            git(folder, "init", "--quiet")
            commit(folder)

    def __call__(self, *arguments: str) -> Ran:
        return self.call(*arguments)

    def members(self) -> list[str]:
        return [f"{place}={folder}" for place, folder in self.folders.items()]

    def export(self, place: str, *more: str, to: str = "全省", as_of: str = "2023-06-30") -> Path:
        city, _, county = place.partition("/")
        where = ["--city", city, *(["--county", county] if county else [])]
        folder = self.root / to
        done = self(
            "export", "--root", str(self.folders[place]), "-o", str(folder), "--format", "parquet", "--as-of", as_of, *where, *more
        )  # fmt: skip
        assert (done.code, done.err) == (0, "")
        return folder

    def json(self, *arguments: str) -> Any:
        done = self("rollup", *arguments, "--format", "json")
        assert (done.code, done.err) == (0, ""), done.err
        return json.loads(done.out)

    def refused(self, *arguments: str) -> str:
        done = self("rollup", *arguments)
        assert (done.code, done.out) == (1, "")
        assert "下一步：" in done.err
        return done.err


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8"
    ).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "记账")


def part(folder: Path, table: str) -> Path:
    """The only file of a table in a store."""
    (file,) = (folder / table / "year=2023" / "as_of=2023-06-30").iterdir()
    return file


def manifest_of(folder: Path) -> Path:
    (file,) = (folder / "manifests/2023/2023-06-30").iterdir()
    return file


def entry(number: int, figure: tuple[str, str]) -> str:
    target, amount = figure
    row = {
        "id": f"01H000000000000000000000{number:02d}",
        "on": "2023-03-31",
        "target": target,
        "add": amount,
        "by": "张三",
    }
    return f"- {json.dumps(row, ensure_ascii=False)}\n"


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def province(tmp_path: Path, cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> Province:
    monkeypatch.chdir(tmp_path)
    return Province(tmp_path, cli)


def status_of(province: Province, folder: Path, *more: str) -> Any:
    done = province("status", "--root", str(folder), "--format", "json", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_every_ledger_keeps_the_figures_of_its_own_status(province: Province) -> None:
    found = province.json(*province.members())
    assert [(ledger_["city"], ledger_["county"]) for ledger_ in found["ledgers"]] == [
        ("嘉兴市", "001"), ("湖州市", "安吉县"), ("湖州市", "市本级"),
    ]  # fmt: skip
    for ledger, place in zip(found["ledgers"], ("嘉兴/001", "湖州/安吉", "湖州"), strict=True):
        rows = status_of(province, province.folders[place])["departments"]
        # What reviewers verified stays with the ledger: a roll-up adds up what was reported.
        expected = [{key: row[key] for key in row.keys() - {"verified", "unverified"}} for row in rows]
        assert [
            {key: row[key] for key in ours} for row, ours in zip(ledger["departments"], expected, strict=True)
        ] == expected
    assert {each["completion"] for ledger_ in found["ledgers"] for each in ledger_["departments"]} > {
        None,
        "0.25",
        "1/30",
    }


def test_means_of_cities_and_departments_are_exact_over_all_commitments(province: Province) -> None:
    shares: dict[str, list[Fraction | None]] = {}
    for place, folder in province.folders.items():
        for commitment in status_of(province, folder)["commitments"]:
            share = None if commitment["completion"] is None else Fraction(commitment["completion"])
            for key in (place.partition("/")[0] + "市", commitment["department"], "total"):
                shares.setdefault(key, []).append(share)
    found = province.json(*province.members())
    lines = {commitment["name"]: commitment for commitment in (*found["cities"], *found["departments"])} | {
        "total": found["total"]
    }
    assert lines.keys() == shares.keys()
    for name, own in shares.items():
        known = [commitment for commitment in own if commitment is not None]
        assert Fraction(lines[name]["completion"]) == sum(known) / len(known)
        assert lines[name]["uncounted"] == len(own) - len(known)
        assert lines[name]["commitments"] == len(own)
    assert {
        commitment.denominator for own in shares.values() for commitment in own if commitment is not None
    } >= {4, 15, 30}
    assert found["total"]["uncounted"] == 4
    assert found["total"]["lights"]["未报"] == 28
    assert found["total"]["entries"] == 11


def test_exports_of_ledgers_and_the_ledgers_themselves_add_up_the_same(province: Province) -> None:
    for place in PLACES:
        folder = province.export(place)
    wanted = province.json(*province.members())
    assert province.json(str(folder)) == wanted
    (first, *others) = PLACES
    shutil.rmtree(folder)
    province.export(first)
    for place in others:
        province.export(place, to="别处")
    assert province.json(str(folder), str(province.root / "别处")) == wanted
    assert province.json(str(folder), *province.members()[1:]) == wanted


@pytest.mark.parametrize("batch", [1, 2])
def test_exports_read_some_at_a_time_add_up_the_same(
    province: Province, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    for place in PLACES:
        folder = province.export(place)
    whole = [province.json(str(folder), "--by", by) for by in ("city", "department", "kind", "light")]
    monkeypatch.setattr("ledger.commands.rollup._BATCH", batch)
    assert [province.json(str(folder), "--by", by) for by in ("city", "department", "kind", "light")] == whole


@pytest.mark.slow
def test_spark_gives_the_same_answer_from_the_same_files_and_sql(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("LC_ALL", "C")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    one = province.export(PLACES[0])
    two, _ = (province.export(place, to="别处") for place in PLACES[1:])
    wanted = province.json(str(one), str(two))
    assert province.json(str(one), str(two), "--engine", "spark") == wanted


@pytest.mark.parametrize(("by", "names"), [
    ("city", ["嘉兴市", "湖州市", "合计"]),
    ("county", ["嘉兴市/001", "湖州市/安吉县", "湖州市/市本级", "合计"]),
    ("department", ["金融办", "商务局", "合计"]),
])  # fmt: skip
def test_a_line_is_a_city_a_county_or_a_department(province: Province, by: str, names: list[str]) -> None:
    done = province("rollup", *province.members(), "--by", by, "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert [row[0] for row in rows[1:]] == names
    at = rows[0].index
    assert not any("/" in row[at("完成率")] for row in rows[1:])
    total = rows[-1]
    assert [total[at(name)] for name in ("年度", "截至", "账本", "承诺事项", "目标", "事项未计", "未报")] == [
        "2023", "2023-06-30", "3", "9", "36", "4", "28",
    ]  # fmt: skip


def test_the_table_shows_what_could_not_be_computed_beside_each_mean(province: Province) -> None:
    out = province("rollup", *province.members(), "--by", "department").out
    assert out.startswith("3 本账，2 个市  2023 年  截至 2023-06-30（含当天）\n")
    row = next(line.split() for line in out.splitlines() if line.startswith("商务局"))
    assert row[:7] == ["商务局*", "3", "2", "6", "12", "5.0%", "4"]
    assert "* 责任单位系初步认定" in out


def test_ledgers_that_light_by_other_rules_are_added_with_a_warning(province: Province) -> None:
    assert "亮灯规则不尽相同" not in province("rollup", *province.members()).out
    config = province.folders["湖州"] / "data/ledger.yaml"
    put(config, config.read_text("utf-8").replace("30", "20"))
    commit(config.parents[1])
    assert "亮灯规则不尽相同" in province("rollup", *province.members()).out


def test_an_export_made_again_takes_the_place_of_the_older_one(province: Province) -> None:
    folder = province.export("湖州")
    before = province.json(str(folder))["total"]["entries"]
    with (province.folders["湖州"] / "data/progress/2023/金融办/01.yaml").open(
        "a", encoding="utf-8"
    ) as stream:
        stream.write(entry(7, ("listed", "1家")))
    commit(province.folders["湖州"])
    province.export("湖州")
    assert province.json(str(folder))["total"]["entries"] == before + 1


def test_two_ledgers_of_one_name_lie_side_by_side_and_are_refused_until_told_apart(
    province: Province,
) -> None:
    folder = province.export("湖州")
    done = province(
        "export", "--root", str(province.folders["嘉兴/001"]), "-o", str(folder), "--format", "parquet", "--city", "湖州", "--as-of", "2023-06-30",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert "两本不同的账都写作 湖州市/市本级" in province.refused(str(folder))
    province.export("嘉兴/001")
    assert [row["name"] for row in province.json(str(folder))["ledgers"]] == ["账本2", "账本0"]


@pytest.mark.parametrize("table", ["commitments", "status"])
@pytest.mark.parametrize("damage", [
    lambda raw: raw[: len(raw) // 2],
    lambda raw: b"",
    lambda raw: raw[:200] + bytes([raw[200] ^ 1]) + raw[201:],
])  # fmt: skip
def test_a_half_written_or_damaged_file_is_named_and_never_counted(
    province: Province, table: str, damage: Callable[[bytes], bytes]
) -> None:
    folder = province.export("湖州")
    file = part(folder, table)
    file.write_bytes(damage(file.read_bytes()))
    told = province.refused(str(folder))
    assert str(file) in told
    assert "ledger export" in told


def test_a_file_that_is_gone_or_has_no_manifest_is_noticed(province: Province) -> None:
    for place in PLACES:
        folder = province.export(place)
    file = sorted((folder / "status/year=2023/as_of=2023-06-30").iterdir())[1]
    kept = file.read_bytes()
    file.unlink()
    assert f"{file} 不见了" in province.refused(str(folder))
    file.write_bytes(kept)
    manifest = folder / "manifests/2023/2023-06-30" / f"{file.stem}.json"
    text = manifest.read_text("utf-8")
    manifest.unlink()
    assert "没有清单" in province.refused(str(folder))
    manifest.write_text(text[:100], encoding="utf-8")
    assert f"{manifest} 读不出来" in province.refused(str(folder))
    manifest.write_text("[]", encoding="utf-8")
    assert f"{manifest} 不是导出的清单" in province.refused(str(folder))
    manifest.write_text(text.replace('"as_of"', '"asof"'), encoding="utf-8")
    assert f"{manifest} 缺少内容" in province.refused(str(folder))
    manifest.with_name("德清.json").write_text(text, encoding="utf-8")
    manifest.write_text(text, encoding="utf-8")
    assert "被改了名" in province.refused(str(folder))


def test_a_file_that_its_manifest_vouches_for_and_that_is_no_parquet_is_named(province: Province) -> None:
    import hashlib

    folder = province.export("湖州")
    file = part(folder, "status")
    file.write_bytes(b"no parquet")
    manifest = manifest_of(folder)
    content = json.loads(manifest.read_text("utf-8"))
    next(file for file in content["files"] if file["table"] == "status")["sha256"] = hashlib.sha256(
        b"no parquet"
    ).hexdigest()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    told = province.refused(str(folder))
    assert f"{file} 读不成 Parquet" in told


def test_a_manifest_that_promises_other_rows_than_there_are_is_refused(province: Province) -> None:
    folder = province.export("湖州")
    manifest = manifest_of(folder)
    manifest.write_text(re.sub(r'"rows": 3\b', '"rows": 4', manifest.read_text("utf-8")), encoding="utf-8")
    assert "行数与清单不符" in province.refused(str(folder))


def test_tables_of_another_version_are_not_read_and_not_mixed_with_ours(province: Province) -> None:
    folder = province.export("湖州")
    for file in (manifest_of(folder), folder / "ledger-export.json"):
        text = file.read_text("utf-8")
        file.write_text(text.replace('"schema": 2', '"schema": 3'), encoding="utf-8")
        assert f"{file} 是第 3 版的表" in province.refused(str(folder))
        if file.name == "ledger-export.json":
            done = province(
                "export", "--root", str(province.folders["湖州"]), "-o", str(folder), "--format", "parquet"
            )
            assert (done.code, "第 3 版" in done.err) == (1, True)
        file.write_text(text, encoding="utf-8")


def test_years_and_days_are_never_mixed(province: Province) -> None:
    other = province.folders["湖州/安吉"]
    shutil.copytree(other / "data/targets/2023", other / "data/targets/2024")
    for file in (other / "data/targets/2024").rglob("*.yaml"):
        put(file, file.read_text("utf-8").replace("year: 2023", "year: 2024"))
    config = other / "data/ledger.yaml"
    put(config, config.read_text("utf-8").replace("year: 2023", "year: 2024"))
    commit(other)
    told = province.refused(*province.members())
    assert "年度不一致" in told
    assert "--year" in told
    assert province.json(*province.members(), "--year", "2023")["year"] == 2023
    told = province.refused(*province.members(), "--year", "2024")
    assert str(province.folders["湖州"]) in told
    assert "没有 2024 年的计划" in told

    folder = province.export("湖州")
    province.export("湖州/安吉", as_of="2024-03-31")
    assert "2 个截至日" in province.refused(str(folder))
    assert province.json(str(folder), "--year", "2023")["ledgers"][0]["county"] == "市本级"
    assert "没有 2022 年的导出" in province.refused(str(folder), "--year", "2022")

    province.export("嘉兴/001", as_of="2023-05-31")
    told = province.refused(str(folder), "--year", "2023")
    assert "2 个截至日" in told
    assert "--as-of" in told
    assert len(province.json(str(folder), "--year", "2023", "--as-of", "2023-05-31")["ledgers"]) == 1


def test_a_day_that_an_export_does_not_have_is_not_made_up(province: Province) -> None:
    folder = province.export("湖州")
    assert "没有截至 2023-03-31 的导出" in province.refused(str(folder), "--as-of", "2023-03-31")
    found = province.json(*province.members(), "--as-of", "2023-03-30")
    assert (found["as_of"], found["total"]["completion"], found["total"]["uncounted"]) == (
        "2023-03-30",
        None,
        9,
    )


def test_simulated_data_is_never_added_to_real_data(province: Province) -> None:
    config = province.folders["湖州"] / "data/ledger.yaml"
    put(config, config.read_text("utf-8") + "simulated: true\n")
    commit(config.parents[1])
    assert "湖州市/市本级 是模拟数据" in province.refused(*province.members())
    alone = province("rollup", province.members()[0])
    assert "模拟数据" in alone.out
    assert province.json(province.members()[0])["simulated"] is True


def test_one_ledger_twice_is_refused_or_taken_once(province: Province, tmp_path: Path) -> None:
    folder = province.folders["湖州"]
    assert "给了两次" in province.refused(str(folder), str(folder))
    assert "给了两次" in province.refused(f"甲={folder}", f"乙={folder}")
    copy = tmp_path / "副本"
    shutil.copytree(folder, copy)
    assert "是同一本账" in province.refused(f"湖州={folder}", f"嘉兴={copy}")
    export = province.export("湖州")
    alone = province.json(f"湖州={folder}")
    assert province.json(str(export), f"湖州={folder}", "--as-of", "2023-06-30") == alone | {
        "notices": ["湖州市/市本级 的账本给了两次（提交相同），只计一次"]
    }
    assert "是同一本账" in province.refused(str(export), f"嘉兴={folder}", "--as-of", "2023-06-30")
    put(copy / "data/ledger.yaml", (copy / "data/ledger.yaml").read_text("utf-8") + "late_days: 9\n")
    commit(copy)
    assert "是同一本账" in province.refused(str(export), f"湖州={copy}", "--as-of", "2023-06-30")


def test_a_short_name_and_a_full_one_are_one_place(province: Province) -> None:
    first, second = province.folders["湖州"], province.folders["湖州/安吉"]
    assert "两本不同的账都写作 湖州市/市本级" in province.refused(f"湖州={first}", f"湖州市={second}")
    assert "两本不同的账都写作 湖州市/市本级" in province.refused(f"330500={first}", f"湖州/市本级={second}")


def test_who_is_expected_and_absent_is_named(province: Province, tmp_path: Path) -> None:
    expected = tmp_path / "应报.txt"
    expected.write_text("# 全市\n330500\n湖州/安吉\n330522 # 长兴\n", "utf-8")
    for form in ("table", "csv"):
        done = province("rollup", *province.members(), "--expect", str(expected), "--format", form)
        assert done.code == 1
        assert "缺 1 处" in done.out
    done = province("rollup", *province.members(), "--expect", str(expected), "--format", "json")
    assert (done.code, json.loads(done.out)["absent"]) == (1, ["湖州市/长兴县"])
    expected.write_text("330500\n330523\n", "utf-8")
    assert province("rollup", *province.members(), "--expect", str(expected)).code == 0
    expected.write_text("\n", "utf-8")
    assert province("rollup", *province.members(), "--expect", str(expected)).code == 2


def test_a_broken_ledger_is_refused_or_marked(province: Province) -> None:
    folder = province.folders["湖州"]
    with (folder / "data/progress/2023/金融办/01.yaml").open("a", encoding="utf-8") as stream:
        stream.write(entry(7, ("listed", "若干家")))
    commit(folder)
    assert "--include-broken" in province.refused(*province.members())
    done = province("rollup", *province.members(), "--include-broken", "--format", "json")
    rows = json.loads(done.out)["ledgers"]
    assert done.code == 1
    assert {row["name"]: row["sound"] for row in rows} == {"账本2": True, "账本1": True, "账本0": False}
    assert "未通过检查仍计入的 1 本" in province("rollup", *province.members(), "--include-broken").out


def test_uncommitted_changes_and_seals_stand_beside_each_ledger(province: Province) -> None:
    folder = province.folders["湖州"]
    assert province("--root", str(folder), "seal", "2023-05", "--local").code == 0
    put(folder / "data/ledger.yaml", (folder / "data/ledger.yaml").read_text("utf-8") + "late_days: 9\n")
    rows = {row["name"]: row for row in province.json(*province.members())["ledgers"]}
    assert (rows["账本0"]["clean"], rows["账本0"]["sealed"]) == (False, "2023-05")
    assert (rows["账本1"]["clean"], rows["账本1"]["sealed"]) == (True, None)
    assert rows["账本1"]["commit"] == git(province.folders["湖州/安吉"], "rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    "cut",
    ["city,department", "county,department", "kind", "city,kind", "light", "city,light", "department,light"],
)
def test_every_cell_of_every_cut_is_the_sum_of_the_ledgers(province: Province, cut: str) -> None:
    done = province("rollup", *province.members(), "--by", cut, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    cities = {"湖州": "湖州市", "湖州/安吉": "湖州市", "嘉兴/001": "嘉兴市"}
    counties = {"湖州": "湖州市/市本级", "湖州/安吉": "湖州市/安吉县", "嘉兴/001": "嘉兴市/001"}
    cells: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for place, folder in province.folders.items():
        for commitment in status_of(province, folder)["commitments"]:
            for target in commitment["targets"]:
                names = {"city": cities[place], "county": counties[place], "department": commitment["department"],
                         "kind": KIND_NAMES[target["kind"]], "light": target["light"]}  # fmt: skip
                cells.setdefault(tuple(names[by] for by in cut.split(",")), []).append(target)
    heads = {"city": "市", "county": "市/县", "department": "部门", "kind": "目标种类", "light": "亮灯"}
    shown = {
        tuple(row[heads[by]].rstrip("*") for by in cut.split(",")): row
        for row in rows[:-1]
        if row["目标"] != "0"
    }
    assert shown.keys() == cells.keys()
    for names, targets in cells.items():
        assert int(shown[names]["目标"]) == len(targets)
        if "kind" in cut:
            known = [
                min(Fraction(1), max(Fraction(0), Fraction(target["completion"])))
                for target in targets
                if target["completion"] is not None
            ]
            exact = shown[names].get("完成率（精确分数）") or shown[names]["完成率"]
            below, _, above = exact.partition("分之")
            assert (Fraction(f"{above}/{below}" if above else exact) if exact else None) == (
                sum(known) / len(known) if known else None
            )
            assert int(shown[names]["目标未计"]) == len(targets) - len(known)


def test_a_cut_that_there_is_none_of_is_refused(province: Province) -> None:
    done = province("rollup", *province.members(), "--by", "kind,department")
    assert (done.code, "可选：" in done.err) == (2, True)


def test_equal_completions_share_a_place(province: Province, tmp_path: Path) -> None:
    copy = tmp_path / "丽水"
    source = province.folders["湖州"]
    shutil.copytree(source / "data", copy / "data")
    put(copy / "README.md", "another root commit")
    git(copy, "init", "--quiet")
    commit(copy)
    found = province.json(f"湖州={source}", f"丽水={copy}", f"嘉兴={province.folders['湖州/安吉']}")
    ranks = {row["name"]: row["rank"] for row in found["cities"]}
    assert ranks == {"湖州市": 1, "丽水市": 1, "嘉兴市": 3}


def test_months_are_compared_with_the_one_before(province: Province) -> None:
    done = province("rollup", *province.members(), "--trend", "--format", "json")
    assert done.code == 0, done.err
    months = json.loads(done.out)["months"]
    assert [month["as_of"] for month in months] == [
        "2023-01-31",
        "2023-02-28",
        "2023-03-31",
        "2023-04-30",
        "2023-05-31",
        "2023-06-30",
    ]
    for month in months:
        single = province.json(*province.members(), "--as-of", month["as_of"])
        assert (month["completion"], month["uncounted"], month["lights"]) == (
            single["total"]["completion"], single["total"]["uncounted"], single["total"]["lights"],
        )  # fmt: skip
    folder = province.root / "全省"
    for place in PLACES:
        for month in ("2023-05-31", "2023-06-30"):
            province.export(place, as_of=month)
    stored = province.json(str(folder), "--trend")["months"]
    assert [{**row, "cities": 0} for row in stored] == [{**row, "cities": 0} for row in months[-2:]]
    shown = province("rollup", str(folder), "--trend").out
    assert "较上期（百分点）" in shown


def test_sums_come_from_the_cache_only_while_the_ledger_is_as_it_was(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = time.time_ns  # three seconds ahead: every ledger has rested, so that its state can be relied on
    monkeypatch.setattr("ledger.files.ledger_state.time.time_ns", lambda: clock() + 3_000_000_000)
    first = province.json(*province.members())
    with monkeypatch.context() as patched:
        patched.setattr("ledger.commands.rollup.assess_ledger", lambda *_: pytest.fail("judged again"))
        patched.setattr("ledger.git.process.subprocess.Popen", lambda *_, **__: pytest.fail("git was asked"))
        assert province.json(*province.members()) == first
    folder = province.folders["湖州"]
    with (folder / "data/progress/2023/金融办/01.yaml").open("a", encoding="utf-8") as stream:
        stream.write(entry(7, ("listed", "1家")))
    changed = province.json(*province.members())
    assert changed["total"]["entries"] == first["total"]["entries"] + 1
    assert [row["clean"] for row in changed["ledgers"]] == [True, True, False]
    commit(folder)
    again = province.json(*province.members())
    assert again["total"] == changed["total"]
    assert [row["clean"] for row in again["ledgers"]] == [True, True, True]
    git(folder, "tag", "不相干")
    git(folder, "reset", "--quiet", "--soft", "HEAD~1")
    assert [row["clean"] for row in province.json(*province.members())["ledgers"]] == [True, True, False]


def test_the_page_is_one_file_that_asks_for_nothing(province: Province) -> None:
    page = province.root / "全省.html"
    (province.root / "330523.html").write_text("报告", "utf-8")
    done = province("rollup", *province.members(), "--format", "html", "-o", str(page))
    assert (done.code, done.err) == (0, "")
    text = page.read_text("utf-8")
    assert "default-src &#39;none&#39;" in text
    assert not re.search(r"<script|https?://|url\(", text)
    assert 'href="330523.html"' in text
    total = province.json(*province.members())["total"]
    assert f"计入 {total['commitments'] - total['uncounted']} 个承诺事项" in text or "较上期" in text
    refused = province("rollup", *province.members(), "--format", "html")
    assert (refused.code, "-o" in refused.err) == (2, True)


def test_what_cannot_be_added_up_says_what_can(province: Province) -> None:
    folder = province.root / "表"
    assert "不能汇总" in province.refused(str(folder))
    put(folder / "ledger-export.json", '{"made_by": "somebody else"}')
    assert "不能汇总" in province.refused(str(folder))
    (folder / "ledger-export.json").unlink()
    province("export", "--root", str(province.folders["湖州"]), "-o", str(folder), "--format", "csv")
    assert "汇总要 Parquet" in province.refused(str(folder))
    put(province.folders["湖州"] / "data/targets/2023/商务局/01.yaml", "id: 商务局-01\n")
    told = province.refused(*province.members())
    assert f"{province.folders['湖州']} 读不成" in told
    assert "data/targets/2023/商务局/01.yaml" in told


def test_a_folder_named_with_an_equals_sign_is_that_folder(province: Province) -> None:
    folder = province.root / "a=b"
    shutil.copytree(province.folders["湖州"], folder)
    assert province.json("a=b")["ledgers"][0]["city"] == "账本0"


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_an_engine_that_is_not_installed_says_what_to_install(
    province: Province, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    folder = province.export("湖州")
    monkeypatch.setitem(sys.modules, {"duckdb": "duckdb", "spark": "pyspark.sql"}[engine], None)
    done = province("rollup", str(folder), "--engine", engine)
    extra = {"duckdb": "rollup", "spark": "spark"}[engine]
    assert (done.code, f"commitment-ledger[{extra}]" in done.err) == (3, True)


def test_spark_without_java_says_so(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    folder = province.export("湖州")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    done = province("rollup", str(folder), "--engine", "spark")
    assert (done.code, "没有找到 Java" in done.err, "--engine duckdb" in done.err) == (3, True, True)


def test_an_export_that_was_killed_before_its_manifest_is_refused_and_mended_by_the_next(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = province.export("湖州")
    with (province.folders["湖州"] / "data/progress/2023/金融办/01.yaml").open(
        "a", encoding="utf-8"
    ) as stream:
        stream.write(entry(7, ("listed", "1家")))
    commit(province.folders["湖州"])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("ledger.export.store.put", killed)
        words = (
            "--root",
            str(province.folders["湖州"]),
            "-o",
            str(folder),
            "--format",
            "parquet",
            "--city",
            "湖州",
        )
        assert province("export", *words).code == 130
    assert "与清单不符" in province.refused(str(folder))
    province.export("湖州")
    assert province.json(str(folder)) == province.json(province.members()[0])


def test_help_and_the_other_formats_load_neither_engine(province: Province) -> None:
    folder = province.folders["湖州"]
    show = "import sys; from ledger.__main__ import run; run(sys.argv[1:]); print(*{'duckdb', 'pyspark'} & set(sys.modules))"
    for words in (("rollup", "--help"), ("export", "--help"), ("export", "--root", str(folder), "-o", "表")):
        done = subprocess.run(
            [sys.executable, "-c", show, *words], capture_output=True, check=True, encoding="utf-8"
        )
        assert done.stdout.splitlines()[-1] == ""


def test_a_sealed_day_is_added_up_as_it_was_sealed(province: Province) -> None:
    folder = province.folders["湖州"]
    before = province.json(*province.members(), "--as-of", "2023-05-31")
    assert province("--root", str(folder), "seal", "2023-05", "--local").code == 0
    late = ("--on", "2023-05-20", "--late", "--reason", "漏报")
    assert province("--root", str(folder), "log", "金融办", "listed", "1家", *late).code == 0
    after = province.json(*province.members(), "--as-of", "2023-05-31")
    assert after["total"] == before["total"]
    rows = {row["name"]: row for row in after["ledgers"]}
    assert (rows["账本0"]["known"], rows["账本1"]["known"]) == (rows["账本0"]["commit"], None)
    store = province.root / "lake"
    arguments = ("-o", str(store), "--format", "parquet", "--as-of", "2023-05-31", "--city", "湖州")
    done = province("export", "--root", str(folder), *arguments)
    assert (done.code, "补报 1 笔" in done.err) == (0, True)
    assert province.json(str(store))["ledgers"][0]["entries"] == rows["账本0"]["entries"]
    june = province.json(*province.members())
    assert june["total"]["entries"] == before["total"]["entries"] + 1
