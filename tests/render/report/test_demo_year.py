"""The page of a whole simulated year: every target on it, under 1.2 megabytes, and marked for what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.commands.demo import demo
from ledger.files.ledger import Ledger
from tests.conftest import World


@pytest.mark.slow
def test_eighty_commitments_in_one_file(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = demo(tmp_path / "演示")
    monkeypatch.chdir(created.new.root)
    done = world("report", "-o", "年.html", "--as-of", "2023-12-31")
    assert (done.code, done.err) == (0, "")
    source = (created.new.root / "年.html").read_bytes()
    assert len(source) <= 1_200_000
    text = source.decode()
    plan = Ledger.open(created.new.root).load_plan(2023)
    assert len(re.findall(r'<article class="commitment"', text)) == len(plan) == 80
    assert len(re.findall(r'<div class="target"', text)) == sum(len(file.commitment.targets) for file in plan)
    tables = text.split('<table class="entries">')[1:]
    months = [
        re.findall(r"<th(?: rowspan=\"\d+\")?>(\d+月)", table.partition("</table>")[0]) for table in tables
    ]
    assert len(months) == len(re.findall(r'<div class="target"', text))
    assert {tuple(labels) for labels in months} == {tuple(f"{month}月" for month in range(1, 13))}
    assert '<body class="simulated ' in text
    assert re.findall(r"(?:src|href)=\"(?!#)", text) == []
