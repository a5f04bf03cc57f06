"""Departments that change (机构改革): renamed, merged, or a commitment handed over, each from a day on.

Folders and ids keep the names that the plan was signed with. `data/ledger.yaml` lists every department there ever was and, under
`reorganisations`, what became of it; `DepartmentHistory` answers from these facts what a department is called on a day and which
one is in charge of a commitment.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Annotated, Literal

from ledger.core.models.base import FieldError, Model, OneLine, Year, doc
from ledger.core.structs import Meta, replace


class Department(Model):
    """One department and the people who may write for it."""

    name: Annotated[OneLine, doc("部门名称")]
    aliases: Annotated[tuple[OneLine, ...], doc("别名、全称")] = ()
    inferred: Annotated[bool, doc("部门是系初步认定，待核实")] = False
    frequency: Annotated[
        Literal["每月", "每季", "每半年", "每年"] | None,
        doc("本部门的目标多久报一次；不写则每月，目标自己写了的照目标"),
    ] = None
    reporters: Annotated[tuple[OneLine, ...], doc("可为本部门记账的人（邮箱）；空则不限")] = ()
    reviewers: Annotated[tuple[OneLine, ...], doc("负责本部门的督查（邮箱）")] = ()


ReorganisationKind = Literal["rename", "merge", "absorb", "transfer"]
REORGANISATION_WORDS: dict[ReorganisationKind, str] = {
    "rename": "更名为", "merge": "合并组建", "absorb": "并入", "transfer": "划转",
}  # fmt: skip


class Reorganisation(Model):
    """One change of departments, or of the department in charge of one commitment, from a day on."""

    on: Annotated[date, doc("自哪天起算；此前的日子仍是原部门")]
    kind: Annotated[
        ReorganisationKind,
        doc(
            "rename 更名；merge 几个部门合并组建新部门；absorb 并入保留的部门；transfer 一项承诺划转给另一部门"
        ),
    ]
    departments: Annotated[tuple[OneLine, ...], doc("更名、合并、并入的：原部门")] = ()
    commitment: Annotated[
        Annotated[str, Meta(pattern=r"^[^\s/\\]+-[0-9]{2}\Z")] | None, doc("划转的：哪项承诺，如 金融办-03")
    ] = None
    year: Annotated[Year | None, doc("划转的：哪一年度的承诺")] = None
    to: Annotated[OneLine, doc("新部门")]
    by: Annotated[OneLine, doc("谁记的")]
    reason: Annotated[OneLine, doc("依据，如 机构改革方案文号")]

    def __post_init__(self) -> None:
        if self.kind == "transfer":
            if self.commitment is None or self.year is None or self.departments:
                raise FieldError("划转（transfer）要写 commitment 和 year，不写 departments")
            return
        if self.commitment is not None or self.year is not None or not self.departments:
            raise FieldError(f"机构变动（{self.kind}）要写 departments，不写 commitment 和 year")
        if self.kind == "rename" and len(self.departments) != 1:
            raise FieldError("更名（rename）的 departments 只写一个原名")
        if self.to in self.departments:
            raise FieldError(f"{self.to} 不能{'更名为' if self.kind == 'rename' else '并入'}自己")

    @property
    def founds(self) -> bool:
        """Whether the department it ends in begins with it."""
        return self.kind in {"rename", "merge"}

    @property
    def text(self) -> str:
        """`金融办更名为金融局`, `金融办-03 划转给国资委`."""
        if self.kind == "transfer":
            return f"{self.commitment} 划转给{self.to}"
        return f"{'、'.join(self.departments)}{REORGANISATION_WORDS[self.kind]}{self.to}"


class DepartmentHistory:
    """Names of a ledger's departments on any day, and the department in charge of each commitment.

    Where several changes concern a department, they follow one another by their dates.
    """

    def __init__(self, names: Sequence[str], reorganisations: Iterable[Reorganisation]) -> None:
        facts = sorted(reorganisations, key=lambda fact: fact.on)
        self.names = tuple(names)
        self.moves = tuple(fact for fact in facts if fact.kind != "transfer")
        self.transfers: dict[tuple[int, str], list[Reorganisation]] = {}
        for fact in facts:
            if fact.year is not None and fact.commitment is not None:
                self.transfers.setdefault((fact.year, fact.commitment), []).append(fact)

    def __bool__(self) -> bool:
        """Whether anything ever changed."""
        return bool(self.moves or self.transfers)

    def exists(self, name: str, day: date) -> bool:
        """Return whether there is a department of this name on a day."""
        exists: bool | None = None
        for fact in self.moves:
            if name in fact.departments:
                after = False
            elif name == fact.to and fact.founds:
                after = True
            else:
                continue
            if fact.on > day:
                return (not after) if exists is None else exists
            exists = after
        return True if exists is None else exists

    def ended(self, name: str, day: date) -> Reorganisation | None:
        """Return the change by which a department had ended on a day; None where it exists, or has yet to begin."""
        if self.exists(name, day):
            return None
        return next(
            (fact for fact in reversed(self.moves) if fact.on <= day and name in fact.departments), None
        )

    def founded(self, name: str) -> Reorganisation | None:
        """Return the first change by which a department came to be; None for one that was there from the start."""
        return next((fact for fact in self.moves if fact.founds and fact.to == name), None)

    def name_on(self, name: str, since: date, day: date) -> str:
        """Return what the department that was called `name` on the day `since` is called on a later day."""
        ended = self.ended(name, since)
        start = since if ended is None else ended.on
        for fact in self.moves:
            if fact.on > day:
                break
            if name in fact.departments and (fact.on > start or fact is ended):
                name = fact.to
        return name

    def resolve(self, name: str, day: date) -> tuple[str, ...]:
        """Return the departments of a day that a name of any time means: more than one before a merger."""
        if self.exists(name, day):
            return (name,)
        if self.ended(name, day) is not None:
            return (self.name_on(name, day, day),)
        founded = self.founded(name)
        sources = founded.departments if founded else ()
        return tuple(dict.fromkeys(folder for source in sources for folder in self.resolve(source, day)))

    def in_charge(self, year: int, commitment: str, day: date) -> str:
        """Return the department in charge of a commitment (`金融办-03`) of a year's plan on a day."""
        name, since = commitment.rpartition("-")[0], date(year, 1, 1)
        for fact in self.transfers.get((year, commitment), ()):
            if fact.on <= day:
                name, since = fact.to, fact.on
        return self.name_on(name, since, day)

    def changes_of(self, year: int, commitment: str) -> tuple[Reorganisation, ...]:
        """Return every change of the department in charge of a commitment, oldest first."""
        signed = date(year, 1, 1)
        facts = [*self.moves, *self.transfers.get((year, commitment), ())]
        changes = []
        before = self.in_charge(year, commitment, signed)
        for day in sorted({fact.on for fact in facts if fact.on > signed}):
            after = self.in_charge(year, commitment, day)
            if after != before:
                changes.append(next(fact for fact in facts if fact.on == day and fact.to == after))
            before = after
        return tuple(changes)

    def folders(self, year: int, folders: Iterable[str], names: Collection[str], day: date) -> frozenset[str]:
        """Return those folders of a year's plan that hold commitments for which one of `names` is in charge on a day."""
        named = {folder for folder in folders if self.name_on(folder, date(year, 1, 1), day) in names}
        for plan_year, commitment in self.transfers:
            if plan_year == year and self.in_charge(year, commitment, day) in names:
                named.add(commitment.rpartition("-")[0])
        return frozenset(named)


def require_consistent(names: Sequence[str], reorganisations: Sequence[Reorganisation]) -> None:
    """Check that the changes can have happened one after another.

    Raises:
        FieldError: naming the first that cannot.
    """
    history = DepartmentHistory(names, reorganisations)
    for number, fact in enumerate(history.moves):
        problem = _move_problem(fact, DepartmentHistory(names, history.moves[:number]))
        if problem:
            raise FieldError(f"机构变动 {fact.on} {fact.text}：{problem}")
    for facts in history.transfers.values():
        for number, fact in enumerate(facts):
            if problem := _transfer_problem(fact, history, facts[:number]):
                raise FieldError(f"机构变动 {fact.on} {fact.text}：{problem}")


def _move_problem(fact: Reorganisation, past: DepartmentHistory) -> str | None:
    """Return why a change cannot follow those before it; None where it can."""
    for name in (*fact.departments, fact.to):
        if name not in past.names:
            return f"部门 {name} 不在名单里"
    for name in fact.departments:
        for other in past.moves:
            if other.on == fact.on and name in (*other.departments, other.to):
                return f"同一天已有一次变动（{other.text}），一天只能变一次"
        if ended := past.ended(name, fact.on):
            return f"{name} 已于 {ended.on} 不再存在（{ended.text}）"
    exists = past.exists(fact.to, fact.on)
    if not fact.founds:
        return None if exists else f"{fact.to} 在这一天不存在"
    is_known = any(fact.to in (*other.departments, other.to) for other in past.moves)
    return f"{fact.to} 已有这个部门" if is_known and exists else None


def _transfer_problem(
    fact: Reorganisation, history: DepartmentHistory, earlier: Sequence[Reorganisation]
) -> str | None:
    if fact.to not in history.names:
        return f"部门 {fact.to} 不在名单里"
    if not history.exists(fact.to, fact.on):
        return f"{fact.to} 在这一天不存在"
    if any(other.on == fact.on for other in earlier):
        return "同一天已有一次划转，一天只能变一次"
    return None


def _without_alias(department: Department, alias: str) -> Department:
    if alias not in department.aliases:
        return department
    return replace(department, aliases=tuple(name for name in department.aliases if name != alias))


def reorganised(departments: Sequence[Department], fact: Reorganisation) -> tuple[Department, ...]:
    """Return the list of departments after a change: a new one stands behind the first that it follows.

    Who may write for the departments that end may write for the one they end in. Those that end stay listed; an alias of theirs
    that becomes the new name is theirs no more.
    """
    if fact.kind == "transfer":
        return tuple(departments)
    if fact.founds:
        departments = [
            _without_alias(row, fact.to) if row.name in fact.departments else row for row in departments
        ]
    ending = [department for department in departments if department.name in fact.departments]
    existing = next((department for department in departments if department.name == fact.to), None)
    heirs = [*filter(None, [existing if fact.kind == "absorb" else None]), *ending]
    reporters = tuple(dict.fromkeys(email for heir in heirs for email in heir.reporters))
    reviewers = tuple(dict.fromkeys(email for heir in heirs for email in heir.reviewers))
    if existing is not None:
        joined = replace(existing, reporters=reporters, reviewers=reviewers)
        return tuple(joined if department is existing else department for department in departments)
    frequencies = {department.frequency for department in ending}
    frequency = frequencies.pop() if len(frequencies) == 1 else None
    new = Department(name=fact.to, frequency=frequency, reporters=reporters, reviewers=reviewers)
    place = min((number for number, department in enumerate(departments) if department in ending), default=-1)
    return (*departments[: place + 1], new, *departments[place + 1 :])
