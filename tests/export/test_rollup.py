"""A rollup gives each ledger's own figures to the last digit, by either engine, and refuses what would make them wrong."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

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
    assert [(one["city"], one["county"]) for one in found["ledgers"]] == [
        ("嘉兴", "001"), ("湖州", "安吉"), ("湖州", "市本级"),
    ]  # fmt: skip
    for one in found["ledgers"]:
        place = one["city"] if one["county"] == "市本级" else f"{one['city']}/{one['county']}"
        departments = [{k: v for k, v in each.items() if k != "entries"} for each in one["departments"]]
        assert departments == status_of(province, province.folders[place])["departments"]
    assert {each["completion"] for one in found["ledgers"] for each in one["departments"]} > {
        None,
        "0.25",
        "1/30",
    }


def test_means_of_cities_and_departments_are_exact_over_all_commitments(province: Province) -> None:
    shares: dict[str, list[Fraction | None]] = {}
    for place, folder in province.folders.items():
        for one in status_of(province, folder)["commitments"]:
            share = None if one["completion"] is None else Fraction(one["completion"])
            for key in (place.partition("/")[0], one["department"], "total"):
                shares.setdefault(key, []).append(share)
    found = province.json(*province.members())
    lines = {one["name"]: one for one in (*found["cities"], *found["departments"])} | {
        "total": found["total"]
    }
    assert lines.keys() == shares.keys()
    for name, own in shares.items():
        known = [one for one in own if one is not None]
        assert Fraction(lines[name]["completion"]) == sum(known) / len(known)
        assert lines[name]["uncounted"] == len(own) - len(known)
        assert lines[name]["commitments"] == len(own)
    assert {one.denominator for own in shares.values() for one in own if one is not None} >= {4, 15, 30}
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
    ("city", ["嘉兴", "湖州", "合计"]),
    ("county", ["嘉兴/001", "湖州/安吉", "湖州/市本级", "合计"]),
    ("department", ["金融办", "商务局", "合计"]),
])  # fmt: skip
def test_a_line_is_a_city_a_county_or_a_department(province: Province, by: str, names: list[str]) -> None:
    done = province("rollup", *province.members(), "--by", by, "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert [row[0] for row in rows[1:]] == names
    at = rows[0].index
    assert {row[at("完成率")].count("/") for row in rows[1:]} <= {0, 1}
    total = rows[-1]
    assert [total[at(name)] for name in ("年度", "截至", "账本", "承诺事项", "目标", "无法计算", "未报", "记录数")] == [
        "2023", "2023-06-30", "3", "9", "36", "4", "28", "11",
    ]  # fmt: skip


def test_the_table_shows_what_could_not_be_computed_beside_each_mean(province: Province) -> None:
    out = province("rollup", *province.members(), "--by", "department").out
    assert out.startswith("3 本账，2 个市  2023 年  截至 2023-06-30（含当天）\n")
    row = next(line.split() for line in out.splitlines() if line.startswith("商务局"))
    assert row[:6] == ["商务局*", "3", "6", "12", "5.0%", "4"]
    assert "* 责任单位系初步认定" in out


def test_ledgers_that_light_by_other_rules_are_added_with_a_warning(province: Province) -> None:
    assert "亮灯规则不尽相同" not in province("rollup", *province.members()).out
    config = province.folders["湖州"] / "data/ledger.yaml"
    put(config, config.read_text("utf-8").replace("30", "20"))
    assert "亮灯规则不尽相同" in province("rollup", *province.members()).out


def test_an_export_made_again_takes_the_place_of_the_older_one(province: Province) -> None:
    folder = province.export("湖州")
    before = province.json(str(folder))["total"]["entries"]
    with (province.folders["湖州"] / "data/progress/2023/金融办/01.yaml").open(
        "a", encoding="utf-8"
    ) as stream:
        stream.write(entry(7, ("listed", "1家")))
    province.export("湖州")
    assert province.json(str(folder))["total"]["entries"] == before + 1


def test_another_ledger_does_not_take_a_place_that_is_taken(province: Province) -> None:
    folder = province.export("湖州")
    done = province(
        "export",
        "--root",
        str(province.folders["嘉兴/001"]),
        "-o",
        str(folder),
        "--format",
        "parquet",
        "--city",
        "湖州",
    )
    assert (done.code, "账本0" in done.err, "账本2" in done.err) == (1, True, True)
    assert [one["name"] for one in province.json(str(folder))["ledgers"]] == ["账本0"]


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
    file = folder / table / "year=2023" / "city=湖州" / "市本级.parquet"
    file.write_bytes(damage(file.read_bytes()))
    told = province.refused(str(folder))
    assert str(file) in told
    assert "ledger export" in told


def test_a_file_that_is_gone_or_has_no_manifest_is_noticed(province: Province) -> None:
    for place in PLACES:
        folder = province.export(place)
    file = folder / "status" / "year=2023" / "city=湖州" / "安吉.parquet"
    kept = file.read_bytes()
    file.unlink()
    assert f"{file} 不见了" in province.refused(str(folder))
    file.write_bytes(kept)
    manifest = folder / "manifests" / "2023" / "湖州" / "安吉.json"
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
    file = folder / "status" / "year=2023" / "city=湖州" / "市本级.parquet"
    file.write_bytes(b"no parquet")
    manifest = folder / "manifests" / "2023" / "湖州" / "市本级.json"
    content = json.loads(manifest.read_text("utf-8"))
    next(one for one in content["files"] if one["table"] == "status")["sha256"] = hashlib.sha256(
        b"no parquet"
    ).hexdigest()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    told = province.refused(str(folder))
    assert f"{file} 读不成 Parquet" in told


def test_a_manifest_that_promises_other_rows_than_there_are_is_refused(province: Province) -> None:
    folder = province.export("湖州")
    manifest = folder / "manifests" / "2023" / "湖州" / "市本级.json"
    manifest.write_text(re.sub(r'"rows": 3\b', '"rows": 4', manifest.read_text("utf-8")), encoding="utf-8")
    assert "行数与清单不符" in province.refused(str(folder))


def test_tables_of_another_version_are_not_read_and_not_mixed_with_ours(province: Province) -> None:
    folder = province.export("湖州")
    for file in (folder / "manifests" / "2023" / "湖州" / "市本级.json", folder / "ledger-export.json"):
        text = file.read_text("utf-8")
        file.write_text(text.replace('"schema": 1', '"schema": 2'), encoding="utf-8")
        assert f"{file} 是第 2 版的表" in province.refused(str(folder))
        if file.name == "ledger-export.json":
            done = province(
                "export", "--root", str(province.folders["湖州"]), "-o", str(folder), "--format", "parquet"
            )
            assert (done.code, "第 2 版" in done.err) == (1, True)
        file.write_text(text, encoding="utf-8")


def test_years_and_days_are_never_mixed(province: Province) -> None:
    other = province.folders["湖州/安吉"]
    shutil.copytree(other / "data/targets/2023", other / "data/targets/2024")
    for file in (other / "data/targets/2024").rglob("*.yaml"):
        put(file, file.read_text("utf-8").replace("year: 2023", "year: 2024"))
    config = other / "data/ledger.yaml"
    put(config, config.read_text("utf-8").replace("year: 2023", "year: 2024"))
    told = province.refused(*province.members())
    assert "年度不一致" in told
    assert "--year" in told
    assert province.json(*province.members(), "--year", "2023")["year"] == 2023
    told = province.refused(*province.members(), "--year", "2024")
    assert str(province.folders["湖州"]) in told
    assert "没有 2024 年的计划" in told

    folder = province.export("湖州")
    province.export("湖州/安吉", as_of="2024-03-31")
    assert "年度不一致" in province.refused(str(folder))
    assert province.json(str(folder), "--year", "2023")["ledgers"][0]["county"] == "市本级"
    assert "没有 2022 年的导出" in province.refused(str(folder), "--year", "2022")

    province.export("嘉兴/001", as_of="2023-05-31")
    told = province.refused(str(folder), "--year", "2023")
    assert "截至日不一致" in told
    assert "--as-of" in told


def test_a_day_that_an_export_does_not_have_is_not_made_up(province: Province) -> None:
    folder = province.export("湖州")
    assert "截至 2023-06-30，要的是 2023-03-31" in province.refused(str(folder), "--as-of", "2023-03-31")
    found = province.json(*province.members(), "--as-of", "2023-03-30")
    assert (found["as_of"], found["total"]["completion"], found["total"]["uncounted"]) == (
        "2023-03-30",
        None,
        9,
    )


def test_simulated_data_is_never_added_to_real_data(province: Province) -> None:
    config = province.folders["湖州"] / "data/ledger.yaml"
    put(config, config.read_text("utf-8") + "simulated: true\n")
    assert "湖州/市本级 是模拟数据" in province.refused(*province.members())
    alone = province("rollup", province.members()[0])
    assert "模拟数据" in alone.out
    assert province.json(province.members()[0])["simulated"] is True


def test_one_place_twice_is_refused(province: Province) -> None:
    folder = province.folders["湖州"]
    assert "同是 账本0/市本级" in province.refused(str(folder), str(folder))
    export = province.export("湖州")
    assert "湖州/市本级 出现了两次" in province.refused(str(export), f"湖州={folder}")
    assert "湖州/市本级 出现了两次" in province.refused(str(export), str(export))


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
    assert f"账本 {province.folders['湖州']} 读不成" in told
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
