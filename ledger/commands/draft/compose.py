"""Makes drafted commitments that keep every rule of the plan: what would break one is left unread, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeVar

from ledger.core.findings import Finding
from ledger.core.models import Commitment, Context
from ledger.core.models.base import read_model
from ledger.core.models.drafts import DraftCommitment
from ledger.core.quantity import Numeral
from ledger.core.structs import replace
from ledger.core.units import UnitTable
from ledger.extract import Draft, draft
from ledger.extract.typed import Fields, normalise, to_fields, unread_fields
from ledger.files.commitmentfile import encode
from ledger.files.ledger import Source
from ledger.files.yaml_reader import Document, parse
from ledger.rules.check import accounting, plan, trace
from ledger.rules.check.registry import RuleContext

C = TypeVar("C", bound=Commitment)

OTHERWISE = "名称、限定或时间中的数字"


@dataclass(frozen=True)
class CommitmentHead:
    """What a commitment is before anybody reads its targets."""

    id: str
    department: str
    title: str
    year: int
    text: str
    difficulty: str = ""
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drafted:
    """A drafted commitment and the reading it was made from."""

    commitment: DraftCommitment
    result: Draft


def build(head: CommitmentHead, units: UnitTable) -> Drafted:
    """Draft one commitment. Every figure of it stands in its quote, every numeral is accounted for."""
    result = draft(head.text, head.title, head.department, head.year)
    fields = to_fields(result, head.year, units)
    targets, unknown, rules = fields.targets, fields.unknown, fields.rules
    reasons = {item.quote: item.reason for item in result.context}
    context = _verbatim(reasons)
    drafted = _make(head, targets, unknown, rules, context, units)
    while faults := list(target_faults(drafted, units)):
        number, finding = faults[0]
        if finding.code == "hedge":
            targets[number].pop("hedge")
        else:
            dropped = targets.pop(number)
            rules.pop(dropped["key"], None)
            unknown.append(unread_fields(dropped["quote"], dropped["name"], finding.message))
            normalise(targets)
        drafted = _make(head, targets, unknown, rules, context, units)
    return Drafted(balanced(drafted, lambda _: OTHERWISE), result)


def _verbatim(reasons: dict[str, str]) -> list[Fields]:
    return [{"quote": quote.strip(), "reason": reason} for quote, reason in reasons.items() if quote.strip()]


def _make(
    head: CommitmentHead,
    targets: list[Fields],
    unknown: list[Fields],
    rules: dict[str, str],
    context: list[Fields],
    units: UnitTable,
) -> DraftCommitment:
    fields: dict[str, Any] = {
        "id": head.id,
        "department": head.department,
        **({"partners": list(head.partners)} if head.partners else {}),
        "title": head.title,
        "year": head.year,
        "difficulty": head.difficulty or None,
        "text": head.text,
        "draft": True,
        "targets": targets,
        "unknown": unknown,
        "rules": rules,
        "context": context,
    }
    return read_model(DraftCommitment, fields, units)


def balanced(commitment: C, reason: Callable[[Numeral], str]) -> C:
    """Return the commitment with a context for every numeral that nothing accounts for, and without idle ones."""
    unread_quotes = tuple(
        Context(quote=item.quote, reason="未能识别") for item in getattr(commitment, "unknown", ())
    )
    items = list(commitment.context)

    def whole() -> Commitment:
        return replace(commitment, context=(*unread_quotes, *items))

    for part, numeral in list(accounting.unaccounted(whole())):
        items.append(Context(quote=_around(getattr(commitment, part), numeral), reason=reason(numeral)))
    for number in reversed(range(len(items))):  # one at a time: of two that say the same, one stays
        if number + len(unread_quotes) not in accounting.needed_context(whole()):
            del items[number]
    return replace(commitment, context=tuple(items))


def _around(words: str, numeral: Numeral) -> str:
    """Return the numeral with the few words behind it that tell what it is."""
    end = numeral.end
    while end < len(words) and end < numeral.end + 6 and words[end] not in "，。；、：（）“”《》 ":
        end += 1
    return words[numeral.start : end].strip()


def source_of(path: PurePosixPath | str, commitment: Commitment) -> Source:
    """Return a commitment as if it had been read from a file, with the places of its parts."""
    document = parse(encode(commitment).encode("utf-8"))
    if isinstance(document, Finding):
        raise AssertionError(document)  # what we write, we read
    return Source(str(path), document, commitment)


def target_faults(commitment: Commitment, units: UnitTable) -> Iterator[tuple[int, Finding]]:
    """Yield each finding about a target, with the target's place in the list."""
    source = source_of("draft", commitment)
    findings: list[Finding] = []
    context = RuleContext(units)
    for rule in (
        trace.quotes_are_verbatim,
        trace.figures_stand_in_their_quotes,
        trace.benchmarks_stand_in_their_quotes,
        trace.hedges_stand_before_their_figures,
        trace.units_stand_in_their_quotes,
        plan.stretch_goes_further,
    ):
        findings += rule(source, context)
    starts = _starts(source.document, len(commitment.targets))
    for finding in sorted(findings):
        number = sum(start <= finding.place.line for start in starts) - 1
        if number >= 0 and finding.place.line < _end(source.document, commitment):
            yield number, finding


def _starts(document: Document, count: int) -> list[int]:
    return [document.locate(("targets", number))[0] for number in range(count)]


def _end(document: Document, commitment: Commitment) -> int:
    if commitment.targets and (commitment.context or getattr(commitment, "unknown", ())):
        group = "unknown" if getattr(commitment, "unknown", ()) else "context"
        return document.locate((group,))[0]
    return 10**9
