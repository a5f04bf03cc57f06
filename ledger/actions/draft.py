"""Drafts a paragraph or every row of a plan table; knows no terminal and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.draft import Draft, draft


@dataclass(frozen=True)
class Paragraph:
    """One paragraph and what it was read as."""

    text: str
    title: str
    result: Draft


def paragraph(text: str, title: str = "", department: str = "") -> Paragraph:
    """Draft one paragraph."""
    return Paragraph(text, title, draft(text, title, department))
