#!/usr/bin/env bash
# GitPython's Repo.blame gives None for a commit where a line of the file holds a carriage return in its middle, and some facts with it.
#
# Versions: GitPython 3.2.1, gitdb 4.0.12; git 2.39.5. Python 3.11.7.
# Input: one file of two commits. Its second line has a carriage return inside, and the words behind it read like a header of
#        `git blame --porcelain`: a commit id and three numbers, as a note that quotes another output may have them.
# Seen:  `git blame --porcelain` names two commits for three lines, each once for its lines. `Repo.blame` returns a group whose commit is None. Without the
#        words behind the carriage return it returns two commits. `Repo.blame_incremental` names both commits rightly in either case.
# A good guess is wrong: the porcelain is made for programs, ends its lines with LF alone and puts content behind a tab, so that no content
# can be taken for a header. GitPython cuts git's bytes with `bytes.splitlines`, which also cuts at CR, and reads the rest of the
# line as a header. In a repository of SHA-256 (`git init --object-format=sha256`) both functions fail: KeyError and AssertionError.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
python3 -m venv env
env/bin/pip install --quiet GitPython==3.2.1 gitdb==4.0.12
env/bin/python - << 'PY'
import subprocess
from pathlib import Path

from git import Repo


def git(folder, *words):
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True).stdout


def two_commits(folder, tail, *options):
    git(".", "init", "--quiet", *options, folder)
    notes = Path(folder, "notes.txt")
    notes.write_bytes(b"one\n")
    git(folder, "add", "notes.txt")
    git(folder, "commit", "--quiet", "--message", "first")
    first = git(folder, "rev-parse", "HEAD").strip()
    notes.write_bytes(b"one\ntwo x\r" + tail.replace(b"ID", first) + b"\tthree\n")
    git(folder, "commit", "--quiet", "--all", "--message", "second")
    return Repo(folder)


def commits(groups):
    return [commit.message.strip() if commit else None for commit, _ in groups]


plain = two_commits("plain", b"quoted\n")
headed = two_commits("headed", b"ID 2 2 1\n")
porcelain = git("headed", "blame", "--porcelain", "notes.txt").split(b"\n")
assert [line for line in porcelain if line.startswith(b"summary ")] == [b"summary first", b"summary second"]
print("plain words behind the carriage return:", commits(plain.blame("HEAD", "notes.txt")))
print("a header's words behind it:            ", commits(headed.blame("HEAD", "notes.txt")))
assert None not in commits(plain.blame("HEAD", "notes.txt"))
assert None in commits(headed.blame("HEAD", "notes.txt")), "mended"
for repo in (plain, headed):
    found = {entry.commit.message.strip() for entry in repo.blame_incremental("HEAD", "notes.txt")}
    assert found == {"first", "second"}, found

long = two_commits("long", b"quoted\n", "--object-format=sha256")
for blame, expected in ((long.blame, KeyError), (lambda *a: list(long.blame_incremental(*a)), AssertionError)):
    try:
        blame("HEAD", "notes.txt")
    except expected as error:
        print(f"SHA-256: {type(error).__name__} {error}")
    else:
        raise SystemExit("SHA-256 is read now")
PY
