"""Shows findings: place, what is wrong, the line itself and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from ledger.core.findings import Finding
from ledger.render.view import Block, Column, Table, View, lines, strings


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
    titles = ("文件", "行", "列", "规则", "问题", "怎么办")
    rows = [
        strings((f.place.path, f.place.line or "", f.place.column or "", f.code, f.message, f.hint))
        for f in findings
    ]
    return View(tuple(blocks), [data(one) for one in findings], Table(tuple(map(Column, titles)), rows))


def data(finding: Finding) -> dict[str, object]:
    """Return a finding as JSON; a line or column of 0 is null."""
    return {
        "path": finding.place.path,
        "line": finding.place.line or None,
        "column": finding.place.column or None,
        "rule": finding.code,
        "message": finding.message,
        "hint": finding.hint,
    }


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
