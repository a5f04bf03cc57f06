"""Weigh what GitPython could read against the gateway that reads it: CPU seconds of whole processes, in turn, for docs/internals/decisions.md.

    python -m benchmarks.gitpython [COMMITS [RUNS]]

The history is made by `git fast-import`: every 24th commit appends an entry to one progress file. 模拟数据.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = "data/progress/2023/金融办/01.yaml"
EVERY = 24
PROLOGUE = f"""
import sys
from pathlib import Path
from ledger.git import Repo
root = Path(sys.argv[1])
repo, file = Repo.open(root), root / {FILE!r}
"""
CASES = {
    "blame": (
        "lines = file.read_bytes().count(b'\\n'); repo.commits(set(repo.blame(file, lines)))",
        f"""
with repo.gitpython() as opened:
    [commit.message for commit, _ in opened.blame("HEAD", {FILE!r})]
""",
    ),
    "history": (
        "repo.entry_commits(file)",
        f"""
with repo.gitpython() as opened:
    for commit in opened.iter_commits("HEAD", paths={FILE!r}):
        [line for line in commit.message.splitlines() if line.startswith("Ledger-Entry: ")]
""",
    ),
    "remotes": (
        "from ledger.git.remote import Remote; Remote.of(repo)",
        """
with repo.gitpython() as opened:
    [(remote.name, remote.config_reader.get("url")) for remote in opened.remotes]
""",
    ),
    "ten settings": (
        "[repo.git.run('config', '--replace-all', f'receive.key{n}', 'true') for n in range(10)]",
        """
with repo.gitpython() as opened, opened.config_writer() as writer:
    for n in range(10):
        writer.set_value("receive", f"key{n}", "true")
""",
    ),
}
"""What is done: through the gateway, and through GitPython."""


def git(folder: Path, *words: str, stdin: bytes | None = None) -> None:
    subprocess.run(["git", "-C", str(folder), *words], input=stdin, check=True)


def make(folder: Path, commits: int) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    stream, lines = [], ""
    for number in range(commits):
        path, content = f"data/progress/2023/部门{number % EVERY}/01.yaml", f"{number}\n"
        if number % EVERY == 0:
            lines += f'- {{"id": "{number:026}", "on": "2023-01-01"}}\n'
            path, content = FILE, lines
        message = f"log(金融办): 新增上市公司 +1家\n\nLedger-Entry: {number:026}\n".encode()
        who = f"模拟 <demo@localhost> {1672500000 + number * 60} +0800"
        data = content.encode()
        stream.append(
            f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n".encode()
            + message
            + f"M 100644 inline {path}\ndata {len(data)}\n".encode()
            + data
            + b"\n"
        )
    git(folder, "fast-import", "--quiet", stdin=b"".join(stream))
    git(folder, "reset", "--quiet", "--hard")
    git(folder, "remote", "add", "origin", "ssh://git@server/ledger.git")


def cpu_seconds(code: str, folder: Path) -> float:
    """User and system time of a process and of its children."""
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code, str(folder)], os.environ)
    _, status, usage = os.wait4(child, 0)
    assert status == 0, code
    return usage.ru_utime + usage.ru_stime


def main(commits: int = 2400, runs: int = 11) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, commits)
        for case, codes in CASES.items():
            times = [[cpu_seconds(PROLOGUE + code, folder) for code in codes] for _ in range(runs)]
            gateway, other = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
            ratio = statistics.median(b / a for a, b in times)
            print(
                f"{case:14} gateway {gateway:5.0f} ms   GitPython {other:5.0f} ms   {ratio:.2f} x", flush=True
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
