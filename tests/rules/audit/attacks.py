"""Twenty-odd ways to falsify a ledger, each a function that does it in the attacker's clone and says what to push.

Each names the rule by which `audit` and `guard` must name it, and where.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from ledger.core.models import Entry
from ledger.files.entryfile import read_progress
from tests.rules.audit.city import ADMIN, COMMERCE_FILE, FINANCE_FILE, LI, ZHANG, City

Deed = Callable[[City], "tuple[str, ...] | None"]
TARGETS = "data/targets/2023/金融办/01.yaml"


Where = tuple[str | None, str | None, int | None]
"""A commit, named as git names it in the attacker's clone, a path and a line; None for what a finding does not have."""


@dataclass(frozen=True)
class Attack:
    """A deed, the rule that names it and where, and the guard's rule where a server refuses it for another reason."""

    deed: Deed
    rule: str
    places: tuple[Where, ...]
    refused_as: str


ATTACKS: dict[str, Attack] = {}
SIGNED: dict[str, Attack] = {}


def attack(
    name: str, rule: str, *places: Where, refused_as: str = "", signed: bool = False
) -> Callable[[Deed], Deed]:
    def register(deed: Deed) -> Deed:
        (SIGNED if signed else ATTACKS)[name] = Attack(deed, rule, places, refused_as or rule)
        return deed

    return register


def entries(city: City) -> tuple[Entry, ...]:
    return read_progress(FINANCE_FILE, (city.clone / FINANCE_FILE).read_bytes()).entries


@attack("own figure edited", "edited", ("HEAD", FINANCE_FILE, 2))
def edited(city: City) -> None:
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    city.commit()


@attack("edited and restored", "edited", ("HEAD", FINANCE_FILE, 2), ("HEAD~1", FINANCE_FILE, 2))
def restored(city: City) -> None:
    before = city.read(FINANCE_FILE)
    edited(city)
    city.write(FINANCE_FILE, before)
    city.commit("恢复")


@attack("line deleted and put back", "deleted", ("HEAD~1", FINANCE_FILE, 3))
def put_back(city: City) -> None:
    """For a while the ledger did not count it; every version is a beginning of the last one."""
    before = city.read(FINANCE_FILE)
    city.write(FINANCE_FILE, "".join(before.splitlines(keepends=True)[:-1]))
    city.commit()
    city.write(FINANCE_FILE, before)
    city.commit("恢复")


@attack("line deleted", "deleted", ("HEAD", FINANCE_FILE, 3))
def deleted(city: City) -> None:
    city.write(FINANCE_FILE, "".join(city.read(FINANCE_FILE).splitlines(keepends=True)[:-1]))
    city.commit()


@attack("lines reordered", "reordered", ("HEAD", FINANCE_FILE, 1))
def reordered(city: City) -> None:
    city.write(FINANCE_FILE, "".join(reversed(city.read(FINANCE_FILE).splitlines(keepends=True))))
    city.commit()


@attack("line inserted mid-file", "inserted", ("HEAD", FINANCE_FILE, 2))
def inserted(city: City) -> None:
    city.entry(FINANCE_FILE, place=1)


@attack("commit back-dated", "clock", ("HEAD", None, None), ("HEAD", FINANCE_FILE, 4))
def back_dated(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    then = "2023-06-16T09:00:00+08:00"
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE=then, GIT_COMMITTER_DATE=then)


@attack("author time alone back-dated", "clock", ("HEAD", FINANCE_FILE, 4))
def author_back_dated(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE="2023-06-16T09:00:00+08:00")


@attack("entry put into a sealed month", "sealed", ("HEAD", FINANCE_FILE, 4))
def into_sealed_month(city: City) -> None:
    city.entry(FINANCE_FILE, on="2023-02-10")


@attack("logged for another department", "role", ("HEAD", COMMERCE_FILE, 2))
def other_department(city: City) -> None:
    city.entry(COMMERCE_FILE, target="overseas", add="1亿美元")


@attack("goal lowered", "goal", ("HEAD", TARGETS, 12))
def goal_lowered(city: City) -> None:
    city.be(ADMIN)
    city.change(TARGETS, "goal: {at_least: 6 家}", "goal: {at_least: 4 家}")
    city.commit()


@attack("goal lowered late in the year, with a reason", "goal-lowered", ("HEAD", TARGETS, 12))
def goal_lowered_late(city: City) -> None:
    city.be(ADMIN)
    revision = "\n    revisions:\n      - {on: 2023-11-20, by: 管理员, reason: 形势变化, was: {goal: {at_least: 6 家}}}"
    city.change(TARGETS, "    goal: {at_least: 6 家}", "    goal: {at_least: 4 家}" + revision)
    city.commit()


@attack("target removed", "goal", ("HEAD", TARGETS, None))
def target_removed(city: City) -> None:
    city.be(ADMIN)
    text = city.read(TARGETS)
    start = text.index("  - key: front")
    city.write(TARGETS, text[:start])
    city.commit()


@attack("file renamed", "renamed", ("HEAD", FINANCE_FILE, None))
def renamed(city: City) -> None:
    city.git("mv", FINANCE_FILE, FINANCE_FILE.replace("01.yaml", "02.yaml"))
    city.commit()


@attack("file deleted", "removed", ("HEAD", FINANCE_FILE, None))
def removed(city: City) -> None:
    city.git("rm", "--quiet", FINANCE_FILE)
    city.commit()


@attack("file made a symbolic link", "symlink", ("HEAD", FINANCE_FILE, None))
def symlinked(city: City) -> None:
    file = city.clone / FINANCE_FILE
    (city.clone / "notes.yaml").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(os.path.relpath(city.clone / "notes.yaml", file.parent))
    city.commit()


@attack("file made executable", "mode", ("HEAD", FINANCE_FILE, None))
def executable(city: City) -> None:
    city.git("update-index", "--chmod=+x", FINANCE_FILE)
    city.git("commit", "--quiet", "--message", "改动")


@attack("-diff attribute hides a file", "policy", ("HEAD", ".gitattributes", None))
def undiffed(city: City) -> None:
    city.write(".gitattributes", city.read(".gitattributes") + "data/progress/** -diff\n")
    city.commit()


@attack("line ends turned to CRLF", "edited", ("HEAD", FINANCE_FILE, 1))
def crlf(city: City) -> None:
    blob = city.clone / "crlf"
    blob.write_bytes(city.read(FINANCE_FILE).replace("\n", "\r\n").encode())
    name = city.git("hash-object", "-w", "--no-filters", str(blob))
    blob.unlink()
    city.git("update-index", "--cacheinfo", f"100644,{name},{FINANCE_FILE}")
    city.git("commit", "--quiet", "--message", "改动")


@attack("NUL put into a file", "encoding", ("HEAD", FINANCE_FILE, 4))
def nul(city: City) -> None:
    file = city.clone / FINANCE_FILE
    file.write_bytes(file.read_bytes() + b"- {\0}\n")
    city.commit()


@attack("history rewritten and force-pushed", "rewritten", ("ORIG_HEAD", None, None), refused_as="ref")
def forced(city: City) -> None:
    city.git("reset", "--quiet", "--hard", "HEAD~1")
    city.entry(FINANCE_FILE)


@attack("new branch", "branch", ("HEAD", None, None), refused_as="ref")
def branch(city: City) -> tuple[str, ...]:
    return ("main:refs/heads/真账",)


@attack("tag moved", "seal", (None, None, None), *[("HEAD", None, None)] * 6, refused_as="ref")
def tag_moved(city: City) -> tuple[str, ...]:
    city.git("tag", "--annotate", "--force", "--message", "2023-02 封账", "seal/2023-02", "HEAD")
    return ("refs/tags/seal/2023-02",)


@attack("tag that is no seal", "seal", ("HEAD", None, None), refused_as="ref")
def tag_forged(city: City) -> tuple[str, ...]:
    city.git("tag", "seal/2023-03", "HEAD")
    return ("refs/tags/seal/2023-03",)


@attack("seal deleted", "seal", (None, None, None), ("HEAD~1", None, None), refused_as="ref")
def seal_deleted(city: City) -> tuple[str, ...]:
    return (":refs/tags/seal/2023-01",)


@attack("last seal deleted", "seal", (None, None, None), refused_as="ref")
def last_seal_deleted(city: City) -> tuple[str, ...]:
    return (":refs/tags/seal/2023-02",)


@attack("policy file changed", "policy", ("HEAD", "data/ledger.yaml", None))
def policy(city: City) -> None:
    city.change("data/ledger.yaml", f"admins: [{ADMIN}]", f"admins: [{ZHANG}]")
    city.commit()


@attack("made himself a reporter and used it", "role", ("HEAD", COMMERCE_FILE, 2))
def self_appointed(city: City) -> None:
    city.change("data/ledger.yaml", LI, f"{LI}, {ZHANG}")
    entry = city.entry(COMMERCE_FILE, target="overseas", add="1亿美元", commit=False)
    city.commit(city.message(COMMERCE_FILE, entry))


@attack("mailmap", "mailmap", ("HEAD", ".mailmap", None))
def mailmap(city: City) -> None:
    city.write(".mailmap", f"李四 <{LI}> <{ZHANG}>\n")
    city.commit()


@attack("replace ref", "replace", ("HEAD~1", None, None), refused_as="ref")
def replaced(city: City) -> tuple[str, ...]:
    old = city.git("rev-parse", "HEAD~1")
    city.git("replace", old, "HEAD~2")
    return (f"refs/replace/{old}",)


@attack("evil merge", "merge", ("HEAD", None, None))
def evil_merge(city: City) -> None:
    city.git("switch", "--quiet", "--create", "side", "HEAD~1")
    city.commit("旁支")
    city.git("switch", "--quiet", "main")
    city.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    city.change(FINANCE_FILE, '"2家"', '"5家"')
    city.commit("Merge branch 'side'")


@attack("edit hidden in a merge", "edited", ("HEAD", FINANCE_FILE, 2))
def edit_in_merge(city: City) -> None:
    evil_merge(city)


@attack("id used again", "duplicate", ("HEAD", FINANCE_FILE, 4))
def id_reused(city: City) -> None:
    first = entries(city)[0]
    entry = city.entry(FINANCE_FILE, id=first.id, commit=False)
    city.commit(city.message(FINANCE_FILE, entry))


@attack("trailers that tell another story", "trailer", ("HEAD", None, None), ("HEAD", FINANCE_FILE, 4))
def false_trailers(city: City) -> None:
    city.entry(FINANCE_FILE, commit=False)
    city.commit(city.message(FINANCE_FILE, entries(city)[0]))


@attack("another's name with own key", "signer", ("HEAD", None, None), signed=True)
def other_name(city: City) -> None:
    entry = city.entry(COMMERCE_FILE, target="overseas", add="1亿美元", commit=False)
    city.be(LI, "李四")
    city.git("config", "user.signingkey", str(city.keys / "zhang"))
    city.commit(city.message(COMMERCE_FILE, entry))


@attack(
    "expired key with a back-dated commit",
    "clock",
    ("HEAD", None, None),
    ("HEAD", FINANCE_FILE, 4),
    refused_as="signature",
    signed=True,
)
def expired_key(city: City) -> None:
    entry = city.entry(FINANCE_FILE, commit=False)
    city.git("config", "user.signingkey", str(city.keys / "old"))
    then = "2022-12-01T09:00:00+08:00"
    city.commit(city.message(FINANCE_FILE, entry), GIT_AUTHOR_DATE=then, GIT_COMMITTER_DATE=then)


@attack("no signature", "signature", ("HEAD", None, None), signed=True)
def unsigned(city: City) -> None:
    city.git("config", "commit.gpgsign", "false")
    city.entry(FINANCE_FILE)


@attack("a key nobody knows", "signature", ("HEAD", None, None), signed=True)
def unknown_key(city: City) -> None:
    from tests.rules.audit.conftest import key

    key(city.folder, "stranger")
    city.git("config", "user.signingkey", str(city.folder / "stranger"))
    city.entry(FINANCE_FILE)


@attack(
    "own key smuggled into the list of signers",
    "policy",
    ("HEAD~1", "keys/allowed_signers", None),
    refused_as="signature",
    signed=True,
)
def smuggled_key(city: City) -> None:
    from tests.rules.audit.conftest import key

    city.write(
        "keys/allowed_signers", city.read("keys/allowed_signers") + f"{LI} {key(city.folder, 'stranger')}\n"
    )
    city.commit()
    city.be(LI, "李四")
    city.git("config", "user.signingkey", str(city.folder / "stranger"))
    city.entry(COMMERCE_FILE, target="overseas", add="1亿美元")
