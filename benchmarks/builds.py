"""Times this build against another one, command by command: `python -m benchmarks.builds FOLDER --base PROGRAM`.

Both programs answer from copies of the same ledgers, started in turns. `--only WORD` takes the jobs whose name holds a word, and
writes their rows into the page as it is.
The ledgers are made by the older program, so that both can read them. 模拟数据.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import generate, history, rollup
from benchmarks.measure import Command, output, rounds
from benchmarks.results import BUILDS, Bar, put, put_rows
from benchmarks.results import builds as section

HERE = Path(__file__).parent
DAY = "2023-12-31"
COMMITS = 36_000
FINDINGS = 300
"""Lines whose dates lie outside of the plan's year, which the first commits added: a finding for each."""
BEFORE_PUSH, PUSHED = 4_000, 1_000
"""Commits that the server has, and those of the push."""
READING = {
    "show": ("show", "金融办-03"),
    "history": ("history", "金融办-03"),
    "targets": ("targets", "贷款"),
    "due": ("due", "--month", "2023-06"),
    "rank": ("rank",),
    "plot": ("plot", "金融办-03"),
}
"""Commands whose answers are kept."""


@dataclass(frozen=True)
class Builds:
    """Two programs and the folder for what they read and write; each program has a cache and copies of its own."""

    folder: Path
    new: str
    base: str
    times: int
    remarks: list[str] = field(default_factory=list)
    """What else was measured, in sentences."""

    def environ(self, name: str) -> dict[str, str]:
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("LEDGER", "PYTHON", "GIT_"))
        }
        who = {
            f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in _WHO.items()
        }
        return kept | who | {"LEDGER_CACHE": str(self.folder / f"cache-{name}"), "LEDGER_TODAY": DAY}

    def forget(self, name: str, root: Path | None = None) -> None:
        """Remove what a program has kept for itself: its cache and, in the ledger at `root`, what its audit has proven."""
        shutil.rmtree(self.folder / f"cache-{name}", ignore_errors=True)
        if root is not None:
            shutil.rmtree(root / ".git/ledger", ignore_errors=True)

    def history(self, folder: Path, commits: int, wrong: int = 0) -> None:
        """Make a history with the plan of the older program, whose rules both can read; see `history.make`."""
        plan = self.folder / "plan"
        if not plan.is_dir():
            words = [self.base, "init", str(plan)]
            subprocess.run(words, env=self.environ("base"), check=True, capture_output=True)
        history.make(folder, commits, wrong, plan)

    def copies(self, name: str, make: Callable[[Path], object]) -> dict[str, Path]:
        """Return a copy for each program of what `make` writes into the folder it is given."""
        original = self.folder / name
        if not original.is_dir():
            make(original)
        found = {}
        for build in ("new", "base"):
            found[build] = self.folder / f"{name}-{build}"
            if not found[build].is_dir():
                shutil.copytree(original, found[build], symlinks=True)
                time.sleep(3)  # no cache trusts files that changed just now
        return found

    def pair(
        self,
        job: str,
        words: Callable[[str, Path], list[str]],
        roots: dict[str, Path],
        limit: float,
        before: Callable[[str, Path], object] | None = None,
        times: int = 0,
    ) -> Bar:
        """Time a job of both programs; `words` and `before` take the name of the build and its folder."""
        commands = {}
        for name, program in (("new", self.new), ("base", self.base)):
            root = roots[name]
            commands[name] = Command(
                "this build" if name == "new" else "0.1.0",
                [
                    "env",
                    *(f"{key}={value}" for key, value in _own(self.environ(name)).items()),
                    program,
                    *words(name, root),
                ],
                before=None if before is None else (lambda name=name, root=root: before(name, root)),
                cwd=root,
                fails=True,
            )
        rounds(list(commands.values()), self.environ("new"), times or self.times)
        return Bar(job, commands["new"], commands["base"], limit)


_WHO = {"NAME": "模拟", "EMAIL": history.EMAIL}


def _own(environ: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith("LEDGER")}


def _demo(builds: Builds) -> dict[str, Path]:
    def make(folder: Path) -> None:
        subprocess.run(
            [builds.base, "demo", str(folder)], env=builds.environ("base"), check=True, capture_output=True
        )

    return builds.copies("demo", make)


def reading(builds: Builds) -> Iterator[Bar]:
    roots = _demo(builds)
    yield builds.pair(
        "`status`, real plan with a demo year, warm",
        lambda *_: ["status", "--as-of", DAY],
        roots,
        0.85,
        times=2 * builds.times,
    )
    for job, words, limit in (
        *((name, words, 0.55) for name, words in READING.items()),
        ("check", ("check",), 1.05),
    ):
        for label, before in (("first", builds.forget), ("again", None)):
            yield builds.pair(f"`{job}`, {label}", lambda *_, words=words: list(words), roots, limit, before)
    yield builds.pair("`quantity`", lambda *_: ["quantity", "3亿元"], roots, 0.55)
    yield builds.pair("`help`", lambda *_: ["help"], roots, 0.55)


def papers(builds: Builds) -> Iterator[Bar]:
    roots = _demo(builds)

    def report(name: str, _: Path) -> list[str]:
        return ["report", "--as-of", DAY, "-o", f"../page-{name}.html"]

    def bulletin(name: str, _: Path) -> list[str]:
        return ["bulletin", "--month", "2023-06", "-o", f"../bulletin-{name}.docx"]

    def clear(name: str, _: Path) -> None:
        (builds.folder / f"bulletin-{name}.docx").unlink(missing_ok=True)

    def clear_all(name: str, root: Path) -> None:
        clear(name, root)
        builds.forget(name, root)

    for job, words in (("report", report), ("bulletin", bulletin)):
        for label, before in (("first", clear_all), ("again", clear)):
            yield builds.pair(f"`{job}`, {label}", words, roots, 0.6, before)
    for name, label in (("new", "this version"), ("base", "the earlier one")):
        size = (builds.folder / f"page-{name}.html").stat().st_size
        builds.remarks.append(f"The page of {label} is {size / 1e6:.2f} MB.")


def sheets(builds: Builds) -> Iterator[Bar]:
    roots = _demo(builds)
    departments = sorted(path.name for path in (roots["base"] / "data/targets/2023").iterdir())
    month = ["--month", "2023-11"]

    def clear(name: str, _: Path) -> None:
        shutil.rmtree(builds.folder / f"sheets-{name}", ignore_errors=True)
        (builds.folder / f"sheets-{name}").mkdir()

    def one(name: str, _: Path) -> list[str]:
        return ["sheet", "export", "--dept", "金融办", *month, "-o", f"../sheets-{name}/金融办.xlsx"]

    yield builds.pair("`sheet export`, one department", one, roots, 0.7, before=clear)
    every = Command(
        "this build",
        [builds.new, "sheet", "export", "--all", *month, "-o", str(builds.folder / "sheets-new")],
        before=lambda: shutil.rmtree(builds.folder / "sheets-new", ignore_errors=True),
        cwd=roots["new"],
    )
    calls = " && ".join(
        f"{builds.base} sheet export --dept {name} {' '.join(month)} -o {builds.folder}/sheets-base/{name}.xlsx"
        for name in departments
    )
    each = Command(
        "0.1.0, called for each",
        ["sh", "-c", calls],
        before=lambda: clear("base", Path()),
        cwd=roots["base"],
    )
    rounds([every, each], builds.environ("new"), max(3, builds.times // 2))
    yield Bar(f"`sheet export --all`, {len(departments)} departments", every, each, 0.3)


def writing(builds: Builds) -> Iterator[Bar]:
    roots = builds.copies("history", lambda folder: builds.history(folder, 1000))
    numbers = itertools.count()

    def take_back(_: str, root: Path) -> None:
        history.git(root, "reset", "--quiet", "--hard", "refs/tags/start")

    for root in roots.values():
        history.git(root, "tag", "--force", "start", "HEAD")
    words = ["log", "金融办", "新增上市公司", "1家", "--on", DAY, "--note", "模拟"]
    yield builds.pair("`log` one entry, 1,000 commits", lambda *_: words, roots, 1.05, before=take_back)
    yield _syncing(builds, numbers)


def _syncing(builds: Builds, numbers: Iterator[int]) -> Bar:
    def make(folder: Path) -> None:
        builds.history(folder / "mine", 1000)
        history.git(folder, "clone", "--quiet", "--bare", "mine", "server.git")
        history.git(folder, "clone", "--quiet", "server.git", "other")

    folders = builds.copies("sync", make)
    for folder in folders.values():
        for clone in ("mine", "other"):
            subprocess.run(["git", "remote", "remove", "origin"], cwd=folder / clone, capture_output=True)
            history.git(folder / clone, "remote", "add", "origin", str(folder / "server.git"))
            history.git(folder / clone, "fetch", "--quiet")
            history.git(folder / clone, "branch", "--quiet", "--set-upstream-to", "origin/main", "main")

    def enter(clone: Path, department: str) -> None:
        file = min((clone / "data/progress/2023" / department).glob("*.yaml"))
        text = file.read_text(encoding="utf-8").rstrip("\n").rsplit("\n", 1)[-1]
        with file.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(generate.renumbered(text, f"01J{next(numbers):023d}"))
        history.git(clone, *_AS, "commit", "--quiet", "--all", "--message", f"log({department}): 模拟")

    def before(_: str, root: Path) -> None:
        folder = root.parent
        other = folder / "other"
        history.git(other, "fetch", "--quiet")
        history.git(other, "reset", "--quiet", "--hard", "origin/main")
        enter(other, "商务局")
        history.git(other, "push", "--quiet")
        enter(folder / "mine", "金融办")

    roots = {name: folder / "mine" for name, folder in folders.items()}
    return builds.pair("`sync`, one new entry on each side", lambda *_: ["sync"], roots, 0.7, before=before)


_AS = ("-c", "user.name=模拟", "-c", f"user.email={history.EMAIL}")


def auditing(builds: Builds) -> Iterator[Bar]:
    """Audit a long history, honest and with wrong lines of old at its tip, for each of which somebody must be named.

    Both programs find such a line by looking at the file; 0.1.0 then asks `git blame` for its commit, up to 50 times.
    """
    for folder, findings in (("audit-sound", 0), ("audit-wrong", FINDINGS)):
        roots = builds.copies(folder, lambda path, findings=findings: builds.history(path, COMMITS, findings))
        what = f"{COMMITS:,} commits, {findings or 'no'} findings at the tip"
        if findings:
            full = ["audit", "--full"]
            yield builds.pair(f"`audit --full`, {what}", lambda *_, full=full: full, roots, 0.15, times=2)
        plain = Command("git log -p --numstat", ["git", "log", "-p", "--numstat"], cwd=roots["new"])
        own = Command("this build", [builds.new, "audit", "--full"], cwd=roots["new"], fails=True)
        again = Command("this build", [builds.new, "audit"], cwd=roots["new"], fails=True)
        rounds([plain, own, again], builds.environ("new"), 2)
        builds.remarks.append(f"`audit --full`, {what}, took {own.peak / 1024:.0f} MiB at most.")
        yield Bar(f"`audit --full`, {what}, against the log", own, plain, 0.5)
        yield Bar(f"`audit`, nothing new since the last one, {findings or 'no'} findings", again, plain, 0.1)


def guarding(builds: Builds) -> Iterator[Bar]:
    """Judge a push as git asks the hook to, beside a log of the same commits and beside the hook of the other program."""

    def make(folder: Path) -> None:
        builds.history(folder / "ledger", BEFORE_PUSH + PUSHED)
        history.git(folder, "clone", "--quiet", "--bare", "ledger", "server.git")

    roots = builds.copies("guard", make)
    old, new = (
        history.git(roots["new"] / "ledger", "rev-parse", name).strip() for name in (f"HEAD~{PUSHED}", "HEAD")
    )
    hooks = {}
    for name, program in (("new", builds.new), ("base", builds.base)):
        server, move = roots[name] / "server.git", roots[name] / "move"
        history.git(server, "update-ref", "refs/heads/main", old)
        subprocess.run([program, "guard", "install", str(server)], check=True, capture_output=True)
        move.write_text(f"{old} {new} refs/heads/main\n", encoding="ascii")
        label = "this build" if name == "new" else "0.1.0"
        hooks[name] = Command(label, ["sh", "-c", f"exec hooks/pre-receive < '{move}'"], cwd=server)
    log = ["git", "log", "-p", "--numstat", f"{old}..{new}"]
    plain = Command("git log -p --numstat", log, cwd=roots["new"] / "ledger")
    rounds([plain, *hooks.values()], builds.environ("new"), 2 * builds.times)
    base = Bar("", hooks["base"], plain, 2.5)
    builds.remarks.append(
        f"The guard's hook of 0.1.0, which writes no receipts and bounds no trees, takes {base.ratio:.2f} × of the log."
    )
    job = f"guard's hook, push of {PUSHED:,} on {BEFORE_PUSH:,} commits, against the log"
    yield Bar(job, hooks["new"], plain, 2.5)


def many(builds: Builds) -> Iterator[Bar]:
    """Roll up and export 101 ledgers; 0.1.0 exports them one after the other."""

    def make(folder: Path) -> None:
        for number, place in enumerate(rollup.places(101)):
            rollup.make(folder / "-".join(place), number, 3600, 400)

    roots = builds.copies("province", make)
    named = {
        name: [f"{'/'.join(place)}={root / '-'.join(place)}" for place in rollup.places(101)]
        for name, root in roots.items()
    }
    as_of = ["--as-of", rollup.AS_OF]

    def sum_up(name: str, _: Path) -> list[str]:
        return ["rollup", *named[name], *as_of, "--format", "json"]

    yield builds.pair(
        "`rollup` of 101 ledgers themselves, first",
        sum_up,
        roots,
        0.5,
        before=lambda name, _: builds.forget(name),
        times=3,
    )
    yield builds.pair("`rollup` of 101 ledgers themselves, again", sum_up, roots, 0.1, times=3)
    stores = {name: builds.folder / f"store-{name}" for name in roots}
    listed = builds.folder / "ledgers.txt"
    listed.write_text("".join(f"{line}\n" for line in named["new"]), encoding="utf-8")
    new = [
        builds.new,
        "export",
        "-o",
        str(stores["new"]),
        "--format",
        "parquet",
        *as_of,
        "--all",
        str(listed),
    ]
    calls = " && ".join(
        f"{builds.base} --root {root} export -o {stores['base']} --format parquet {' '.join(as_of)}"
        f" --city {place.partition('/')[0]} --county {place.partition('/')[2]} > /dev/null"
        for place, _, root in (line.partition("=") for line in named["base"])
    )
    for label, limit, fresh in (("first", 0.5, True), ("again", 0.1, False)):
        commands = [
            Command(
                build,
                words,
                before=(lambda name=name: shutil.rmtree(stores[name], ignore_errors=True)) if fresh else None,
            )
            for build, name, words in (
                ("this build", "new", new),
                ("0.1.0, called for each", "base", ["sh", "-c", calls]),
            )
        ]
        rounds(commands, builds.environ("new"), 1)
        yield Bar(f"`export` of 101 ledgers, {label}", commands[0], commands[1], limit)


JOBS = {
    "reading": reading,
    "papers": papers,
    "sheets": sheets,
    "writing": writing,
    "audit": auditing,
    "audit-guard": guarding,
    "many": many,
}


def measure(builds: Builds, only: str = "") -> Iterator[Bar]:
    """Yield the bars of every job, or of those whose name holds `only`."""
    builds.folder.mkdir(parents=True, exist_ok=True)
    for name, job in JOBS.items():
        if only in name:
            yield from job(builds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where made ledgers go")
    parser.add_argument("--ledger", default=str(Path(sys.executable).parent / "ledger"))
    parser.add_argument("--base", required=True, help="the other build's program")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    builds = Builds(chosen.folder.resolve(), chosen.ledger, chosen.base, chosen.times)
    versions = [
        output([program, "--version"], builds.environ("new")).strip()
        for program in (chosen.ledger, chosen.base)
    ]
    bars: list[Bar] = []
    for bar in measure(builds, chosen.only):
        bars.append(bar)
        print(f"{bar.job}: ratio {bar.ratio:.3f} (work {bar.work:.3f}), bar {bar.limit:g}", flush=True)
        if chosen.only:
            put_rows(HERE / "RESULTS.md", BUILDS, [bar])
        else:
            put(HERE / "RESULTS.md", section(bars, " against ".join(versions), builds.remarks))


if __name__ == "__main__":
    main()
