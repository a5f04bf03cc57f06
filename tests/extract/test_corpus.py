"""The corpus keeps its promise: enough paragraphs, each in the half its own text says, and labels that can be read."""

from __future__ import annotations

import hashlib

import pytest

from .labels import half
from .scoring import amount

KINDS = {"accumulate", "level", "change", "rank", "compare", "milestone", "judgement", "unknown"}
OPS = {"reach", "at_least", "more_than", "at_most", "less_than", "about", "between"}


@pytest.mark.parametrize(("name", "parity"), [("dev", 0), ("held", 1), ("cities-dev", 0), ("cities-held", 1)])
def test_a_paragraph_is_in_the_half_its_text_says(name: str, parity: int) -> None:
    paragraphs = half(name)
    assert len(paragraphs) >= 32
    for paragraph in paragraphs:
        assert int(hashlib.sha256(paragraph.text.encode()).hexdigest(), 16) % 2 == parity, paragraph.where


def test_labels_are_readable() -> None:
    for paragraph in half("dev") + half("held") + half("cities-dev") + half("cities-held"):
        assert paragraph.labels, paragraph.where
        for label in paragraph.labels:
            assert label.kind in KINDS, label
            assert label.op is None or label.op in OPS, label
            assert (label.value is None) == (label.op is None), label
            if label.value is not None:
                assert amount(label.value, label.unit)[0] > 0, label
