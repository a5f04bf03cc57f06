"""`check` as a command: what it says besides the findings of the rules."""

from __future__ import annotations

from tests.conftest import World


def test_a_ledger_that_names_no_rules_and_lacks_a_file_is_told_of_the_file_alone(world: World) -> None:
    """What the two versions of the rules answer cannot be compared; that is no error of its own beside the finding."""
    config = world.read("data/ledger.yaml")
    world.write("data/ledger.yaml", "".join(line for line in config.splitlines(True) if "rules:" not in line))
    world.commit_all("不写规则")
    (world.root / "data/targets/2023/商务局/01.yaml").unlink()
    done = world("check")
    assert (done.code, done.err) == (1, "")
    assert "data/targets/2023/商务局/01.yaml" in done.out
