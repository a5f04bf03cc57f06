"""Changes a signed commitment: only with a reason, and the former value stays in the file; also rates and closes.

What a change means is worked out on bytes (`transform`), so that a preview and the write under the lock do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from ledger.core.errors import LedgerError, UsageError
from ledger.core.findings import Finding, Place
from ledger.core.models import Commitment, Target
from ledger.core.progress import Policy, TargetStatus, assess, fold, problems
from ledger.core.progress.revisions import FIELDS, wording
from ledger.files.fieldtext import read_field
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.files.lookup import resolve
from ledger.files.notices import Notice
from ledger.files.rewrite import rewrite
from ledger.files.yaml_editor import Editor
from ledger.git import Commit, Identity, Repo
from ledger.rules.check import check_source
from ledger.rules.permissions import Action, require_permission
from ledger.rules.reasons import require_reason
from ledger.rules.sealed import sealed_until

_LAST = ("closed", "revisions")
EXAMPLE_REASON = "市政府专题会议纪要〔2023〕5号"
"""The kind of reason for which a commitment is changed."""


class InvalidAmendmentError(LedgerError):
    """The file would break a rule of the ledger if it were changed so."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        lines = "\n".join(
            f"  {finding.message}" + (f"；{finding.hint}" if finding.hint else "") for finding in findings
        )
        super().__init__(f"这样改了就不合规则，没有写入：\n{lines}", "换一个值；或先改正上面说的")


@dataclass(frozen=True)
class ChangeRequest:
    """A change asked for: of which file and part, which fields get which values, by whom and why."""

    path: str
    key: str | None  # the target's; None for the commitment itself
    act: Action
    fields: Mapping[str, Any]
    who: Identity
    today: date
    reason: str | None = None
    evidence: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    revises: bool = True
    effective: date | None = None
    """The day from which the new values hold, where it is not `today`."""


@dataclass(frozen=True)
class Changed:
    """One field before and after."""

    field: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        """`目标 ≥6家 → ≥8家`."""
        if self.field == "closed":
            return "销号" if self.after else "撤销销号"
        return f"{FIELDS[self.field]} {wording(self.before)} → {wording(self.after)}"


@dataclass(frozen=True)
class Amended:
    """What a change does, or did when it has a commit."""

    ref: str
    name: str
    department: str
    path: str
    act: Action
    changes: tuple[Changed, ...]
    reason: str | None
    evidence: tuple[str, ...]
    before: TargetStatus | None
    after: TargetStatus | None
    commit: Commit | None = None
    text: str = field(default="", repr=False)

    @property
    def message(self) -> str:
        """The commit's message: `amend(金融办): 新增上市公司 目标 ≥6家 → ≥8家`, the reason, and a trailer per field."""
        what = "，".join(change.words for change in self.changes)
        title = " ".join(f"{self.act}({self.department}): {self.name} {what}".split())
        notes = [f"理由：{self.reason}"] if self.reason else []
        notes += [f"佐证：{'、'.join(self.evidence)}"] if self.evidence else []
        trailers = [f"Ledger-Amend: {self.ref} {change.field}" for change in self.changes]
        return "\n\n".join((title, *(["\n".join(notes)] if notes else []), "\n".join(trailers))) + "\n"


def amend(
    ledger: Ledger,
    year: int,
    ref: str,
    fields: Mapping[str, str | Sequence[str]],
    reason: str | None,
    *,
    today: date,
    who: Identity,
) -> ChangeRequest:
    """Parse a change of one target's fields, given as typed.

    Raises:
        MissingReasonError, UsageError: without a reason, or with nothing to change.
        UnknownTargetError, AmbiguousTargetError: with the candidates.
        UnreadableFigureError: a value that the field cannot take.
    """
    reason = require_reason(reason, "改动承诺", EXAMPLE_REASON)
    if not fields:
        raise UsageError(
            "没有写要改什么", "写上 --goal、--stretch、--name、--due、--baseline、--plan、--weight 或 --unit"
        )
    source, target = resolve(ledger, year, ref)
    if target is None:
        keys = "、".join(target.key for target in source.commitment.targets)
        raise UsageError(
            f"{source.commitment.id} 有 {len(source.commitment.targets)} 个目标，没有写改哪一个",
            f"写成 {source.commitment.id}/代号；代号：{keys}",
        )
    values = {name: read_field(target, name, text, ledger.units, today) for name, text in fields.items()}
    return ChangeRequest(source.path, target.key, "amend", values, who, today, reason)


def preview(ledger: Ledger, request: ChangeRequest) -> Amended:
    """Return what a change would do; nothing is written.

    Raises:
        PermissionDeniedError, InvalidAmendmentError, UsageError: as `write` does.
    """
    _require_permission(ledger, request)
    return transform(ledger, request, (ledger.root / request.path).read_bytes())


def write(
    ledger: Ledger,
    request: ChangeRequest,
    *,
    repo: Repo,
    on_notice: Callable[[Notice], None] = lambda _: None,
) -> Amended:
    """Make the change and commit the file alone.

    Raises:
        PermissionDeniedError: when data/ledger.yaml names others for it.
        InvalidAmendmentError: when the file would break a rule.
        UsageError: when nothing would change.
        ExternalError: when git or the disk refuses; the file is then as it was.
    """
    _require_permission(ledger, request)
    amended: list[Amended] = []

    def change(raw: bytes) -> tuple[bytes, str]:
        amended[:] = [transform(ledger, request, raw)]
        return amended[0].text.encode("utf-8"), amended[0].message

    commit = rewrite(repo, ledger.root / request.path, change, on_notice=on_notice)
    return replace(amended[0], commit=commit)


def _require_permission(ledger: Ledger, request: ChangeRequest) -> None:
    path = PurePosixPath(request.path)
    identifier = f"{path.parent.name}-{path.stem}"
    department = ledger.history.in_charge(int(path.parent.parent.name), identifier, request.today)
    require_permission(ledger.config, department, request.who.email, request.act)


def transform(ledger: Ledger, request: ChangeRequest, raw: bytes) -> Amended:
    """Work out a change on a file's bytes.

    Raises:
        InvalidLedgerError: when the file holds errors already.
        InvalidAmendmentError: when it would hold one afterwards.
        UsageError: when nothing would change.
    """
    path = PurePosixPath(request.path)
    old = _sound(ledger, path, raw)
    if request.effective is not None:
        _require_open_day(ledger, old.commitment, request.effective)
    text = _edited(raw.decode("utf-8"), _loc(old, request.key), request)
    new = ledger.read_commitment(path, text.encode("utf-8"))
    if not isinstance(new, Source):
        raise InvalidAmendmentError(new)
    known = {(finding.code, finding.message) for finding in check_source(old, ledger)}
    new_findings = [
        finding for finding in check_source(new, ledger) if (finding.code, finding.message) not in known
    ]
    if new_findings:
        raise InvalidAmendmentError(new_findings)
    before, after = _item(old, request.key), _item(new, request.key)
    changes = tuple(
        Changed(name, getattr(before, name), getattr(after, name))
        for name in (*request.fields, *request.dropped)
        if getattr(before, name) != getattr(after, name)
    )
    if len(changes) < len(request.fields) + len(request.dropped):
        unchanged = next(name for name in request.fields if name not in {change.field for change in changes})
        raise UsageError(
            f"{FIELDS[unchanged]}本来就是 {wording(getattr(before, unchanged))}，没有改动", "核对要改成什么"
        )
    commitment = new.commitment
    is_commitment = isinstance(after, Commitment)
    return Amended(
        ref=commitment.id if is_commitment else f"{commitment.id}/{request.key}",
        name=commitment.title if isinstance(after, Commitment) else after.name,
        department=commitment.department,
        path=request.path,
        act=request.act,
        changes=changes,
        reason=request.reason,
        evidence=request.evidence,
        before=_status(ledger, old, before, request.today),
        after=_status(ledger, new, after, request.today, since=before),
        text=text,
    )


def _require_open_day(ledger: Ledger, commitment: Commitment, day: date) -> None:
    """Refuse to let a change take effect on a day outside the plan's period or in a sealed month.

    Raises:
        UsageError: for such a day.
    """
    if not commitment.start <= day <= commitment.end:
        raise UsageError(
            f"--from {day} 不在计划期内（{commitment.start} 至 {commitment.end}）", "改写 --from 的日期"
        )
    sealed = sealed_until(Repo.open(ledger.root))
    if sealed is not None and day <= sealed:
        raise UsageError(
            f"--from {day} 在已封账的月份里：{sealed:%Y-%m} 及以前各月不再改动",
            f"写 --from {sealed + timedelta(days=1)} 或以后的日期",
        )


def _edited(text: str, loc: tuple[str | int, ...], request: ChangeRequest) -> str:
    editor = Editor(text, last=_LAST)
    was = {name: editor.value(loc, name) for name in (*request.fields, *request.dropped)}
    for name, value in request.fields.items():
        editor.put(loc, name, value)
    for name in request.dropped:
        editor.drop(loc, name)
    if request.revises:
        editor.append(
            loc,
            "revisions",
            {
                "on": request.today,
                **({"from": request.effective} if request.effective else {}),
                "by": request.who.name,
                "reason": request.reason,
                "was": was,
            },
        )
    return editor.text


def _sound(ledger: Ledger, path: PurePosixPath, raw: bytes) -> Source:
    source = ledger.read_commitment(path, raw)
    if not isinstance(source, Source):
        raise InvalidLedgerError(source)
    return source


def _loc(source: Source, key: str | None) -> tuple[str | int, ...]:
    if key is None:
        return ()
    return "targets", [target.key for target in source.commitment.targets].index(key)


def _item(source: Source, key: str | None) -> Commitment | Target:
    if key is None:
        return source.commitment
    return next(target for target in source.commitment.targets if target.key == key)


def _status(
    ledger: Ledger, source: Source, item: Commitment | Target, today: date, since: Any = None
) -> TargetStatus | None:
    """Return where a target stands; refuse a change after which its entries could no longer be added up."""
    if isinstance(item, Commitment):
        return None
    policy = Policy.of(ledger.config, ledger.units)
    entries = [entry for entry in ledger.load_progress(source.commitment).entries if entry.target == item.key]
    if since is not None:
        known = {(problem.place.entry, problem.code) for problem in problems(since, entries, policy)}
        new_problems = [
            problem
            for problem in problems(item, entries, policy)
            if (problem.place.entry, problem.code) not in known
        ]
        if new_problems:
            raise InvalidAmendmentError(
                [
                    Finding(
                        problem.code,
                        f"已有的记录 {problem.place.entry}：{problem.message}",
                        place=Place(source.path),
                    )
                    for problem in new_problems
                ]
            )
    tally = fold(item, entries, as_of=today, policy=policy)
    return assess(source.commitment, item, tally, as_of=today, policy=policy)
