"""`rank --rules`: the departments' places under several published rules side by side, and where and why the order flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.core.models import Commitment
from ledger.core.models.revisions import in_force
from ledger.core.progress import Policy, Score, TargetStatus, commitment_score, department_score, ranking
from ledger.core.progress.lights import NAMED_RULES
from ledger.core.progress.rank_rules import (
    OWN,
    PUBLISHED,
    Flip,
    LightShares,
    RankRule,
    flips,
    light_shares,
    places_by_lights,
)
from ledger.core.progress.report import Query
from ledger.core.progress.score import too_silent
from ledger.core.structs import replace
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger


@dataclass(frozen=True)
class RuleResult:
    """What one rule says: each department's place, and the score or the lights behind it."""

    rule: RankRule
    places: Mapping[str, int | None]
    scores: Mapping[str, Score]
    lights: Mapping[str, LightShares]


@dataclass(frozen=True)
class ExplainedFlip:
    """Two departments that change places between the ledger's rule and another, and the targets that the two rules judge apart."""

    flip: Flip
    targets: tuple[str, ...]


@dataclass(frozen=True)
class RulesReport:
    """The whole answer; the first rule is the ledger's own."""

    ledger: str
    simulated: bool
    year: int
    as_of: date
    departments: tuple[str, ...]
    results: tuple[RuleResult, ...]
    flips: tuple[ExplainedFlip, ...]

    def result(self, key: str) -> RuleResult:
        """Return the result of a rule by its key."""
        return next(result for result in self.results if result.rule.key == key)


Judged = dict[str, list[tuple[Commitment, tuple[TargetStatus, ...]]]]


def compare_rules(ledger: Ledger, query: Query) -> RulesReport:
    """Rank the departments asked for by the ledger's own rule and by the published ones.

    Raises:
        InvalidLedgerError: when a file it needs holds an error.
    """
    policy = Policy.of(ledger.config, ledger.units)
    own_rule = RankRule(OWN, "本账本", policy.basis, deduction=policy.deduction)
    plain = _judged(ledger, query, policy)
    results = [_by_scores(own_rule, plain, policy)]
    judged = {OWN: plain}
    for rule in PUBLISHED:
        if rule.lights is None:
            scored = replace(policy, basis=rule.basis, deduction=rule.deduction, coverage=policy.coverage * 0)
            results.append(_by_scores(rule, plain, scored))
            continue
        judged[rule.key] = _judged(ledger, query, replace(policy, lights=NAMED_RULES[rule.lights]))
        results.append(_by_lights(rule, judged[rule.key]))
    first = results[0]
    changes = [
        ExplainedFlip(flip, _apart(flip, plain, judged.get(result.rule.key, plain)))
        for result in results[1:]
        for flip in flips(first.places, result.rule.key, result.places)
    ]
    names = sorted(plain, key=lambda name: (first.places[name] is None, first.places[name] or 0))
    return RulesReport(
        ledger.config.name,
        ledger.config.simulated,
        query.year,
        query.as_of,
        tuple(names),
        tuple(results),
        tuple(changes),
    )


def _judged(ledger: Ledger, query: Query, policy: Policy) -> Judged:
    judged: Judged = {}
    for source in ledger.load_plan(query.year, query.departments):
        commitment = in_force(source.commitment, query.as_of)
        status = assess_commitment(ledger, source, query.as_of, policy, verified_only=policy.verified_only)
        judged.setdefault(commitment.department, []).append((commitment, status.targets))
    return judged


def _by_scores(rule: RankRule, judged: Judged, policy: Policy) -> RuleResult:
    scores = {
        name: department_score(
            [(commitment, commitment_score(commitment, targets, policy)) for commitment, targets in rows],
            policy,
        )
        for name, rows in judged.items()
    }
    left_out = too_silent(scores, policy)
    ranked = ranking({name: score.plain.value for name, score in scores.items()}, left_out)
    return RuleResult(rule, {row.name: row.place for row in ranked}, scores, {})


def _by_lights(rule: RankRule, judged: Judged) -> RuleResult:
    lights = {
        name: light_shares([status for _, targets in rows for status in targets])
        for name, rows in judged.items()
    }
    return RuleResult(rule, places_by_lights(lights), {}, lights)


def _apart(flip: Flip, judged: Judged, other: Judged) -> tuple[str, ...]:
    """Name targets of the two departments whose light is another under the other rule: `金融办-03 新增上市公司：滞后 → 正常`."""
    texts = []
    for name in (flip.first, flip.second):
        for (commitment, before), (_, after) in zip(judged[name], other[name], strict=True):
            texts += _changed(commitment, before, after)
    return tuple(texts)


def _changed(
    commitment: Commitment, before: Sequence[TargetStatus], after: Sequence[TargetStatus]
) -> list[str]:
    return [
        f"{commitment.id} {old.name}：{old.light.value} → {new.light.value}"
        for old, new in zip(before, after, strict=True)
        if old.light is not new.light
    ]
