"""The note of a seal that is being made, and what the next command takes back."""

from __future__ import annotations

import pytest

from ledger.core.findings import Finding
from ledger.files.repair import diagnose
from ledger.files.seal_note import begin_seal, end_seal, pending_seal, undo_seal
from tests.files.conftest import Place

REF = "refs/tags/seal/2023-06"


def found(place: Place) -> list[str]:
    findings: tuple[Finding, ...] = diagnose(place.repo, place.root)
    return [finding.code for finding in findings]


def test_a_seal_that_was_made_is_taken_back(place: Place) -> None:
    assert pending_seal(place.repo) is None
    assert undo_seal(place.repo) is None
    begin_seal(place.repo, REF)
    assert pending_seal(place.repo) == REF
    assert found(place) == ["half-sealed"]
    place.git("tag", "seal/2023-06")
    place.git("tag", "seal/2023-05")
    assert undo_seal(place.repo) == "seal/2023-06"
    assert place.git("tag", "--list").split() == ["seal/2023-05"]
    assert pending_seal(place.repo) is None
    assert found(place) == []


def test_one_that_was_not_made_leaves_nothing_to_take_back(place: Place) -> None:
    begin_seal(place.repo, REF)
    assert undo_seal(place.repo) is None
    assert pending_seal(place.repo) is None


def test_the_note_ends_with_the_seal(place: Place) -> None:
    begin_seal(place.repo, "refs/tags/seal/2023-05")
    begin_seal(place.repo, REF)
    assert pending_seal(place.repo) == REF
    end_seal(place.repo)
    end_seal(place.repo)
    assert pending_seal(place.repo) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}', "\x00"])
def test_a_torn_note_is_none(place: Place, text: str) -> None:
    begin_seal(place.repo, REF)
    (place.root / ".git" / "ledger" / "sealing").write_text(text)
    assert pending_seal(place.repo) is None
    place.git("tag", "seal/2023-06")
    assert undo_seal(place.repo) is None
    assert place.git("tag", "--list").split() == ["seal/2023-06"]
