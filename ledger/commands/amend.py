"""Changes a signed commitment: only with a reason, and the former value stays in the file; also rates and closes.

What a change means is worked out on bytes (`transform`), so that a preview and the write under the lock do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ledger.core.errors import UsageError
from ledger.core.evidence import evidence_text
from ledger.core.models import Commitment, Entry, Target
from ledger.core.progress import Policy, TargetStatus, assess, fold
from ledger.core.progress.revisions import FIELDS, wording
from ledger.files.evidence import Attachment
from ledger.files.fieldtext import read_field
from ledger.files.ledger import InvalidLedgerError, Ledger, Source
from ledger.files.lookup import resolve
from ledger.files.notices import Notice
from ledger.files.rewrite import rewrite
from ledger.files.yaml_editor import Editor
from ledger.git import Commit, Identity, Repo
from ledger.rules.gate import InvalidAmendmentError, PendingChange, PlanState, require_valid
from ledger.rules.permissions import Action
from ledger.rules.reasons import require_reason
from ledger.rules.sealed import sealed_until

_LAST = ("closed", "revisions")
EXAMPLE_REASON = "市政府专题会议纪要〔2023〕5号"
"""The kind of reason for which a commitment is changed."""


class EditContext(NamedTuple):
    """In which year's plan somebody changes commitments, who, on what day, and from which folder files are named."""

    ledger: Ledger
    year: int
    today: date
    who: Identity
    cwd: Path = Path()


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
    attachments: tuple[Attachment, ...] = ()
    """The evidence files that are to be copied into the ledger."""


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
        notes += [f"佐证：{'、'.join(map(evidence_text, self.evidence))}"] if self.evidence else []
        trailers = [f"Ledger-Amend: {self.ref} {change.field}" for change in self.changes]
        return "\n\n".join((title, *(["\n".join(notes)] if notes else []), "\n".join(trailers))) + "\n"


def amend(
    context: EditContext, ref: str, fields: Mapping[str, str | Sequence[str]], reason: str | None
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
    source, target = resolve(context.ledger, context.year, ref)
    if target is None:
        keys = "、".join(target.key for target in source.commitment.targets)
        raise UsageError(
            f"{source.commitment.id} 有 {len(source.commitment.targets)} 个目标，没有写改哪一个",
            f"写成 {source.commitment.id}/代号；代号：{keys}",
        )
    values = {
        name: read_field(target, name, text, context.ledger.units, context.today)
        for name, text in fields.items()
    }
    return ChangeRequest(source.path, target.key, "amend", values, context.who, context.today, reason)


def preview_amendment(ledger: Ledger, request: ChangeRequest) -> Amended:
    """Return what a change would do; nothing is written.

    Raises:
        LedgerError: as `write` does.
    """
    return transform(ledger, request, (ledger.root / request.path).read_bytes())


def write_amendment(
    ledger: Ledger,
    request: ChangeRequest,
    *,
    repo: Repo,
    on_notice: Callable[[Notice], None] = lambda _: None,
) -> Amended:
    """Make the change and commit the file, with the evidence files it names.

    Raises:
        LedgerError: of the gate (`ledger.rules.gate`).
        UsageError: when nothing would change.
        ExternalError: when git or the disk refuses; the file is then as it was.
    """
    amended = [preview_amendment(ledger, request)]

    def change(raw: bytes) -> tuple[bytes, str]:
        amended[:] = [transform(ledger, request, raw)]
        return amended[0].text.encode("utf-8"), amended[0].message

    commit = rewrite(
        repo,
        ledger.root / request.path,
        change,
        root=ledger.root,
        attachments=request.attachments,
        day=request.today,
        on_notice=on_notice,
    )
    return replace(amended[0], commit=commit)


def transform(ledger: Ledger, request: ChangeRequest, raw: bytes) -> Amended:
    """Work out a change on a file's bytes, and check it.

    Raises:
        InvalidLedgerError: when the file holds errors already.
        InvalidAmendmentError: when it would hold one afterwards.
        LedgerError: of the gate.
        UsageError: when nothing would change.
    """
    path = PurePosixPath(request.path)
    old = _sound(ledger, path, raw)
    text = _edited(raw.decode("utf-8"), _loc(old, request.key), request)
    new = ledger.read_commitment(path, text.encode("utf-8"))
    if not isinstance(new, Source):
        raise InvalidAmendmentError(new)
    lines = ledger.load_progress(old.commitment).entries
    _require_valid(ledger, request, old, new, lines)
    before, after = _item(old, request.key), _item(new, request.key)
    commitment = new.commitment
    is_commitment = isinstance(after, Commitment)
    return Amended(
        ref=commitment.id if is_commitment else f"{commitment.id}/{request.key}",
        name=commitment.title if isinstance(after, Commitment) else after.name,
        department=commitment.department,
        path=request.path,
        act=request.act,
        changes=_changed(request, before, after),
        reason=request.reason,
        evidence=request.evidence,
        before=_status(ledger, old, before, lines, request.today),
        after=_status(ledger, new, after, lines, request.today),
        text=text,
    )


def _require_valid(
    ledger: Ledger, request: ChangeRequest, old: Source, new: Source, lines: Sequence[Entry]
) -> None:
    commitment = old.commitment
    department = ledger.history.in_charge(commitment.year, commitment.id, request.today)
    pending = PendingChange(department, request.act, old, new, request.key, request.effective)
    sealed = sealed_until(Repo.open(ledger.root)) if request.effective is not None else None
    require_valid(pending, PlanState(ledger, request.who.email, sealed, lines))


def _changed(request: ChangeRequest, before: Any, after: Any) -> tuple[Changed, ...]:
    """Return the fields that change.

    Raises:
        UsageError: when one of those asked for does not.
    """
    names = (*request.fields, *request.dropped)
    changes = tuple(
        Changed(name, getattr(before, name), getattr(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    )
    unchanged = set(names) - {change.field for change in changes}
    for name in (name for name in names if name in unchanged):
        raise UsageError(
            f"{FIELDS[name]}本来就是 {wording(getattr(before, name))}，没有改动", "核对要改成什么"
        )
    return changes


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
    ledger: Ledger, source: Source, item: Commitment | Target, lines: Sequence[Entry], today: date
) -> TargetStatus | None:
    """Return where a target stands."""
    if isinstance(item, Commitment):
        return None
    policy = Policy.of(ledger.config, ledger.units)
    tally = fold(item, lines, as_of=today, policy=policy)
    return assess(source.commitment, item, tally, as_of=today, policy=policy)
