"""Drafts as a table, one target a row, for those who would rather edit a spreadsheet; and the edited table read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ledger.commands.draft import review
from ledger.core.errors import LedgerError, UsageError
from ledger.core.models import Target
from ledger.core.models.drafts import DraftCommitment
from ledger.core.quantity import format_amount
from ledger.core.structs import replace
from ledger.documents.form import Form, read_form
from ledger.files import drafts
from ledger.files.ledger import InvalidLedgerError, Ledger

HEADINGS = (
    "编号",
    "代号",
    "部门",
    "承诺事项",
    "目标名称",
    "类别",
    "目标值",
    "完成时限",
    "基期数",
    "原文摘句",
    "疑点",
    "处理",
)
CONFIRM, LATER, DROP = "确认", "待定", "不是目标"
ACTIONS = (CONFIRM, LATER, DROP)
KIND_WORDS = {kind: word for word, kind in review.KINDS.items() if word != "名次"}
UNKNOWN = "未能识别"


@dataclass(frozen=True)
class DraftRow:
    """One row of the table: a drafted target, or words that were not read (`key` empty); cells as HEADINGS names them."""

    id: str
    key: str
    department: str
    title: str
    name: str
    kind: str
    goal: str
    due: str
    baseline: str
    quote: str
    doubts: str
    action: str

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the row, in the order of HEADINGS."""
        return (
            self.id, self.key, self.department, self.title, self.name, self.kind, self.goal, self.due, self.baseline, self.quote,
            self.doubts, self.action,
        )  # fmt: skip


@dataclass
class SheetOutcome:
    """What came of a table that was read back: what changed and was confirmed, and the rows that were refused with the reason."""

    changed: int = 0
    confirmed: list[str] = field(default_factory=list)
    left: int = 0
    refused: list[str] = field(default_factory=list)


def draft_rows(ledger: Ledger, year: int | None) -> list[DraftRow]:
    """Return the drafts of a year, or of all, as rows; what has no doubt is proposed for confirmation.

    Raises:
        UsageError: when there are no drafts.
        InvalidLedgerError: when a draft cannot be read.
    """
    rows: list[DraftRow] = []
    for source in _sources(ledger, year):
        draft = source.commitment
        doubts = review.doubts(draft, ledger)
        rows += [_target_row(draft, target, doubts.get(target.key, ())) for target in draft.targets]
        rows += [
            DraftRow(
                draft.id, "", draft.department, draft.title, item.name or "", "", "", "", "", item.quote,
                f"{UNKNOWN}：{item.reason}", LATER,
            )
            for item in draft.unknown
        ]  # fmt: skip
    if not rows:
        raise UsageError("没有草稿", "先写草稿：ledger plan import 计划文件 --year 年度")
    return rows


def read_sheet(path: Path) -> list[DraftRow]:
    """Read an edited table.

    Raises:
        UsageError: when a column is missing.
        LedgerError: when the file cannot be read.
    """
    grid = _grid(read_form(path))
    places = {heading: at for at, heading in grid[0].items()} if grid else {}
    missing = [heading for heading in HEADINGS if heading not in places]
    if missing:
        raise UsageError(
            f"{path.name} 没有“{missing[0]}”一列，不是 ledger draft --to 写出的表",
            "列名不要改；重新导出一次再填",
        )
    return [
        DraftRow(*(row.get(places[heading], "") for heading in HEADINGS))
        for row in grid[1:]
        if any(row.values())
    ]


def apply_sheet(ledger: Ledger, rows: Sequence[DraftRow], *, dry_run: bool = False) -> SheetOutcome:
    """Change the drafts as the rows say, and confirm the commitments whose rows are all decided."""
    outcome = SheetOutcome()
    by_id: dict[str, list[DraftRow]] = defaultdict(list)
    for row in rows:
        by_id[row.id].append(row)
    for source in _sources(ledger, None):
        edits = by_id.pop(source.commitment.id, [])
        if not edits:
            continue
        draft = source.commitment
        for row in edits:
            try:
                draft = _edited(draft, row, ledger)
            except LedgerError as error:
                outcome.refused.append(f"{row.id} {row.name or row.quote[:20]}：{error.message}")
        decided = all(row.action in {CONFIRM, DROP} for row in edits) and not draft.unknown and draft.targets
        if draft != source.commitment:
            outcome.changed += 1
        if decided and not any(message.startswith(f"{draft.id} ") for message in outcome.refused):
            _confirm(ledger, source.path, draft, outcome, dry_run=dry_run)
        else:
            outcome.left += 1
            if draft != source.commitment and not dry_run:
                drafts.replace_draft(ledger.root, source.path, draft)
    outcome.refused += [f"{name}：没有这份草稿" for name in by_id]
    return outcome


def _confirm(
    ledger: Ledger, path: PurePosixPath, draft: DraftCommitment, outcome: SheetOutcome, *, dry_run: bool
) -> None:
    try:
        commitment = review.confirmed(replace(draft, reviewed=len(draft.targets)), ledger)
        if dry_run:
            drafts.confirmable(ledger.root, commitment)
        else:
            drafts.replace_draft(ledger.root, path, draft)
            drafts.confirm(ledger.root, path, commitment)
    except LedgerError as error:
        outcome.refused.append(f"{draft.id} 没有确认：{error.message}")
        outcome.left += 1
    else:
        outcome.confirmed.append(draft.id)


def _sources(ledger: Ledger, year: int | None) -> list[drafts.DraftSource]:
    sources: list[drafts.DraftSource] = []
    for path in drafts.paths(ledger.root, year):
        source = drafts.read_draft(ledger, path)
        if not isinstance(source, drafts.DraftSource):
            raise InvalidLedgerError(source)
        sources.append(source)
    return sources


def _target_row(draft: DraftCommitment, target: Target, doubts: Sequence[str]) -> DraftRow:
    baseline = getattr(target, "baseline", None)
    amount = (
        ""
        if baseline is None
        else str(baseline)
        if isinstance(baseline, int)
        else format_amount(baseline.value, baseline.unit, baseline.scale)
    )
    return DraftRow(
        draft.id, target.key, draft.department, draft.title, target.name, KIND_WORDS[target.kind], goal_words(target),
        target.due.isoformat() if target.due else "", amount, target.quote, "；".join(doubts), LATER if doubts else CONFIRM,
    )  # fmt: skip


def goal_words(target: Target) -> str:
    """Return a goal in words that `review.goal_fields` reads back."""
    goal = getattr(target, "goal", None)
    if goal is None:
        return ""
    falls = "下降" if getattr(target, "direction", "") == "decrease" else ""
    return f"{falls}{goal.wording}"


def _edited(draft: DraftCommitment, row: DraftRow, ledger: Ledger) -> DraftCommitment:
    if row.action not in ACTIONS:
        raise UsageError(f"处理写了“{row.action}”", f"写 {'、'.join(ACTIONS)} 之一")
    if not row.key:
        return _unknown(draft, row, ledger)
    number = next((n for n, target in enumerate(draft.targets) if target.key == row.key), None)
    if number is None:
        raise UsageError(f"没有代号 {row.key} 的目标", "编号、代号两列不要改")
    if row.action == DROP:
        return review.drop(draft, number, "经确认不是目标", ledger.units)
    written = _target_row(draft, draft.targets[number], ())
    kind = _kind(row.kind) if row.kind != written.kind else ""
    goal = row.goal if row.goal != written.goal else ""
    name = row.name if row.name != written.name else ""
    if name or kind or goal:
        draft = review.edit(draft, number, ledger.units, name=name, kind=kind, goal=goal)
    due = row.due if row.due != written.due else ""
    baseline = row.baseline if row.baseline != written.baseline else ""
    if due or baseline:
        draft = review.set_times(draft, number, ledger.units, due=due, baseline=baseline)
    return draft


def _unknown(draft: DraftCommitment, row: DraftRow, ledger: Ledger) -> DraftCommitment:
    """Decide about words that were not read: a target of the row's kind and goal, or none."""
    order = [item for item in draft.unknown if item.quote == row.quote]
    if not order or row.action == LATER:
        return draft
    others = tuple(item for item in draft.unknown if item is not order[0])
    first = replace(draft, unknown=(order[0], *others))
    if row.action == DROP:
        return review.dismiss_unknown(first, "经确认不是目标", ledger.units)
    return review.read_unknown(first, ledger.units, name=row.name, kind=_kind(row.kind), goal=row.goal)


def _kind(word: str) -> str:
    if word not in review.KINDS:
        raise UsageError(f"没有“{word}”这一类", f"写 {'、'.join(KIND_WORDS.values())} 之一")
    return review.KINDS[word]


def _grid(form: Form) -> list[Mapping[int, str]]:
    page = form.pages[0] if form.pages else None
    return (
        [{at: cell.text for at, cell in page.rows[number].items()} for number in sorted(page.rows)]
        if page
        else []
    )
