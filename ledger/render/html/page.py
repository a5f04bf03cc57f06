"""Puts a dossier into the words of the page: what stands where, in Chinese. Knows no markup and no rule of progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.commands.report_data import CommitmentSection, Ranked, ReportData
from ledger.commands.show import LoggedEntry
from ledger.core.models import Target
from ledger.core.progress import Light, TargetStatus
from ledger.core.progress.percent import percent
from ledger.core.progress.report import DepartmentStatus
from ledger.render.columns import KIND_NAMES
from ledger.render.html.chart import Words, chart
from ledger.render.html.quotes import Piece, pieces, within
from ledger.render.view import day
from ledger.render.views.show import ahead, entry_remarks, figure_text
from ledger.render.views.standing import gap_text, remarks_of
from ledger.render.views.status import mean_text

SIGNS = {
    Light.MET: ("met", "√"),
    Light.ON_TRACK: ("ok", "●"),
    Light.BEHIND: ("behind", "▲"),
    Light.FAR_BEHIND: ("far", "▼"),
    Light.UNREPORTED: ("none", "○"),
    Light.UNKNOWN: ("unknown", "？"),
}
NO_CURVE = {
    "rank": "名次不折算成进度，没有序时进度可画；各次名次见记录。",
    "compare": "与参照值比较，没有序时进度可画；各次数值见记录。",
    "judgement": "由督查评定，没有序时进度可画。",
}


@dataclass(frozen=True)
class Chip:
    """A light: its word, its sign for those who see no colour, and its class."""

    word: str
    name: str
    sign: str
    count: int = 0


@dataclass(frozen=True)
class EntryRow:
    """One entry as the page lists it."""

    on: str
    target: str
    figure: str
    by: str
    commit: str
    commit_id: str
    author: str
    remarks: str
    counts: bool


@dataclass(frozen=True)
class TargetPart:
    """One target of a commitment."""

    number: int
    sign: str
    anchor: str
    name: str
    kind: str
    goal: str
    actual: str
    on: str
    completion: str
    expected: str
    gap: str
    due: str
    chip: Chip
    quote: str
    remarks: tuple[str, ...]
    way: tuple[str, ...]
    svg: str
    drawn: bool
    paced: bool
    no_curve: str


@dataclass(frozen=True)
class CommitmentPart:
    """One commitment."""

    id: str
    anchor: str
    title: tuple[Piece, ...]
    plain_title: str
    text: tuple[Piece, ...]
    chip: Chip
    completion: str
    difficulty: str
    closed: str
    targets: tuple[TargetPart, ...]
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True)
class DepartmentPart:
    """One department: its line in the overview and its commitments."""

    name: str
    anchor: str
    inferred: bool
    count: int
    targets: int
    completion: str
    width: str
    uncounted: int
    lights: tuple[Chip, ...]
    place: str
    score: str
    weighted: str
    commitments: tuple[CommitmentPart, ...]


@dataclass(frozen=True)
class Remark:
    """One target in a list of what needs attention."""

    department: str
    id: str
    anchor: str
    name: str
    chip: Chip
    goal: str
    actual: str
    completion: str
    expected: str
    gap: str
    why: str


@dataclass(frozen=True)
class Page:
    """The whole page."""

    ledger: str
    year: int
    as_of: str
    made: str
    simulated: bool
    lights: tuple[Chip, ...]
    commitments: int
    targets: int
    departments: tuple[DepartmentPart, ...]
    ranking: tuple[DepartmentPart, ...]
    behind: tuple[Remark, ...]
    unreported: tuple[Remark, ...]
    unknown: tuple[Remark, ...]
    tip: str
    seal: str
    seal_label: str
    audit: str
    rated: bool


def page_of(dossier: ReportData, made: date) -> Page:
    """Return the page of a dossier made on a day."""
    report = dossier.status
    places = {one.department.department.name: one for one in dossier.ranking}
    parts = {
        one.department.name: _department(one, places[one.department.name], dossier)
        for one in report.departments
    }
    remarks = [_remark(file, status) for file in dossier.sections for status in file.status.targets]
    gaps = {
        f"{file.commitment.id}/{status.key}": status.gap or Fraction(0)
        for file in dossier.sections
        for status in file.status.targets
    }
    behind = [one for one in remarks if one.chip.word in {Light.BEHIND.value, Light.FAR_BEHIND.value}]
    worst_first = sorted(
        behind, key=lambda one: (one.chip.word != Light.FAR_BEHIND.value, -gaps[_ref(one.anchor)])
    )
    counts = [status.light for file in dossier.sections for status in file.status.targets]
    made_of = dossier.integrity
    return Page(
        ledger=report.ledger,
        year=report.year,
        as_of=day(report.as_of),
        made=day(made),
        simulated=report.simulated,
        lights=tuple(_chip(light, counts.count(light)) for light in Light),
        commitments=len(dossier.sections),
        targets=len(counts),
        departments=tuple(parts.values()),
        ranking=tuple(parts[one.department.department.name] for one in dossier.ranking),
        behind=tuple(worst_first),
        unreported=tuple(one for one in remarks if one.chip.word == Light.UNREPORTED.value),
        unknown=tuple(one for one in remarks if one.chip.word == Light.UNKNOWN.value),
        tip=dossier.tip or "",
        seal=made_of.seal or "",
        seal_label=made_of.seal_label,
        audit=made_of.audit or "",
        rated=any(file.commitment.difficulty for file in dossier.sections),
    )


def circled(number: int) -> str:
    """Return a number in a circle, as lists of targets are numbered; beyond ⑳ in brackets."""
    return chr(0x2460 + number - 1) if number <= 20 else f"({number})"


def _chip(light: Light, count: int = 0) -> Chip:
    name, sign = SIGNS[light]
    return Chip(light.value, name, sign, count)


def _anchor(commitment: str, key: str = "") -> str:
    return f"t-{commitment}/{key}" if key else f"c-{commitment}"


def _ref(anchor: str) -> str:
    return anchor.removeprefix("t-")


def _department(one: DepartmentStatus, ranked: Ranked, dossier: ReportData) -> DepartmentPart:
    name = one.department.name
    share = one.completion.value
    return DepartmentPart(
        name=name,
        anchor=f"d-{name}",
        inferred=one.department.inferred,
        count=one.commitments,
        targets=one.targets,
        completion=percent(share),
        width=percent(share, "0%"),
        uncounted=one.completion.uncounted,
        lights=tuple(_chip(light, one.lights[light]) for light in Light),
        place="—" if ranked.place.place is None else str(ranked.place.place),
        score=_points(ranked.score.plain.value),
        weighted=_points(ranked.score.weighted.value),
        commitments=tuple(
            _commitment(file) for file in dossier.sections if file.commitment.department == name
        ),
    )


def _points(score: Fraction | None) -> str:
    return "—" if score is None else percent(score / 100).removesuffix("%")


def _commitment(file: CommitmentSection) -> CommitmentPart:
    commitment, status = file.commitment, file.status
    quotes = {number: one.quote for number, one in enumerate(commitment.targets, start=1)}
    in_text = within(commitment.text, quotes)
    closed = commitment.closed
    return CommitmentPart(
        id=commitment.id,
        anchor=_anchor(commitment.id),
        title=pieces(commitment.title, {n: one for n, one in quotes.items() if n not in in_text}),
        plain_title=commitment.title,
        text=pieces(commitment.text, {n: one for n, one in quotes.items() if n in in_text}),
        chip=_chip(status.light),
        completion=mean_text(status.completion),
        difficulty=commitment.difficulty or "未评定",
        closed="" if closed is None else f"已于 {day(closed.on)} 销号",
        targets=tuple(
            _target(file, number, target, one)
            for number, (target, one) in enumerate(
                zip(commitment.targets, status.targets, strict=True), start=1
            )
        ),
        entries=tuple(_entry(one) for one in file.entries),
    )


def _target(file: CommitmentSection, number: int, target: Target, status: TargetStatus) -> TargetPart:
    anchor = _anchor(file.commitment.id, target.key)
    curve = file.curves.get(target.key)
    return TargetPart(
        number=number,
        sign=circled(number),
        anchor=anchor,
        name=target.name,
        kind=KIND_NAMES[target.kind],
        goal=status.goal + (f"（{target.hedge}）" if target.hedge else ""),
        actual=status.actual or "—",
        on=day(status.on),
        completion=percent(status.completion),
        expected=percent(status.expected),
        gap=gap_text(status, file.points),
        due=day(status.due),
        chip=_chip(status.light),
        quote=target.quote,
        remarks=remarks_of(status),
        way=tuple(ahead(file.forecasts[target.key])),
        svg="" if curve is None else chart(curve, Words(f"g-{file.commitment.id}-{number}", *_words(status))),
        drawn=curve is not None and any(value is not None for _, value in curve.actual),
        paced=curve is not None and sum(value is not None for _, value in curve.pace) > 1,
        no_curve=NO_CURVE.get(target.kind, ""),
    )


def _words(status: TargetStatus) -> tuple[str, str]:
    said = f"目标 {status.goal}；现在 {status.actual or '未报'}；完成 {percent(status.completion)}"
    return (
        f"{status.name}：进度与序时进度",
        f"{said}；序时 {percent(status.expected)}；{status.light.value}。",
    )


def _remark(file: CommitmentSection, status: TargetStatus) -> Remark:
    return Remark(
        department=file.commitment.department,
        id=file.commitment.id,
        anchor=_anchor(file.commitment.id, status.key),
        name=status.name,
        chip=_chip(status.light),
        goal=status.goal,
        actual=status.actual or "—",
        completion=percent(status.completion),
        expected=percent(status.expected),
        gap=gap_text(status, file.points),
        why="；".join(remarks_of(status)),
    )


def _entry(one: LoggedEntry) -> EntryRow:
    entry, commit = one.entry, one.commit
    return EntryRow(
        on=day(entry.on),
        target=one.target.name if one.target else entry.target,
        figure=figure_text(entry, one.target),
        by=entry.by,
        commit=commit.short if commit else "未提交",
        commit_id=commit.id if commit else "",
        author=commit.author if commit else "",
        remarks=entry_remarks(one),
        counts=one.counts,
    )
