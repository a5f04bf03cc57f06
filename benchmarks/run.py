"""Runs the comparison with hledger, ledger-cli and beancount and writes RESULTS.md: `python -m benchmarks.run /tmp/bench`.

First every program must give the same totals; only then they are timed, in turns. Peers are called by absolute path,
because two programs are named `ledger`. `--only WORD` takes the jobs whose name holds a word, and
writes their rows into the page as it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generate, history, totals
from benchmarks.generate import Size
from benchmarks.measure import Command, output, rounds
from benchmarks.repositories import large, small
from benchmarks.results import AUDIT_MEMORY, MEMORY, PEERS, Bar, peers, put, put_rows

HERE = Path(__file__).parent
SIZES = (Size(10_000, 800), Size(100_000, 800), Size(100_000, 8_000))
LARGEST = Size(1_000_000, 8_000)
DAY = "2023-12-31"


@dataclass(frozen=True)
class Bench:
    """Where everything is."""

    folder: Path
    program: str
    query: str

    @property
    def environ(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LEDGER", "PYTHON", "GIT_"))
        }
        who = {"GIT_AUTHOR_NAME": "模拟", "GIT_AUTHOR_EMAIL": "bench@example.invalid"}
        who |= {"GIT_COMMITTER_NAME": "模拟", "GIT_COMMITTER_EMAIL": "bench@example.invalid"}
        return kept | who | {"LEDGER_CACHE": str(self.folder / "cache"), "LEDGER_TODAY": DAY}

    def forget(self) -> None:
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def at(self, size: Size) -> Path:
        folder = self.folder / size.folder
        if not folder.is_dir():
            generate.write(folder, size)
        return folder

    def status(self, root: Path, *options: str) -> list[str]:
        return [self.program, "status", "--root", str(root), "--as-of", DAY, *options]

    def everything(self, size: Size) -> list[str]:
        return self.status(self.at(size) / "city", "--all", "--format", "csv")

    def peer(self, name: str, size: Size, *words: str) -> list[str]:
        return [f"/usr/bin/{name}", "-f", str(self.at(size) / f"journal.{name}"), *words]

    def beans(self, size: Size) -> list[str]:
        file = str(self.at(size) / "journal.beancount")
        return [
            self.query,
            "--no-errors",
            "-f",
            "csv",
            file,
            "SELECT account, sum(position) GROUP BY account",
        ]


def agree(bench: Bench, size: Size, *, all_peers: bool = True) -> None:
    """Stop unless all programs give every account the total that was generated."""
    wanted = totals.truth(size)
    found = {
        "ours": totals.ours(output(bench.everything(size), bench.environ), size),
        "ours, without a cache": totals.ours(
            output([*bench.everything(size), "--no-cache"], bench.environ), size
        ),
        "ledger": totals.by_words(output(bench.peer("ledger", size, "bal", "--flat"), bench.environ)),
    }
    if all_peers:
        found["hledger"] = totals.by_words(
            output(bench.peer("hledger", size, "bal", "--flat"), bench.environ)
        )
        found["beancount"] = totals.by_words(output(bench.beans(size), bench.environ))
    for name, own in found.items():
        if own != wanted:
            wrong = next(key for key in wanted if own.get(key) != wanted[key])
            raise SystemExit(
                f"{size.label}: {name} gives {wrong} {own.get(wrong)}, generated was {wanted[wrong]}"
            )
    print(f"{size.label}: {len(wanted)} totals agree among {', '.join(found)}", flush=True)


def starting(bench: Bench, noop: list[str]) -> list[Bar]:
    demo = bench.folder / "demo"
    if not demo.is_dir():
        subprocess.run([bench.program, "demo", str(demo)], env=bench.environ, check=True, capture_output=True)
    base, version = (
        Command("no-op typer app", noop),
        Command("ledger --version", [bench.program, "--version"]),
    )
    warm = Command("status, real plan, warm", bench.status(demo))
    rounds([base, version, warm], bench.environ, 15)
    return [
        Bar("`ledger --version`", version, base, 1.15),
        Bar("`status`, the real plan with a demo year, warm", warm, base, 1.4),
    ]


@dataclass(frozen=True)
class Limits:
    """What a cold and a warm status may take of a peer's time; the cold one of its processor time where it is judged by work."""

    cold: float
    warm: float = 0  # 0: not judged
    by_work: bool = False


def sized(bench: Bench, size: Size, bars: dict[str, Limits], times: int) -> list[Bar]:
    cold = Command(f"{size.label} cold", bench.everything(size), before=bench.forget)
    warm = Command(f"{size.label} warm", bench.everything(size))
    peers = {
        "ledger budget": Command("ledger budget", bench.peer("ledger", size, "budget")),
        "hledger bal --budget": Command(
            "hledger bal --budget", bench.peer("hledger", size, "bal", "--budget", "-Y")
        ),
        "bean-query": Command(
            "bean-query", bench.beans(size), before=lambda: _no_picklecache(bench.at(size))
        ),
        "ledger bal": Command("ledger bal", bench.peer("ledger", size, "bal")),
    }
    used = {name: command for name, command in peers.items() if name in bars}
    rounds([cold, warm, *used.values()], bench.environ, times)
    rows = []
    job = f"`status --all --format csv`, {size.label}"
    for name, limits in bars.items():
        rows.append(Bar(f"{job}, cold", cold, used[name], limits.cold, limits.by_work))
        if limits.warm:
            rows.append(Bar(f"{job}, warm", warm, used[name], limits.warm))
    return rows


def _no_picklecache(folder: Path) -> None:
    for file in folder.glob(".*.picklecache"):
        file.unlink()


def against_stat(bench: Bench, size: Size, noop: list[str]) -> Bar:
    """Warm status against looking at every file once, plus the no-op app."""
    bench.forget()
    output(bench.everything(size), bench.environ)
    warm = Command("warm", bench.everything(size))
    walk = "import os,sys\nfor a,b,c in os.walk(sys.argv[1]):\n for f in c: os.stat(a+'/'+f)"
    both = [sys.executable, "-c", f"import subprocess,sys\nsubprocess.run(sys.argv[2:])\n{walk}"]
    base = Command("stat of all files + no-op app", [*both, str(bench.at(size) / "city"), *noop])
    rounds([warm, base], bench.environ, 5)
    return Bar(f"`status --all --format csv`, {size.label}, warm", warm, base, 3)


def checking(bench: Bench, size: Size) -> list[Bar]:
    own = Command(
        "check", [bench.program, "check", "--no-cache", "--root", str(bench.at(size) / "city")], fails=True
    )
    pedantic = Command("ledger --pedantic bal", bench.peer("ledger", size, "--pedantic", "bal"), fails=True)
    strict = Command("hledger check --strict", bench.peer("hledger", size, "check", "--strict"), fails=True)
    rounds([own, pedantic, strict], bench.environ, 3)
    return [
        Bar(f"`check`, {size.label}", own, pedantic, 0.5, by_work=True),
        Bar(f"`check`, {size.label}", own, strict, 0.12),
    ]


def logging(bench: Bench, label: str, make: Callable[[Path], tuple[Path, list[str]]], noop: list[str]) -> Bar:
    root, words = make(bench.folder)
    file = next((root / "data" / "progress").rglob("*.yaml"))
    counter = iter(range(1, 10_000))

    def edit() -> None:
        text = file.read_text(encoding="utf-8").rstrip("\n").rsplit("\n", 1)[-1]
        with file.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(generate.renumbered(text, f"01J{next(counter):023d}"))

    commit = ["git", "commit", "-q", "-m", "x", "--", str(file)]
    twice = Command("no-op app", noop)
    git = Command("git commit -- path", commit, before=edit, cwd=root)
    # The same figure again and again is doubted, and recorded when confirmed.
    own = Command("log", [bench.program, "--root", str(root), "log", *words, "--confirm"], cwd=root)
    rounds([own, git, twice], bench.environ, 11)
    together = Command(
        "no-op app + 2 × `git commit -- path`",
        commit,
        seconds=[twice.median + 2 * git.median],
        work=[twice.cpu + 2 * git.cpu],
    )
    return Bar(f"`log` one entry, {label}", own, together, 1)


def auditing(bench: Bench) -> Bar:
    root = bench.folder / "audit"
    if not root.is_dir():
        history.make(root, 20_000)
    own = Command("audit --full", [bench.program, "--root", str(root), "audit", "--full"], cwd=root)
    git = Command("git log -p --numstat", ["git", "log", "-p", "--numstat"], cwd=root)
    rounds([own, git], bench.environ, 3)
    return Bar("`audit --full`, 20,000 commits", own, git, 1)


def jobs(bench: Bench, noop: list[str], times: int) -> dict[str, Callable[[], list[Bar]]]:
    """Return what there is to measure, by name; each size is timed only after all programs agree on its totals."""

    def status(size: Size, bars: dict[str, Limits], *, all_peers: bool = True) -> list[Bar]:
        agree(bench, size, all_peers=all_peers)
        return sized(bench, size, bars, times)

    small_size, middle, wide = SIZES
    return {
        "start": lambda: starting(bench, noop),
        "log, small": lambda: [logging(bench, "80 files, 1,000 commits", small, noop)],
        "log, large": lambda: [logging(bench, "8,000 files, 20,000 commits", large, noop)],
        f"status {small_size.label}": lambda: status(
            small_size, {"ledger budget": Limits(1.3, 0.8), "hledger bal --budget": Limits(0.6, 0.35)}
        ),
        f"status {middle.label}": lambda: status(
            middle, {"ledger budget": Limits(0.12, 0.1, by_work=True), "bean-query": Limits(0.06)}
        ),
        f"status {wide.label}": lambda: status(
            wide, {"ledger budget": Limits(0.15, 0.04), "hledger bal --budget": Limits(0.2, 0.06)}
        ),
        "check": lambda: checking(bench, middle),
        "audit": lambda: [auditing(bench)],
        f"status {LARGEST.label}": lambda: [
            *status(LARGEST, {"ledger bal": Limits(0.25, 0.06, by_work=True)}, all_peers=False),
            against_stat(bench, LARGEST, noop),
        ],
    }


def _peaks(bars: list[Bar]) -> list[tuple[str, int, int, int]]:
    """Return the jobs whose memory has a bar."""
    found = []
    for job, limit in ((f"{LARGEST.label}, cold", MEMORY), ("audit", AUDIT_MEMORY)):
        found += [(bar.job, bar.own.peak, bar.peer.peak, limit) for bar in bars if job in bar.job]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where generated files go")
    parser.add_argument("--ledger", default=str(Path(sys.executable).parent / "ledger"))
    parser.add_argument(
        "--python", default=sys.executable, help="of the environment that --ledger is installed in"
    )
    parser.add_argument("--bean-query", default="bean-query")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", default="", help="the jobs whose name holds this word")
    chosen = parser.parse_args()
    bench = Bench(chosen.folder.resolve(), chosen.ledger, chosen.bean_query)
    bench.folder.mkdir(parents=True, exist_ok=True)
    noop = [chosen.python, str(HERE / "noop.py")]
    bars: list[Bar] = []
    for name, measure in jobs(bench, noop, chosen.times).items():
        if chosen.only not in name:
            continue
        rows = measure()
        bars += rows
        for bar in rows:
            print(f"{bar.job}: {bar.ratio:.3f} (work {bar.work:.3f}), bar {bar.limit:g}", flush=True)
        if chosen.only:
            put_rows(HERE / "RESULTS.md", PEERS, rows)
        else:
            put(HERE / "RESULTS.md", peers(bars, _peaks(bars), bench.environ, bench.query))


if __name__ == "__main__":
    main()
