"""What `plot` draws: the lines of one target, or of every target of a commitment, and the figures beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.core.models import Commitment, Target
from ledger.core.progress import Policy, TargetStatus, by_target
from ledger.core.progress.burnup import BurnUp, burn_up, expected_on
from ledger.files.assessment import assess_commitment
from ledger.files.ledger import Ledger
from ledger.files.lookup import resolve


@dataclass(frozen=True)
class Point:
    """What was reported for a day, and what 序时进度 expected on it; None where there is nothing to say."""

    on: date
    actual: Fraction | None
    expected: Fraction | None


@dataclass(frozen=True)
class PlottedTarget:
    """One target; no curve when its kind has none (名次、比较、定性), or when its figures cannot be computed."""

    target: Target
    status: TargetStatus
    curve: BurnUp | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Plot:
    """The answer: one commitment, and the targets asked for."""

    commitment: Commitment
    as_of: date
    simulated: bool
    targets: tuple[PlottedTarget, ...]


def plot(ledger: Ledger, year: int, ref: str, as_of: date) -> Plot:
    """Return the lines of the commitment or target that `ref` names, up to and including `as_of`.

    Raises:
        UnknownDepartmentError, UnknownCommitmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        InvalidLedgerError: when a file it needs holds an error.
    """
    source, focus = resolve(ledger, year, ref)
    commitment = source.commitment
    policy = Policy.of(ledger.config, ledger.units)
    entries = ledger.load_progress(commitment).entries
    entries_by_target = by_target(entries)
    drawn = []
    for status in assess_commitment(ledger, source, as_of, policy, entries).targets:
        target = next(target for target in commitment.targets if target.key == status.key)
        if focus is not None and target.key != focus.key:
            continue
        curve = burn_up(commitment, target, entries_by_target.get(target.key, []), as_of=as_of, policy=policy)
        points = tuple(
            Point(day, value, expected_on(commitment, target, day, policy))
            for day, value in (dict(curve.actual) if curve is not None else {}).items()
            if curve is not None and day in curve.reported
        )
        drawn.append(PlottedTarget(target, status, curve, points))
    return Plot(commitment, as_of, ledger.config.simulated, tuple(drawn))
