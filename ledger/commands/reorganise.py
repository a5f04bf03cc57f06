"""Departments that change (机构改革): rename, merge, hand a commitment over; each is one dated fact in `data/ledger.yaml`.

The facts are kept by `core.models.departments`; no file moves and no id changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from ledger.core.errors import LedgerError
from ledger.core.findings import Finding
from ledger.core.models import Department, LedgerConfig, Reorganisation
from ledger.core.models.base import FieldError, dump_model
from ledger.core.models.departments import reorganised, require_consistent
from ledger.files import layout, lookup
from ledger.files.ledger import InvalidLedgerError, Ledger, read_document
from ledger.files.notices import Notice
from ledger.files.rewrite import rewrite
from ledger.files.yaml_editor import Editor
from ledger.files.yaml_reader import parse
from ledger.git import Commit, Identity, Repo
from ledger.rules.paths import name_fault
from ledger.rules.permissions import require_permission
from ledger.rules.reasons import require_reason
from ledger.rules.sealed import sealed_until

_EXAMPLE_REASON = "市机构改革方案〔2023〕1号"


class ReorganisationError(LedgerError):
    """A change of departments that cannot have happened, or not on that day."""

    code = "reorganisation"


@dataclass(frozen=True)
class Reorganised:
    """A change of departments and what it concerns; made, when it has a commit."""

    fact: Reorganisation
    commitments: tuple[str, ...]
    """The ids of those that get another department, of the plans whose period is not over on that day."""
    department: Department
    """The one they come to, with the people who may write for it."""
    commit: Commit | None = None
    text: str = field(default="", repr=False)

    @property
    def message(self) -> str:
        """The commit's message: `dept(金融办): 金融办更名为金融局，自 2023-07-01 起`, the reason, and the change as a trailer."""
        fact = self.fact
        sources = "、".join(fact.departments) or layout.folder_of(fact.commitment or "")
        names = "、".join(filter(None, [*fact.departments, fact.commitment]))
        return (
            f"dept({sources}): {fact.text}，自 {fact.on} 起\n\n理由：{fact.reason}\n\n"
            f"Ledger-Reorganisation: {fact.kind} {names} → {fact.to} {fact.on}\n"
        )


@dataclass(frozen=True)
class ReorganisationRequest:
    """What is common to the three acts: in which year's plan, from which day, why, by whom."""

    year: int
    on: date
    reason: str | None
    who: Identity

    def fact(self, what: str, **fields: Any) -> Reorganisation:
        """Return the change as it is recorded.

        Raises:
            MissingReasonError: without a reason.
            ReorganisationError: for a department that would become itself.
        """
        reason = require_reason(self.reason, what, _EXAMPLE_REASON)
        try:
            return Reorganisation(on=self.on, by=self.who.name, reason=reason, **fields)
        except FieldError as error:
            raise ReorganisationError(str(error), error.hint) from None


def rename(ledger: Ledger, old: str, new: str, request: ReorganisationRequest) -> Reorganisation:
    """Return the renaming of a department.

    Raises:
        MissingReasonError, UnknownDepartmentError: without a reason, or for a department that is not listed.
        ReorganisationError: for a name that is in use or cannot be one.
    """
    former = _standing(ledger, old, request.on)
    new = " ".join(new.split())
    if new == former.name:
        raise ReorganisationError(f"{new} 本来就叫这个名字，没有改动", "写新的名称")
    _require_name(new)
    if new not in former.aliases:
        merging = f"ledger dept merge {former.name} --into {new} --on {request.on}"
        _require_free(ledger, new, request.on, merging)
    return request.fact("部门更名", kind="rename", departments=(former.name,), to=new)


def merge(ledger: Ledger, names: Sequence[str], into: str, request: ReorganisationRequest) -> Reorganisation:
    """Return the merger of departments into a new one, or into one that stays.

    Raises:
        MissingReasonError, UnknownDepartmentError: without a reason, or for a department that is not listed.
        ReorganisationError: for a department that would be merged into itself, or one that alone would make a new one.
    """
    sources = tuple(dict.fromkeys(_standing(ledger, name, request.on).name for name in names))
    into = " ".join(into.split())
    listed = ledger.config.department(into)
    stays = listed is not None and ledger.history.exists(listed.name, request.on)
    if listed is not None and listed.name in sources:
        others = " ".join(name for name in sources if name != listed.name)
        raise ReorganisationError(
            f"{listed.name} 不能并入自己",
            f"并入它的写：ledger dept merge {others} --into {listed.name} --on {request.on} --reason 依据"
            if others
            else "只写要并入它的其他部门；改名用 ledger dept rename",
        )
    if listed is not None and stays:
        return request.fact("部门合并", kind="absorb", departments=sources, to=listed.name)
    if len(sources) == 1:
        raise ReorganisationError(
            f"没有叫“{into}”的部门；一个部门成为新的部门是更名",
            f"ledger dept rename {sources[0]} {into} --on {request.on} --reason 依据",
        )
    _require_name(into)
    _require_free(ledger, into, request.on, "")
    return request.fact("部门合并", kind="merge", departments=sources, to=into)


def transfer(ledger: Ledger, reference: str, to: str, request: ReorganisationRequest) -> Reorganisation:
    """Return the handing over of a commitment to another department.

    Raises:
        MissingReasonError, UnknownDepartmentError, UnknownCommitmentError: without a reason, or for what is not there.
        ReorganisationError: for a target, for the department that has it, for one that does not exist on that day.
    """
    if "/" in reference:
        raise ReorganisationError(
            "划转按承诺事项办理，不按单个目标", f"ledger transfer {reference.partition('/')[0]} {to}"
        )
    year = request.year
    commitment = lookup.commitment(ledger, year, reference).commitment
    if not commitment.start <= request.on <= commitment.end:
        raise ReorganisationError(
            f"--on {request.on} 不在 {commitment.id} 的计划期内（{commitment.start} 至 {commitment.end}）",
            "改写 --on 的日期",
        )
    heir = _listed(ledger, to).name
    if (ended := ledger.history.ended(heir, request.on)) is not None:
        now = ledger.history.name_on(heir, request.on, request.on)
        raise ReorganisationError(
            f"{heir} 已于 {ended.on} 不再存在（{ended.text}），不能划转给它",
            f"ledger transfer {commitment.id} {now} --on {request.on} --reason 依据",
        )
    if heir == ledger.history.in_charge(year, commitment.id, request.on):
        raise ReorganisationError(f"{commitment.id} 在 {request.on} 本来就由{heir}负责", "核对编号和部门")
    return request.fact("划转承诺", kind="transfer", commitment=commitment.id, year=year, to=heir)


def preview_reorganisation(ledger: Ledger, fact: Reorganisation, who: Identity) -> Reorganised:
    """Return what a change would do; nothing is written.

    Raises:
        PermissionDeniedError, ReorganisationError: as `write` does.
    """
    _require_permission(ledger, fact, who)
    return _transform(ledger, fact, ledger.raw)


def write_reorganisation(
    ledger: Ledger,
    fact: Reorganisation,
    who: Identity,
    *,
    repo: Repo,
    on_notice: Callable[[Notice], None] = lambda _: None,
) -> Reorganised:
    """Record the change in `data/ledger.yaml` and commit that file alone.

    Raises:
        PermissionDeniedError: when data/ledger.yaml names others for it.
        ReorganisationError: when it does not fit the changes before and after it, or its day is sealed.
        ExternalError: when git or the disk refuses; the file is then as it was.
    """
    _require_permission(ledger, fact, who)
    made: list[Reorganised] = []

    def change(raw: bytes) -> tuple[bytes, str]:
        made[:] = [_transform(ledger, fact, raw)]
        return made[0].text.encode("utf-8"), made[0].message

    commit = rewrite(repo, ledger.root / layout.CONFIG, change, on_notice=on_notice)
    return replace(made[0], commit=commit)


def _listed(ledger: Ledger, word: str) -> Department:
    """Return the department of that name or alias, whether or not it exists on the ledger's day."""
    department = ledger.config.department(word.strip())
    if department is None:
        raise lookup.UnknownDepartmentError(word, ledger.config)
    return department


def _standing(ledger: Ledger, word: str, day: date) -> Department:
    """Return the department of that name or alias; one that had ended before the day is refused, with what it is called now."""
    department = _listed(ledger, word)
    ended = ledger.history.ended(department.name, day)
    if ended is not None and ended.on < day:
        raise ReorganisationError(
            f"{department.name} 已于 {ended.on} 不再存在（{ended.text}）",
            f"写现在的名称：{ledger.history.name_on(department.name, day, day)}",
        )
    return department


def _require_name(name: str) -> None:
    """Refuse a name that cannot be that of a folder, or the beginning of an id."""
    if fault := "名字里有不能用的字符" if "/" in name or " " in name else name_fault(name):
        raise ReorganisationError(f"部门名不能用：{fault}", "换一个名字")


def _require_free(ledger: Ledger, name: str, day: date, instead: str) -> None:
    """Refuse a name that another department has."""
    listed = ledger.config.department(name)
    if listed is None or (listed.name == name and not ledger.history.exists(name, day)):
        return
    what = "这个部门" if listed.name == name else f"部门用它作别名：{listed.name}"
    raise ReorganisationError(
        f"已有{what}，不能再用“{name}”作新名称",
        f"要并入它：{instead} --reason 依据" if instead and listed.name == name else "换一个名称",
    )


def _require_permission(ledger: Ledger, fact: Reorganisation, who: Identity) -> None:
    for department in former_departments(ledger.config, fact):
        require_permission(ledger.config, department, who.email, "reorganise")


def former_departments(config: LedgerConfig, fact: Reorganisation) -> tuple[str, ...]:
    """Return the departments that a change takes something from."""
    if fact.commitment is None or fact.year is None:
        return fact.departments
    return (config.history.in_charge(fact.year, fact.commitment, fact.on),)


def _transform(ledger: Ledger, fact: Reorganisation, raw: bytes) -> Reorganised:
    """Work out a change on the bytes of `data/ledger.yaml`."""
    config = _read(raw)
    sealed = sealed_until(Repo.open(ledger.root))
    if sealed is not None and fact.on <= sealed:
        raise ReorganisationError(
            f"--on {fact.on} 在已封账的月份里：{sealed:%Y-%m} 及以前各月不再改动",
            f"写 --on {sealed + timedelta(days=1)} 或以后的日期",
        )
    departments = reorganised(config.departments, fact)
    try:
        require_consistent([row.name for row in departments], (*config.reorganisations, fact))
    except FieldError as error:
        raise ReorganisationError(
            str(error), "核对名称和日期；已有的机构变动在 data/ledger.yaml 的 reorganisations 里"
        ) from None
    text = _edited(raw.decode("utf-8"), config.departments, departments, fact)
    _read(text.encode("utf-8"))
    return Reorganised(
        fact,
        commitments=_concerned(ledger, config, fact),
        department=next(row for row in departments if row.name == fact.to),
        text=text,
    )


def _read(raw: bytes) -> LedgerConfig:
    document = parse(raw, str(layout.CONFIG))
    if isinstance(document, Finding):
        raise InvalidLedgerError((document,))
    config, findings = read_document(LedgerConfig, document, str(layout.CONFIG), None)
    if config is None:
        raise InvalidLedgerError(findings)
    return config


def _edited(
    text: str, before: Sequence[Department], after: Sequence[Department], fact: Reorganisation
) -> str:
    editor = Editor(text)
    old = {row.name: row for row in before}
    for number, row in enumerate(after):
        if row.name not in old:
            editor.insert(("departments",), number, _plain(row))
        elif row != old[row.name]:
            for key in ("aliases", "reporters", "reviewers"):
                if getattr(row, key) != getattr(old[row.name], key):
                    editor.put(("departments", number), key, list(getattr(row, key)))
    editor.append((), "reorganisations", _plain(fact))
    return editor.text


def _plain(model: Department | Reorganisation) -> Mapping[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in dump_model(model).items()
    }


def _concerned(ledger: Ledger, config: LedgerConfig, fact: Reorganisation) -> tuple[str, ...]:
    """Return the ids of the commitments that change hands, in the ledger's current plan."""
    if fact.commitment is not None:
        return (fact.commitment,)
    before = config.history
    return tuple(
        identifier
        for path in ledger.target_files(config.year)
        if before.in_charge(config.year, (identifier := f"{path.parent.name}-{path.stem}"), fact.on)
        in fact.departments
    )
