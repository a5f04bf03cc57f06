"""A bare server on disk and clones of it, each with its own identity, for the tests of `sync`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.commands.sync import Synced, sync
from ledger.core.models import Entry
from ledger.core.models.base import read_model
from ledger.files.ids import IdMaker
from ledger.files.write import NewEntries, append
from ledger.git import Repo
from tests.conftest import COMMERCE, CONFIG, FINANCE, for_children

ATTRIBUTES = "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n"
new_id = IdMaker()


def environment(name: str, home: Path) -> dict[str, str]:
    """The world of one clerk: an identity, and no setting of this machine."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TMPDIR") if key in os.environ}
    return (
        kept
        | for_children()
        | {
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": f"{name}@example.gov.cn",
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": f"{name}@example.gov.cn",
            "LEDGER_TODAY": "2023-06-30",
        }
    )


@dataclass
class Clone:
    """One clerk's copy."""

    root: Path
    environ: Mapping[str, str]

    @property
    def repo(self) -> Repo:
        return Repo.open(self.root, self.environ)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=self.root,
            env=dict(self.environ),
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.stdout.strip()

    def log(self, commitment: str = "金融办/01", target: str = "listed") -> str:
        """Acknowledge one entry, as `ledger log` does, and return its id."""
        name = self.environ["GIT_AUTHOR_NAME"]
        values = {"id": new_id(), "on": date(2023, 6, 30), "target": target, "add": "1家", "by": name}
        entry = read_model(Entry, values)
        path = self.root / "data" / "progress" / "2023" / f"{commitment}.yaml"
        append(self.repo, self.root, NewEntries([(path, [entry])], f"log: {entry.id}"))
        return entry.id

    def sync(self, tries: int = 40) -> Synced:
        return sync(self.repo, self.root, pause=lambda _: None, tries=tries)

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")

    def commit(self, path: str, text: str, message: str = "改") -> None:
        self.write(path, text)
        self.git("add", "--", path)
        self.git("commit", "--quiet", "--message", message, "--", path)


@dataclass
class City:
    """A server and its clones."""

    folder: Path
    server: Path

    def clone(self, name: str, url: str | None = None) -> Clone:
        root = self.folder / name
        environ = environment(name, self.folder)
        subprocess.run(
            ["git", "clone", "--quiet", url or str(self.server), str(root)],
            check=True,
            env=environ,
            capture_output=True,
        )
        return Clone(root, environ)

    def at_server(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", "--git-dir", str(self.server), *arguments],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment("server", self.folder),
        )
        return done.stdout

    def lines(self) -> list[str]:
        """Every line of every progress file of the server."""
        names = self.at_server("ls-tree", "-r", "--name-only", "-z", "main", "data/progress").split("\0")
        return [
            line for name in names if name for line in self.at_server("show", f"main:{name}").split("\n")[:-1]
        ]


def found_city(folder: Path) -> City:
    """A server that holds a ledger with two commitments."""
    server = folder / "server.git"
    environ = environment("founder", folder)
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(server)], check=True, env=environ)
    city = City(folder, server)
    founder = city.clone("founder")
    for path, text in {
        "data/ledger.yaml": CONFIG,
        "data/targets/2023/金融办/01.yaml": FINANCE,
        "data/targets/2023/商务局/01.yaml": COMMERCE,
        ".gitattributes": ATTRIBUTES,
    }.items():
        founder.write(path, text)
    founder.git("add", "--all")
    founder.git("commit", "--quiet", "--message", "建立账本")
    founder.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    return city
