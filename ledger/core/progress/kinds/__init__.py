"""The seven kinds of target, each in its own module; this table is where a new kind is made known."""

from __future__ import annotations

from ledger.core.progress.kinds import accumulate, change, compare, judgement, level, milestone, rank
from ledger.core.progress.kinds.common import Kind

KINDS: dict[str, Kind] = {
    "accumulate": accumulate,
    "level": level,
    "change": change,
    "rank": rank,
    "compare": compare,
    "milestone": milestone,
    "judgement": judgement,
}
