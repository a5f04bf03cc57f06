"""The table of docs/reference/kinds.md: how many targets of the demonstration ledger have which light under both rules."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

from ledger.commands.demo import demo
from ledger.core.progress import Light, Policy
from ledger.core.structs import replace
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger
from tests.paths import REPOSITORY

ROW = re.compile(r"\| (2023|2026) \| (\d{4}-\d\d-\d\d) \| (.+) \|")


def test_the_page_counts_the_lights_of_the_demonstration_ledger(tmp_path: Path, identity: None) -> None:
    demo(tmp_path / "账本")
    ledger = Ledger.open(tmp_path / "账本")
    plan = ledger.load_plan(2023)
    rows = ROW.findall((REPOSITORY / "docs/reference/kinds.md").read_text(encoding="utf-8"))
    assert len(rows) == 6
    for rules, day, counts in rows:
        policy = Policy.of(replace(ledger.config, rules=int(rules)), ledger.units)
        lights = Counter(
            target.light
            for source in plan
            for target in assess_commitment(ledger, source, date.fromisoformat(day), policy).targets
        )
        assert counts == " | ".join(str(lights[light]) for light in Light), (rules, day)
