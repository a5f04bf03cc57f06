"""How a file named as evidence is written in entries and closings: by its path in the ledger, which holds its SHA-256 and name."""

from __future__ import annotations

import re

STORED = re.compile(r"data/evidence/(?P<year>[0-9]{4})/(?P<sha256>[0-9a-f]{64})-(?P<name>[^/]+)")
"""The path of an evidence file, as entries write it."""


def evidence_text(text: str) -> str:
    """Return an item of evidence for people: the name of a file without its hash."""
    match = STORED.fullmatch(text)
    return f"{match['name']}（文件 {match['sha256'][:8]}）" if match else text
