"""What a seal says of its commit is counted again: its tree, its commits and its entries."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.rules.audit.city import ADMIN, City

pytestmark = pytest.mark.usefixtures("told")

SEAL = "refs/tags/seal/2023-02"


def _forge(city: City, key: str, value: str) -> str:
    """Put a seal in the place of the last one whose text says something else, and forget that the other was seen."""
    text = city.git("cat-file", "tag", SEAL, cwd=city.auditor) + "\n"
    changed = re.sub(rf"(?m)^Ledger-{key}: .*$", f"Ledger-{key}: {value}", text)
    assert changed != text
    made = subprocess.run(
        ["git", "hash-object", "-t", "tag", "-w", "--stdin"],
        cwd=city.auditor,
        env=city.environ,
        input=changed.encode(),
        capture_output=True,
        check=True,
    )
    city.git("update-ref", SEAL, made.stdout.decode().strip(), cwd=city.auditor)
    (city.auditor / ".git" / "ledger" / "audit.json").unlink(missing_ok=True)
    return text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Tree", "1" * 40),
        ("Commits", "3"),
        ("Commits", "5"),
        ("Entries", "2"),
        ("Entries", "4"),
        ("Tip", "1" * 40),
        ("Seal", "2023-03"),
    ],
)
def test_a_seal_that_says_what_is_not_so(city: City, key: str, value: str) -> None:
    _forge(city, key, value)
    found = [item for item in city.audit("--full") if item["rule"] == "seal"]
    assert found
    assert all(
        item["commit"] == city.git("rev-parse", f"{SEAL}^{{commit}}", cwd=city.auditor) for item in found
    )
    if key in {"Tree", "Commits", "Entries"}:
        [finding] = found
        assert key in str(finding["message"])


def test_the_guard_counts_again(city: City) -> None:
    sealed = city.git("rev-parse", f"{SEAL}^{{commit}}", cwd=city.server)
    city.git("update-ref", "refs/heads/main", sealed, cwd=city.server)
    city.git("update-ref", "-d", SEAL, cwd=city.server)
    city.guard()
    _forge(city, "Entries", "9")
    pushed = city.run("git", "push", "--quiet", "origin", SEAL, cwd=city.auditor)
    assert pushed.code != 0
    assert "[seal]" in pushed.err
    assert SEAL not in city.refs()


@pytest.mark.parametrize(("key", "value"), [("Tree", "1" * 40), ("Commits", "3"), ("Entries", "9")])
def test_a_false_seal_of_a_commit_that_an_audit_has_proven(city: City, key: str, value: str) -> None:
    """The history up to it is not walked again; what the new seal says is counted all the same."""
    city.be(ADMIN)
    assert city.ledger("seal", "2023-05").code == 0
    text = city.git("cat-file", "tag", "seal/2023-05") + "\n"
    city.git("tag", "--delete", "seal/2023-05", cwd=city.server)
    forged = re.sub(rf"(?m)^Ledger-{key}: .*$", f"Ledger-{key}: {value}", text)
    done = subprocess.run(
        ["git", "hash-object", "-t", "tag", "-w", "--stdin"],
        cwd=city.clone,
        env=city.environ,
        input=forged.encode(),
        capture_output=True,
        check=True,
    )
    city.git("update-ref", "refs/tags/seal/2023-05", done.stdout.decode().strip())
    assert city.audit() == []
    assert city.push("seal/2023-05").code == 0
    city.fetch()
    assert [finding["rule"] for finding in city.audit()] == ["seal"]
    assert [finding["rule"] for finding in city.audit()] == ["seal"], "and stays found"
