"""One server, one attacker's clone, one auditor's clone: processes run in them, and what they said."""

from __future__ import annotations

import io
import json
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from ledger.__main__ import run as program
from ledger.core.models import Entry
from ledger.core.models.base import read_model
from ledger.files.entryfile import encode
from ledger.files.ids import new_id
from tests.conftest import CONFIG

ZHANG, LI, ADMIN = "zhang@example.gov.cn", "li@example.gov.cn", "admin@example.gov.cn"
FINANCE_FILE = "data/progress/2023/金融办/01.yaml"
COMMERCE_FILE = "data/progress/2023/商务局/01.yaml"
RULES = (
    CONFIG.replace("aliases: [市金融办]}", f"aliases: [市金融办], reporters: [{ZHANG}]}}").replace(
        "inferred: true}", f"reporters: [{LI}]}}"
    )
    + f"admins: [{ADMIN}]\n"
)
ATTRIBUTES = "* text=auto eol=lf\ndata/progress/** text eol=lf merge=union\n"


@dataclass
class Done:
    """How a process ended."""

    code: int
    out: str
    err: str


@dataclass
class City:
    """One server, one attacker's clone, one auditor's clone that found all clean before the attack."""

    folder: Path
    keys: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    @property
    def auditor(self) -> Path:
        return self.folder / "auditor"

    @property
    def server(self) -> Path:
        return self.folder / "server.git"

    def run(self, *command: str, cwd: Path | None = None, **environ: str) -> Done:
        done = subprocess.run(
            command,
            cwd=cwd or self.clone,
            env=self.environ | environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def git(self, *command: str, cwd: Path | None = None, **environ: str) -> str:
        done = self.run("git", *command, cwd=cwd, **environ)
        assert done.code == 0, done.err
        return done.out.strip()

    def ledger(self, *command: str, cwd: Path | None = None, **environ: str) -> Done:
        """Run the program in this process, in its own folder and environment; a process for each would take a minute more."""
        out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
        os.chdir(cwd or self.clone)
        try:
            with (
                patch.dict(os.environ, self.environ | environ, clear=True),
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                code = program(list(command))
        finally:
            os.chdir(before)
        return Done(code, out.getvalue(), err.getvalue())

    def read(self, path: str) -> str:
        return (self.clone / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def change(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, message: str = "改动", **environ: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, **environ)
        return self.git("rev-parse", "HEAD")

    def entry(self, path: str, *, place: int | None = None, commit: bool = True, **fields: object) -> Entry:
        """Put one entry into a file as a forger would, with the trailers that `log` writes."""
        given = {"id": new_id(), "on": "2023-06-15", "target": "listed", "add": "1家", "by": "张三", **fields}
        entry = read_model(Entry, given)
        lines = self.read(path).splitlines(keepends=True) if (self.clone / path).exists() else []
        lines.insert(len(lines) if place is None else place, encode(entry))
        self.write(path, "".join(lines))
        if commit:
            self.commit(self.message(path, entry))
        return entry

    def message(self, path: str, *entries: Entry) -> str:
        number = f"{Path(path).parent.name}-{Path(path).stem}"
        said = "".join(
            f"Ledger-Entry: {entry.id}\nLedger-Target: {number}/{entry.target}\n" for entry in entries
        )
        return f"log: 记一笔\n\n{said}"

    def be(self, email: str, name: str = "某人") -> None:
        self.git("config", "user.name", name)
        self.git("config", "user.email", email)
        own = self.keys / email.partition("@")[0]
        if own.exists():
            self.git("config", "user.signingkey", str(own))

    def guard(self, *options: str) -> None:
        done = self.ledger("guard", "install", str(self.server), "--admin", ADMIN, *options)
        assert done.code == 0, done.err

    def seal_unsent(self, month: str, cwd: Path | None = None) -> Done:
        """Make a seal that the server does not get, as of a clone whose push is still to come."""
        address = self.git("config", "remote.origin.url", cwd=cwd)
        self.git("config", "--unset", "remote.origin.url", cwd=cwd)
        try:
            return self.ledger("seal", month, "--local", cwd=cwd)
        finally:
            self.git("config", "remote.origin.url", address, cwd=cwd)

    def push(self, *specs: str) -> Done:
        return self.run("git", "push", "--quiet", "--force", "origin", *(specs or ("main",)))

    def refs(self) -> str:
        return self.git("for-each-ref", cwd=self.server)

    def fetch(self) -> None:
        """Bring the auditor's clone to what the server has now, refs of every kind included."""
        specs = [
            "+refs/heads/*:refs/remotes/origin/*",
            "+refs/tags/*:refs/tags/*",
            "+refs/replace/*:refs/replace/*",
        ]
        self.git("fetch", "--quiet", "--prune", "--force", "origin", *specs, cwd=self.auditor)
        self.git("reset", "--quiet", "--hard", "origin/main", cwd=self.auditor)

    def audit(self, *options: str, cwd: Path | None = None) -> list[dict[str, object]]:
        done = self.ledger("audit", "--format", "json", *options, cwd=cwd or self.auditor)
        assert done.code in (0, 1), done.err
        answer = json.loads(done.out)
        findings: list[dict[str, object]] = answer["findings"]
        assert done.code == bool(findings or not answer["complete"])
        return findings

    def places(self, rule: str, *options: str, cwd: Path | None = None) -> list[tuple[object, ...]]:
        """The commit, path and line of every finding of a rule."""
        return [
            (finding["commit"], finding["path"], finding["line"])
            for finding in self.audit(*options, cwd=cwd)
            if finding["rule"] == rule
        ]

    def rules(self, *options: str, cwd: Path | None = None) -> set[object]:
        return {item["rule"] for item in self.audit(*options, cwd=cwd)}
