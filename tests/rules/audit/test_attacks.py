"""Every attack is refused by a guarded server, which stays as it was, and found by the auditor of an unguarded one."""

from __future__ import annotations

import shutil

import pytest

from tests.rules.audit.attacks import ATTACKS, SIGNED, Attack
from tests.rules.audit.city import City

pytestmark = pytest.mark.usefixtures("told")


def _refused_and_found(city: City, one: Attack, *options: str) -> None:
    specs = one.deed(city) or ()
    before = city.refs()
    city.guard(*options)
    pushed = city.push(*specs)
    assert pushed.code != 0
    assert "账本守卫拒绝了这次推送" in pushed.err
    assert f"[{one.refused_as}]" in pushed.err
    if one.refused_as == one.rule:
        assert all(path in pushed.err for _, path, _ in one.places if path)
    assert city.refs() == before

    (city.server / "hooks" / "pre-receive").unlink()
    city.git("config", "receive.denyNonFastForwards", "false", cwd=city.server)
    city.git("config", "receive.denyDeletes", "false", cwd=city.server)
    done = city.push(*specs)
    assert done.code == 0, done.err
    city.fetch()
    found = [finding for finding in city.audit() if finding["rule"] == one.rule]
    assert sorted(map(_place, found)) == sorted(
        str((ref and city.git("rev-parse", ref), path, line)) for ref, path, line in one.places
    )
    assert all(finding["message"] for finding in found)


def _place(finding: dict[str, object]) -> str:
    return str((finding["commit"], finding["path"], finding["line"]))


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(city: City, name: str) -> None:
    _refused_and_found(city, ATTACKS[name])


@pytest.mark.parametrize("name", SIGNED)
def test_attack_on_signatures(signed_city: City, name: str) -> None:
    shutil.copyfile(signed_city.keys / "allowed_signers", signed_city.server / "allowed_signers")
    _refused_and_found(signed_city, SIGNED[name], "--signers", "allowed_signers", "--require-signatures")
