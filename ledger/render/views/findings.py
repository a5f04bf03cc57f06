"""Findings: place, what is wrong, the line itself and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from ledger.core.findings import Finding
from ledger.render.columns import WHOLE, Column, Columns
from ledger.render.view import Block, View, lines

FINDING: Columns[Finding] = Columns(
    Column("path", "文件", lambda f: f.place.path),
    Column("line", "行", lambda f: f.place.line or None, WHOLE),
    Column("column", "列", lambda f: f.place.column or None, WHOLE),
    Column("rule", "规则", lambda f: f.code),
    Column("message", "问题", lambda f: f.message),
    Column("hint", "怎么办", lambda f: f.hint),
)


def findings_view(findings: Sequence[Finding], clean: str) -> View:
    """Return the view of all findings; `clean` is what to say when there are none."""
    blocks: list[Block] = []
    for one in findings:
        block = [f"{one.place}  [{one.code}]", f"  {one.message}"]
        if one.excerpt:
            block.append(f"  ｜ {one.excerpt if len(one.excerpt) <= 100 else one.excerpt[:100] + '…'}")
        if one.hint:
            block.append(f"  → {one.hint}")
        blocks.append(lines(*block))
    blocks.append(lines(f"共 {len(findings)} 处要改正", style="warning") if findings else lines(clean))
    return View(tuple(blocks), lambda: FINDING.all_data(findings), lambda: FINDING.records(findings))


MOST_NOTICES = 10


def notices(found: Sequence[Finding]) -> Iterator[str]:
    """Say what is worth knowing but not wrong: one sentence for all lines of a file of which the same is said."""
    lines_of: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in found:
        lines_of[one.place.path, one.message, one.hint].append(one.place.line)
    for (path, message, hint), numbers in list(lines_of.items())[:MOST_NOTICES]:
        yield f"{path} 第 {_spans(numbers)} 行{message}；{hint}"
    if len(lines_of) > MOST_NOTICES:
        yield f"另有 {len(lines_of) - MOST_NOTICES} 处这样的情形没有列出"


def _spans(numbers: Sequence[int]) -> str:
    """Return `1～5、8`."""
    runs = [
        [number for _, number in run] for _, run in groupby(enumerate(numbers), lambda one: one[1] - one[0])
    ]
    return "、".join(f"{run[0]}～{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
