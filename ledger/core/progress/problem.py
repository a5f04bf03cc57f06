"""What is wrong with a target's entries, as data for `check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from ledger.core.findings import Finding, Place
from ledger.core.models import Target
from ledger.core.progress.amounts import rate_used
from ledger.core.progress.entries import EntryLike, by_target, figures_of, is_report, unlinked, versions
from ledger.core.progress.kinds import KINDS
from ledger.core.progress.policy import Policy
from ledger.core.texts import has_words

_AGAIN = "请作废这一条，再写明理由重记"


def problems(target: Target, entries: Sequence[EntryLike], policy: Policy) -> list[Finding]:
    """Return what is wrong with a target's entries, in file order.

    `entries` may be the whole file's, and should be where a line may correct one of another target.
    Figures are judged where they count: those of corrected or withdrawn entries are history.
    """
    return problems_of((target,), entries, policy)


def problems_of(targets: Sequence[Target], entries: Sequence[EntryLike], policy: Policy) -> list[Finding]:
    """Return what is wrong with the entries of several targets of one file, in file order: the lines are followed once for all."""
    findings = list(_links({target.key for target in targets}, entries))
    by_key = by_target(entries)
    for target in targets:
        findings += _figures(target, by_key.get(target.key, ()), policy)
    if not findings:
        return findings
    order = {entry.id: index for index, entry in reversed(list(enumerate(entries)))}
    return sorted(findings, key=lambda finding: order[finding.place.entry])


def _figures(target: Target, lines: Sequence[EntryLike], policy: Policy) -> Iterator[Finding]:
    for line, fault in KINDS[target.kind].faults(target, lines, policy):
        yield _problem(line, fault)
    unit = getattr(target, "unit", None)
    for line in lines:
        if not (line.note or line.evidence or line.unavailable or figures_of(line)):
            yield _problem(line, Finding("no-figure", "这一条没有报任何数，也没有说明", "请更正或作废"))
        if line.measure or line.owner or line.until:
            yield _problem(
                line, Finding("no-cause", "写了措施、责任人或时限，没有写原因", "请作废，连同原因重写")
            )
        if line.unavailable and not has_words(line.reason):
            yield _problem(line, Finding("no-reason", "写了无法统计而没有写原因", _AGAIN))
        needed = [
            rate_used(text, unit, line.on, policy)
            for text in (line.add, line.total, line.value)
            if text and unit
        ]
        if line.rate is None and any(needed):
            rate = next(filter(None, needed))
            yield _problem(line, Finding("rate-unrecorded", "外币折算而未记所用汇率", f"应记汇率“{rate}”"))


def _links(targets: Set[str], entries: Sequence[EntryLike]) -> Iterator[Finding]:
    if unlinked(entries):
        return
    chains = versions(entries)
    withdrawn = chains.withdrawn
    standing = {entry.id for entry in chains.survivors}
    seen: dict[str | None, EntryLike] = {}
    corrected: dict[str | None, str] = {}
    for line in entries:
        if line.target in targets:
            if line.id in seen:
                faults = _repeated(line)
            elif line.id in standing:
                faults = _linked(line, seen, corrected)
            else:
                faults = iter(())  # withdrawn or corrected since: no line can mend it better
            for fault in faults:
                yield _problem(line, fault)
        if line.corrects is not None and line.corrects in seen and line.id not in withdrawn:
            corrected[line.corrects] = line.id
        seen.setdefault(line.id, line)


def _repeated(line: EntryLike) -> Iterator[Finding]:
    yield Finding(
        "duplicate-id", f"编号 {line.id} 与前面一条相同，只计前面一条", "若本是另一条，请以新编号重新记账"
    )


def _linked(
    line: EntryLike, seen: Mapping[str | None, EntryLike], corrected: Mapping[str | None, str]
) -> Iterator[Finding]:
    yield from _reviewed(line, seen)
    if line.corrects is not None and line.voids is not None:
        yield Finding("link", "一条不能既更正又作废", "请分两条写")
    for word, named in (("更正", line.corrects), ("作废", line.voids)):
        if named is not None and named not in seen:
            yield Finding(
                "link-unknown", f"要{word}的 {named} 不在本文件这一条之前，{word}无效", "请核对编号"
            )
        elif named is not None and not has_words(line.reason):
            yield Finding("no-reason", f"{word} {named} 而没有写理由", _AGAIN)
    if line.corrects in seen and not is_report(seen[line.corrects]):
        yield Finding("link", "核定、退回和原因措施不能更正，只能作废", "请作废原来的一条，另记一条")
    if line.corrects in corrected:
        yield Finding(
            "corrected-twice",
            f"{line.corrects} 被更正了不止一次，以最后一次为准",
            "再要更正时请更正最近的那一条",
        )
    if line.voids in corrected:
        later = corrected[line.voids]
        yield Finding(
            "void-superseded",
            f"作废的 {line.voids} 已被 {later} 更正，更正后的那一条仍然有效",
            f"要整笔撤回，请作废 {later}",
        )
    if line.voids is not None and figures_of(line):
        yield Finding("void-figure", "作废的一条不应再报数，所报的数不计", "要改数请用更正")


def _reviewed(line: EntryLike, seen: Mapping[str | None, EntryLike]) -> Iterator[Finding]:
    """Find what is wrong with a line that verifies or returns another, or states a cause."""
    if is_report(line):
        return
    if figures_of(line) or line.unavailable:
        yield Finding("review-figure", "核定、退回和原因措施的一条不能报数，所报的数不计", "要报数请另记一条")
    kinds = (line.corrects, line.voids, line.verifies, line.returns, line.cause)
    if sum(kind is not None for kind in kinds) > 1:
        yield Finding("link", "一条只能核定、退回或写原因措施其中一样", "请作废，分两条写")
    yield from _remarked(line)
    if line.returns is not None and not has_words(line.reason):
        yield Finding("no-reason", f"退回 {line.returns} 而没有写理由", "请作废，连同理由重写")
    for word, named in (("核定", line.verifies), ("退回", line.returns)):
        if named is None:
            continue
        reviewed = seen.get(named)
        if reviewed is None:
            yield Finding(
                "link-unknown", f"要{word}的 {named} 不在本文件这一条之前，{word}无效", "请核对编号"
            )
        elif reviewed.target != line.target or not is_report(reviewed) or reviewed.voids is not None:
            yield Finding("review-target", f"{named} 不是这个目标上报的数，不能{word}", "请核对编号")
        elif reviewed.on != line.on:
            message = f"{word}写的日期 {line.on} 不是 {named} 的日期 {reviewed.on}"
            yield Finding("review-date", message, f"请作废，再{word}一次，日期由程序写")


def _remarked(line: EntryLike) -> Iterator[Finding]:
    """Find what is wrong with a line that states a cause."""
    if line.cause is None:
        return
    if line.until is not None and line.until < line.on:
        yield Finding("remark-until", f"时限 {line.until} 早于这一条的日期 {line.on}", "请作废，写对时限")
    if not (has_words(line.cause) and has_words(line.measure)):
        yield Finding("no-measure", "原因和措施都要写", "请作废，把原因和措施写全")


def _problem(line: EntryLike, fault: Finding) -> Finding:
    return fault.at(Place(entry=line.id))
