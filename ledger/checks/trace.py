"""Every figure traces back to the source, and every numeral of the source is accounted for: rules over one commitment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ledger.findings import Finding
from ledger.models import Accumulate, Change, Commitment, Context, Level, Rank, Target
from ledger.quantity import format_number, numerals
from ledger.store.ledger import Source


def quotes_are_verbatim(source: Source) -> Iterator[Finding]:
    """Each quote, of a target or a context item, stands letter for letter in the title or the text."""
    commitment = source.commitment
    for group in ("targets", "context"):
        for number, item in enumerate(getattr(commitment, group)):
            if not _spans(commitment, item.quote):
                line, column = source.place(group, number, "quote")
                yield Finding(
                    source.path,
                    line,
                    column,
                    "quote",
                    f"摘句不在原文中：{item.quote}",
                    "照 title 或 text 逐字抄录，标点也要一致",
                    source.document.excerpt(line),
                )


def figures_stand_in_their_quotes(source: Source) -> Iterator[Finding]:
    """Each figure of a goal or a stretch goal is one of the numerals of the target's quote."""
    for number, target in enumerate(source.commitment.targets):
        quoted = {numeral.value for numeral in numerals(target.quote)}
        for loc, wanted in _figures(target):
            if not quoted & set(wanted):
                line, column = source.place("targets", number, *loc)
                shown = "、".join(format_number(one) for one in quoted if one is not None) or "没有数字"
                yield Finding(
                    source.path,
                    line,
                    column,
                    "figure",
                    f"{target.name} 的数字 {format_number(wanted[-1])} 不在它的摘句里（摘句中有：{shown}）",
                    "改正数字，或把摘句取到含这个数字",
                    source.document.excerpt(line),
                )


def numerals_are_accounted_for(source: Source) -> Iterator[Finding]:
    """Each numeral of title and text is a target's figure inside its quote, or inside a context quote with a reason."""
    commitment = source.commitment
    covers = [_Cover.of(commitment, item) for item in (*commitment.targets, *commitment.context)]
    for part in ("title", "text"):
        words = getattr(commitment, part)
        for numeral in numerals(words):
            if any(cover.holds(part, numeral.start, numeral.end, numeral.value) for cover in covers):
                continue
            line, column = source.document.locate_in_text((part,), numeral.start)
            around = words[max(0, numeral.start - 8) : numeral.end + 8]
            yield Finding(
                source.path,
                line,
                column,
                "numeral",
                f"原文中的数字 {numeral.text} 没有着落（……{around}……）",
                "给它立一个目标，或在 context 里写明它为什么不是目标",
                around,
            )


@dataclass(frozen=True, slots=True)
class _Cover:
    """Where a quote stands, and which figures it accounts for there; None accounts for any."""

    spans: tuple[tuple[str, int, int], ...]
    figures: frozenset[Fraction] | None

    @classmethod
    def of(cls, commitment: Commitment, item: Target | Context) -> _Cover:
        counted = isinstance(item, (Accumulate, Level, Change, Rank))
        figures = frozenset(one for _, wanted in _figures(item) for one in wanted) if counted else None  # type: ignore[arg-type]
        return cls(tuple(_spans(commitment, item.quote)), figures)

    def holds(self, part: str, start: int, end: int, value: Fraction | None) -> bool:
        if self.figures is not None and value not in self.figures:
            return False
        return any(part == where and first <= start and end <= last for where, first, last in self.spans)


def _spans(commitment: Commitment, quote: str) -> list[tuple[str, int, int]]:
    found = []
    for part in ("title", "text"):
        words = getattr(commitment, part)
        at = words.find(quote)
        while at >= 0:
            found.append((part, at, at + len(quote)))
            at = words.find(quote, at + 1)
    return found


def _figures(target: Target) -> Iterator[tuple[tuple[str | int, ...], tuple[Fraction, ...]]]:
    """Yield, with its place in the file, each figure of a target as it may stand in prose: `2.8万` or `28000`, `2.8`."""
    if isinstance(target, Rank):
        for loc, rank in (
            (("goal",), target.goal),
            *((("stretch", n), one) for n, one in enumerate(target.stretch)),
        ):
            yield loc, (Fraction(rank.within or rank.up or 0),)
    elif isinstance(target, (Accumulate, Level, Change)):
        for loc, goal in (
            (("goal",), target.goal),
            *((("stretch", n), one) for n, one in enumerate(target.stretch)),
        ):
            for figure in (goal.figure, goal.upper):
                if figure is not None:
                    yield (*loc, goal.op), (figure.value, figure.value / figure.scale)
