"""A assess_ledger survives its way through JSON, whatever its kind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from ledger.commands.demo import demo
from ledger.core.progress.report import CommitmentStatus, Query
from ledger.files.assessment import assess_ledger
from ledger.files.ledger import Ledger
from ledger.files.status_codec import decode, encode


def shape(one: CommitmentStatus) -> object:
    head = one.commitment
    closed = head.closed and (head.closed.on, head.closed.by, head.closed.evidence, head.closed.reason)
    return (
        head.id,
        head.department,
        head.title,
        head.difficulty,
        closed,
        one.completion,
        one.light,
        one.targets,
    )


def test_every_commitment_of_the_plan_comes_back_as_it_was(tmp_path: Path, identity: None) -> None:
    demo(tmp_path / "账本")
    report = assess_ledger(Ledger.open(tmp_path / "账本"), Query(2023, date(2023, 9, 30)))
    assert len({target.kind for commitment in report.commitments for target in commitment.targets}) == 7
    for commitment in report.commitments:
        row = json.loads(json.dumps(encode(commitment)))
        assert shape(decode(row)) == shape(commitment)
        assert shape(decode(row)) == shape(commitment), "reading must not change what is read"
