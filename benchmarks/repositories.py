"""Ledgers with a history, for timing `log`: many files and many commits, made by `git fast-import`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks import generate, history
from benchmarks.generate import YEAR, Size

LARGE = Size(40_000, 20_000)
COMMITS = 20_000


def small(folder: Path) -> tuple[Path, list[str]]:
    """Return the real plan with 1,000 commits, and what to log in it."""
    root = folder / "log-small"
    if not root.is_dir():
        history.make(root, 1000)
    return root, ["金融办", "新增上市公司", "1家", "--on", f"{YEAR}-12-31"]


def large(folder: Path) -> tuple[Path, list[str]]:
    """Return 4,000 commitments in 8,000 files with 20,000 commits, and what to log in them."""
    root = folder / "log-large" / "city"
    if not (root / ".git").is_dir():
        generate.write(root.parent, LARGE)
        (root / ".gitattributes").write_text("data/progress/** text eol=lf merge=union\n", encoding="utf-8")
        _commits(root)
    return root, ["部门001", "部门001-01/t1", "1万元", "--on", f"{YEAR}-12-31"]


def _commits(root: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)

    who = ("-c", "user.name=模拟", "-c", "user.email=bench@example.invalid")
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git(*who, "commit", "--quiet", "--message", "计划")
    files = sorted((root / "data" / "progress").rglob("*.yaml"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    importer = subprocess.Popen(
        ["git", "fast-import", "--quiet", "--depth=50"], cwd=root, stdin=subprocess.PIPE
    )
    assert importer.stdin is not None
    for number in range(COMMITS):
        place = number % len(files)
        last = texts[place].rstrip("\n").rsplit("\n", 1)[-1]
        texts[place] += generate.renumbered(last, f"01H1{number:022d}")
        content = texts[place].encode("utf-8")
        name = files[place].relative_to(root).as_posix()
        start = b"from refs/heads/main^0\n" if number == 0 else b""
        message = f"log: {number}".encode()
        importer.stdin.write(
            b"commit refs/heads/main\ncommitter x <bench@example.invalid> %d +0800\ndata %d\n%s\n%s"
            % (1_672_502_400 + number * 60, len(message), message, start)
            + b'M 100644 inline "%s"\ndata %d\n%s\n' % (name.encode("utf-8"), len(content), content)
        )
    importer.stdin.close()
    if importer.wait():
        raise SystemExit("git fast-import failed")
    git("reset", "--hard", "--quiet", "main")
