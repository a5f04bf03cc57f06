"""Finds the last sealed day, and the seals that a printed page may name.

Every `log` imports this module: the code that reads seals is imported only where there are seals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.files.seal_note import pending_seal
from ledger.git import DetachedHeadError, Repo

if TYPE_CHECKING:
    from ledger.rules.audit.seals import Seal


def sealed_until(repo: Repo) -> date | None:
    """Return the last day that is sealed: an entry dated on it or before must say `late` and why; None before the first seal."""
    if not repo.may_have_tags("seal"):
        return None
    from ledger.rules.audit import seals

    return seals.last_sealed_day(confirmed_seals(repo))


def confirmed_seals(repo: Repo, known: Sequence[Seal] | None = None) -> list[Seal]:
    """Return the chain of seals without one that is being made: it does not count before the server has it.

    `known` is the chain where it was read already.
    """
    if known is None:
        if not repo.may_have_tags("seal"):
            return []
        from ledger.rules.audit import seals

        known, _ = seals.read_seals(repo)
    pending = pending_seal(repo)
    return [seal for seal in known if f"refs/tags/{seal.name}" != pending]


PATIENCE = 10
"""Seconds to wait for a server that is only asked which seals it has."""


class ServerSeals(NamedTuple):
    """The seals of the server: objects by name (`seal/2023-06`); `fresh` as it says now, else as the last fetch saw them."""

    server: str
    objects: Mapping[str, str]
    fresh: bool


class PrintableSeals(NamedTuple):
    """The seals in force that a page may name, and notices: what is left out and why, and where the server was not asked."""

    seals: Sequence[Seal]
    notices: Sequence[str] = ()
    asked: bool = True
    """Whether the server said so now. Also true for a ledger without a server, whose own seals are all there are."""
    has_server: bool = False


def read_server_seals(repo: Repo) -> ServerSeals | None:
    """Ask the server for its seals; where it does not answer, return those seen at the last fetch. None without a server."""
    from ledger.git.remote import Remote
    from ledger.git.remote_errors import NoRemoteError, RemoteAccessError, RemoteUnreachableError
    from ledger.rules.audit.seals import PREFIX

    try:
        remote = Remote.of(repo)
    except NoRemoteError:
        return None
    except DetachedHeadError:
        if not repo.git.text("remote"):
            return None
        name, kept = "", "refs/ledger/sealed/"
    else:
        try:
            refs = remote.server_refs(f"{PREFIX}*", patience=PATIENCE)
        except (RemoteUnreachableError, RemoteAccessError):
            name, kept = remote.name, remote.sealed
        else:
            return ServerSeals(remote.name, {_short(ref): target for ref, target in refs.items()}, True)
    fetched = {f"seal/{ref.name.rpartition('/')[2]}": ref.object for ref in repo.refs(kept)}
    return ServerSeals(name, fetched, False)


def printable_seals(repo: Repo, known: Sequence[Seal] | None = None) -> PrintableSeals:
    """Return the seals in force that the server has, for a page that goes out: a seal that only this machine has vouches for nothing.

    `known` is the chain of seals where it was read already.
    """
    from ledger.rules.audit.seals import standing

    chain = confirmed_seals(repo, known)
    in_force = standing(chain)
    server = read_server_seals(repo) if chain or repo.git.text("remote") else None
    if server is None:
        return PrintableSeals(in_force)
    missing = sorted(server.objects.keys() - {seal.name for seal in chain})
    reopened = min(
        (name[len("seal/") : len("seal/2023-06")] for name in missing if "-reopened" in name), default="9999"
    )
    printable = [
        seal for seal in in_force if server.objects.get(seal.name) == seal.id and seal.label < reopened
    ]
    notices = []
    if not server.fresh and in_force:
        notices.append("没有连上服务器，封账号以上次同步时服务器上的为准；联网后 ledger sync，再印一次")
    unsent = [f"{seal.label}（{seal.short}）" for seal in in_force if seal.name not in server.objects]
    if unsent:
        where = "服务器上没有" if server.fresh else "上次同步时服务器上没有"
        way = (
            f"怎么办：ledger seal {unsent[0].partition('（')[0]}" if server.fresh else "联网后先 ledger sync"
        )
        notices.append(f"{where}本机的封账 {'、'.join(unsent)}，没有印它的封账号；{way}")
    moved = [seal.label for seal in in_force if server.objects.get(seal.name, seal.id) != seal.id]
    if moved:
        notices.append(f"服务器上 {'、'.join(moved)} 的封账与本机的不是同一个，没有印；ledger audit 查明")
    if missing:
        names = "、".join(name.removeprefix("seal/") for name in missing)
        notices.append(f"服务器上有本机还没有的封账或重开：{names}；先 ledger sync，再印一次")
    return PrintableSeals(printable, notices, server.fresh, True)


def _short(ref: str) -> str:
    return ref.removeprefix("refs/tags/")
