"""Records what a department reports: reads it, shows its effect, appends one line and makes one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ledger.core.models import Accumulate, Commitment, Entry, LedgerConfig, Target
from ledger.core.models.base import ValidationError, read_model
from ledger.core.progress import Policy, TargetStatus, assess, fold, problems, rate_used
from ledger.core.progress.entries import by_target, reporting
from ledger.core.progress.summary import status_text, subject_figures
from ledger.core.reading import Basis, Hints, read_figures
from ledger.core.structs import FrozenStruct, msgspec, replace
from ledger.files import layout, listing, lookup
from ledger.files.evidence import Attachment, read_evidence
from ledger.files.ids import new_id
from ledger.files.ledger import Ledger
from ledger.files.notices import Notice
from ledger.files.write import NewEntries, append
from ledger.git import Commit, Identity, Repo
from ledger.rules.gate import InvalidEntryError, PendingLine, WriteState, find_open_doubts, require_valid
from ledger.rules.sealed import sealed_until


class EntryRequest(FrozenStruct):
    """What somebody typed for one target. `figures` holds the figures given by name, `unit` the cell beside the amount.

    `on` is the day of the figure, `usual_day` where none is given. `unavailable` says that there is no figure this time.
    `confirm` takes the figure whatever is doubtful about it.
    """

    department: str
    target: str
    amount: str | None = None
    figures: Mapping[str, str] = msgspec.field(default_factory=dict)
    on: date | None = None
    basis: Basis | None = None
    unit: str = ""
    typed: bool = True
    by: str | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    simulated: bool = False
    late: bool = False
    reason: str | None = None
    unavailable: bool = False
    confirm: bool = False


class PendingEntry(FrozenStruct):
    """An entry that passed every check but is not written, where it would go, and what it changes.

    `named` is the entry it corrects or withdraws.
    """

    target_ref: lookup.TargetRef
    entry: Entry
    before: TargetStatus
    after: TargetStatus
    warnings: tuple[str, ...] = ()
    named: Entry | None = None

    @property
    def line(self) -> PendingLine:
        """The entry as the gate takes it."""
        return PendingLine(self.target_ref.commitment, self.target_ref.target, self.entry, self.named)

    @property
    def subject(self) -> str:
        """The commit's first line: `log(金融办): 新增上市公司 +2家 → 4家/6家 (66.7%)`."""
        figures = subject_figures(self.entry, self.target_ref.target)
        return f"log({self.target_ref.commitment.department}): {self.target_ref.target.name} {figures} → {status_text(self.after)}{_mark(self.entry)}"


class LogResult(FrozenStruct):
    """What was written, and the commit that holds it."""

    pending: tuple[PendingEntry, ...]
    commit: Commit


def prepare_entry(
    ledger: Ledger, year: int, request: EntryRequest, *, today: date, who: Identity
) -> PendingEntry:
    """Read one report strictly against its target, check it and compute its effect; nothing is written.

    Raises:
        UnknownDepartmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        UnreadableFigureError: a figure that cannot be read.
        LedgerError: of the gate (`ledger.rules.gate`).
        InvalidLedgerError: when a file it needs holds an error.
    """
    try:
        target_ref = lookup.target_of_department(ledger, year, request.department, request.target)
    except lookup.UnknownTargetError as error:
        owner = lookup.department(ledger, request.department)
        if waiting := listing.drafts(ledger.root, year, owner.name):
            raise lookup.UnconfirmedDraftError(request.target, owner.name, waiting, error.hint) from None
        raise
    return Batch.open(ledger, today, who).add_request(target_ref, request)


class Batch:
    """Lines that are prepared one after the other, each checked against the files and the lines before it."""

    def __init__(self, ledger: Ledger, today: date, who: Identity, sealed: date | None) -> None:
        self.ledger, self.today, self.who, self.sealed = ledger, today, who, sealed
        self.policy = Policy.of(ledger.config, ledger.units)
        self.pending: list[PendingEntry] = []
        self._lines: dict[str, list[Entry]] = {}

    @classmethod
    def open(cls, ledger: Ledger, today: date, who: Identity, repo: Repo | None = None) -> Batch:
        """Return an empty batch; nothing is read before it is needed but the seals."""
        return cls(ledger, today, who, sealed_until(repo or Repo.open(ledger.root)))

    def lines(self, commitment: Commitment) -> list[Entry]:
        """Return the lines of a commitment's file, those of the batch included.

        Raises:
            InvalidLedgerError: when the file holds an error.
        """
        if commitment.id not in self._lines:
            self._lines[commitment.id] = list(self.ledger.load_progress(commitment).entries)
        return self._lines[commitment.id]

    def add_request(self, target_ref: lookup.TargetRef, request: EntryRequest) -> PendingEntry:
        """Read what was typed for a target, and add it. Raises as `prepare` does."""
        return self.add(target_ref, self.entry(target_ref, request), confirm=request.confirm)

    def add(
        self, target_ref: lookup.TargetRef, entry: Entry, named: Entry | None = None, *, confirm: bool = False
    ) -> PendingEntry:
        """Check a line and compute its effect; with `confirm` it keeps what is doubtful about it.

        Raises:
            LedgerError: of the gate.
        """
        lines = self.lines(target_ref.commitment)
        state = WriteState(self.ledger.config, self.policy, self.today, self.who.email, self.sealed, lines)
        line = PendingLine(target_ref.commitment, target_ref.target, entry, named)
        if confirm and (doubts := find_open_doubts(line, state)):
            entry = replace(entry, confirmed=(*entry.confirmed, *(doubt.rule for doubt in doubts)))
            line = replace(line, entry=entry)
        require_valid(line, state)
        pending = self._effect(target_ref, entry, named, lines)
        lines.append(entry)
        self.pending.append(pending)
        return pending

    def entry(self, target_ref: lookup.TargetRef, request: EntryRequest) -> Entry:
        """Build the entry that a request means. Money in another currency records the dated rate by which it is counted.

        Raises:
            UnreadableFigureError: a figure that cannot be read, or not for this kind of target.
            InvalidEntryError: a text that no file can hold.
        """
        on = request.on or usual_entry_day(self.ledger.config, target_ref.commitment, self.today)
        hints = Hints(
            basis=request.basis,
            last_basis=self._last_basis(target_ref, on),
            unit=request.unit,
            typed=request.typed,
            named=request.figures,
        )
        figures: dict[str, Any] = {}
        if not request.unavailable:
            figures = read_figures(target_ref.target, request.amount, hints, self.policy.units)
        return checked_entry(
            {
                "id": new_id(),
                "on": on,
                "target": target_ref.target.key,
                "by": request.by or self.who.name,
                "note": request.note or None,
                "evidence": request.evidence,
                "late": request.late,
                "unavailable": request.unavailable,
                "reason": " ".join((request.reason or "").split()) or None,
                "simulated": "模拟数据" if request.simulated else None,
                "rate": rate_for(target_ref.target, figures, on, self.policy),
                **figures,
            }
        )

    def _last_basis(self, target_ref: lookup.TargetRef, on: date) -> Basis | None:
        """Return how the target's last figure up to a day was given."""
        if not isinstance(target_ref.target, Accumulate):
            return None
        entries = by_target(self.lines(target_ref.commitment)).get(target_ref.target.key, ())
        last = next((entry for entry in reversed(reporting(entries)) if entry.on <= on), None)
        return None if last is None else "add" if last.add is not None else "total"

    def _effect(
        self, target_ref: lookup.TargetRef, entry: Entry, named: Entry | None, lines: Sequence[Entry]
    ) -> PendingEntry:
        commitment, target = target_ref.commitment, target_ref.target
        earlier = [line for line in lines if line.target == target.key]
        known = {(problem.place.entry, problem.code) for problem in problems(target, earlier, self.policy)}
        # A late report can make a later one doubtful; that is for `check` to list, not a fault of this report.
        warnings = tuple(
            problem.message
            for problem in problems(target, [*earlier, entry], self.policy)
            if problem.place.entry != entry.id and (problem.place.entry, problem.code) not in known
        )
        before, after = (
            assess(
                commitment,
                target,
                fold(target, entries, as_of=self.today, policy=self.policy),
                as_of=self.today,
                policy=self.policy,
            )
            for entries in (earlier, [*earlier, entry])
        )
        return PendingEntry(target_ref, entry, before, after, warnings, named)


def collect_evidence(
    ledger: Ledger, year: int, texts: Sequence[str], cwd: Path
) -> tuple[tuple[str, ...], tuple[Attachment, ...]]:
    """Return items of evidence as entries write them, and the files among them, which are to be copied into the ledger.

    Raises:
        MissingEvidenceError, EvidenceTooLargeError: for a file that cannot be taken.
    """
    items = [read_evidence(text, cwd, year, ledger.config.evidence_limit) for text in texts if text.strip()]
    files = tuple(item for item in items if isinstance(item, Attachment))
    return tuple(str(item.path) if isinstance(item, Attachment) else item for item in items), files


def usual_entry_day(config: LedgerConfig, commitment: Commitment, today: date) -> date:
    """Return the day of a figure where none is given: the end of the month before until its reports are due, then today."""
    last_month = today.replace(day=1) - timedelta(days=1)
    return last_month if today.day <= config.due_day and commitment.start <= last_month else today


def checked_entry(fields: Mapping[str, Any]) -> Entry:
    """Return the entry of these fields.

    Raises:
        InvalidEntryError: when one is nothing that a file can hold, as half a character from a terminal of another encoding.
    """
    try:
        return read_model(Entry, fields)
    except ValidationError as error:
        raise InvalidEntryError(error.findings[0].message, error.findings[0].hint) from None


def rate_for(target: Target, figures: Mapping[str, Any], on: date, policy: Policy) -> str | None:
    """Return what an entry with these figures must record as its rate; None where no money is converted."""
    unit = getattr(target, "unit", None)
    texts = [figures[key] for key in ("add", "total", "value") if figures.get(key)]
    return rate_used(texts[0], unit, on, policy) if unit and texts else None


def write_entries(
    ledger: Ledger,
    pending: Sequence[PendingEntry],
    *,
    today: date,
    repo: Repo | None = None,
    author: Identity | None = None,
    committed: str | None = None,
    message: Callable[[Sequence[PendingEntry]], tuple[str, str]] | None = None,
    attachments: Sequence[Attachment] = (),
    notify: Callable[[Notice], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
) -> LogResult:
    """Append the entries and commit them, after checking them again under the ledger's lock.

    `author` and `committed` (ISO 8601) stand in for the user's own, as for generated data. `repo` is the one already
    opened, if any. `message` returns the commit's subject and body. `attachments` are the evidence files that the entries name.
    `notify` is called with what was done about the leftovers of a killed command. `check` is called under the lock and raises to stop the write.

    Raises:
        LedgerError: of the gate, when what somebody else wrote meanwhile makes an entry wrong.
        ExternalError: when git or the disk refuses; the files are then as they were.
    """
    repo = repo or Repo.open(ledger.root)
    who = author or repo.identity()
    latest = list(pending)
    words = message or (lambda lines: (entries_subject(lines), body(lines)))

    def check_again() -> None:
        check()
        batch = Batch.open(ledger, today, who, repo)
        latest[:] = [batch.add(item.target_ref, item.entry, item.named) for item in pending]

    additions: dict[Path, list[Entry]] = {}
    for item in pending:
        commitment = item.target_ref.commitment
        path = ledger.root / layout.progress_file(commitment.year, commitment.id)
        additions.setdefault(path, []).append(item.entry)
    commit = append(
        repo,
        ledger.root,
        NewEntries(
            list(additions.items()),
            subject=lambda: words(latest)[0],
            body=words(pending)[1],
            author=author,
            date=committed,
            attachments=attachments,
        ),
        check=check_again,
        on_notice=notify,
    )
    return LogResult(tuple(latest), commit)


def entries_subject(written: Sequence[PendingEntry]) -> str:
    """Return the commit's first line: the one entry and its effect, or how many entries of which departments."""
    if len(written) == 1:
        return written[0].subject
    departments = "、".join(dict.fromkeys(item.target_ref.commitment.department for item in written))
    return f"log({departments}): {len(written)} 条记录{_mark(written[0].entry)}"


def body(written: Sequence[PendingEntry]) -> str:
    """Return, for a commit of several entries, one line each: what was reported, whatever it changed."""
    if len(written) == 1:
        return ""
    return "\n".join(
        f"- {item.target_ref.ref} {item.target_ref.target.name} {subject_figures(item.entry, item.target_ref.target)}"
        for item in written
    )


def _mark(entry: Entry) -> str:
    return f"（{entry.simulated}）" if entry.simulated else ""
