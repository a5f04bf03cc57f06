"""Every change of the rules is reported unless an admin made it; where no admin is named, always."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.core.models import LedgerConfig
from ledger.core.models.base import fields_of
from ledger.files.yaml_reader import Document, parse
from ledger.rules.audit.commit_rules.departments import check_reorganisations
from ledger.rules.audit.commit_rules.people import CONFIG_WORDS, check_rule_changes
from tests.rules.audit.city import ADMIN, ATTRIBUTES, RULES, ZHANG, City
from tests.rules.audit.conftest import copy_city, environ, seed_city
from tests.rules.audit.contexts import config, context_of

pytestmark = pytest.mark.usefixtures("told")

LEDGER = "data/ledger.yaml"
FREE = RULES.replace(f"admins: [{ADMIN}]\n", "") + "late_days: 4000\n"
CHANGES = {
    "names himself admin": ("late_days: 4000", f"late_days: 4000\nadmins: [{ZHANG}]"),
    "another reporter": (f"reporters: [{ZHANG}]", f"reporters: [{ZHANG}, x@example.gov.cn]"),
    "no reporters": (f"reporters: [{ZHANG}]", "reporters: []"),
    "a department dropped": ("aliases: [市金融办]", "aliases: [市金融办局]"),
    "roles": ("late_days: 4000", "late_days: 4000\nroles: {amend: [reporters]}"),
    "lights": ("gap: points", "gap: percent"),
    "tolerance": ("late_days: 4000", "late_days: 4000\ntolerance: 50"),
    "factors": ("late_days: 4000", "late_days: 4000\ndifficulty: {难: 9}"),
    "rates": ("late_days: 4000", "late_days: 4000\nrates: [{from: 美元, to: 元, on: 2023-01-01, rate: 70}]"),
    "units": ("late_days: 4000", "late_days: 4000\nunits: {万家: 10000 家}"),
    "year": ("year: 2023", "year: 2024"),
    "due day": ("late_days: 4000", "late_days: 4000\ndue_day: 28"),
    "simulated": ("year: 2023", "year: 2023\nsimulated: true"),
    "longer limit": ("late_days: 4000", "late_days: 9000"),
    "shorter limit": ("late_days: 4000", "late_days: 3000"),
    "no limit": ("late_days: 4000\n", ""),
    "lowering later": ("late_days: 4000", "late_days: 4000\nlowering_from: 12-01"),
    "signatures": ("late_days: 4000", "late_days: 4000\nsignatures: required"),
    "unreadable": ("late_days: 4000", "late_days: ["),
    "of another shape": ("late_days: 4000", "late_days: 许多"),
}


@pytest.fixture(scope="module")
def free_seed(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city of the other tests without an admin, with a limit for late entries and a list of signers."""
    home = tmp_path_factory.mktemp("free")
    city = City(home / "city", home, environ(home / "home"))

    def prepare() -> None:
        city.write("keys/allowed_signers", f"{ZHANG} ssh-ed25519 AAAA\n")

    return seed_city(city, FREE, prepare)


@pytest.fixture
def free(free_seed: City, tmp_path: Path) -> City:
    return copy_city(free_seed, tmp_path / "city")


def _found(city: City) -> list[object]:
    """Commit what was changed and return the paths that the audit reports."""
    commit = city.commit()
    findings = [item for item in city.audit(cwd=city.clone) if item["rule"] == "policy"]
    assert all(finding["commit"] == commit for finding in findings)
    return [finding["path"] for finding in findings]


@pytest.mark.parametrize("name", CHANGES)
def test_without_an_admin_every_change_is_reported(free: City, name: str) -> None:
    free.change(LEDGER, *CHANGES[name])
    assert _found(free) == [LEDGER]


@pytest.mark.parametrize("name", ["names himself admin", "another reporter", "simulated", "unreadable"])
def test_by_anybody_but_an_admin_too(city: City, name: str) -> None:
    city.write(LEDGER, city.read(LEDGER) + "late_days: 4000\n")
    city.be(ADMIN)
    city.commit("定下期限")
    city.be(ZHANG)
    old, new = CHANGES[name]
    city.change(LEDGER, old, new.replace("admins: [", "scoring: guiyang # ["))
    if name == "names himself admin":
        city.change(LEDGER, f"admins: [{ADMIN}]", f"admins: [{ADMIN}, {ZHANG}]")
    assert _found(city) == [LEDGER]


@pytest.mark.parametrize("name", sorted(set(CHANGES) - {"unreadable", "of another shape", "simulated"}))
def test_an_admin_may(city: City, name: str) -> None:
    city.be(ADMIN)
    city.write(LEDGER, city.read(LEDGER) + "late_days: 4000\n")
    city.commit("定下期限")
    if name == "names himself admin":
        city.change(LEDGER, f"admins: [{ADMIN}]", f"admins: [{ADMIN}, {ZHANG}]")
    else:
        city.change(LEDGER, *CHANGES[name])
    assert _found(city) == []


FIELDS = {
    "name": "name: 另一本账", "year": "year: 2024", "city": "city: 湖州市", "county": "county: 德清县", "code": 'code: "330500"',
    "simulated": "simulated: true", "departments": "departments: [{name: 金融办}, {name: 商务局}]", "admins": f"admins: [{ZHANG}]",
    "reorganisations": "reorganisations: [{kind: transfer, on: 2023-06-01, year: 2023, commitment: 金融办-01, to: 商务局, by: 某人, reason: x}]",
    "roles": "roles: {judge: [reporters]}", "signatures": "signatures: required", "late_days": "late_days: 9000",
    "lowering_from": "lowering_from: 12-01", "evidence_limit": "evidence_limit: 1024", "due_day": "due_day: 28",
    "lights": "lights: {gap: percent, bands: [{light: 正常}]}", "rules": "rules: 2023", "pace": "pace: day", "ranking": "ranking: {basis: reported}",
    "figures": "figures: verified", "scoring": "scoring: ratio", "difficulty": "difficulty: {难: 9}", "tolerance": "tolerance: 50",
    "rates": "rates: [{from: 美元, to: 元, on: 2023-01-01, rate: 70}]", "units": "units: {万家: 10000 家}", "bulletin": "bulletin: {issuer: 某局}",
}  # fmt: skip
"""Another value for every field of the rules."""


def test_every_field_of_the_rules_has_a_word() -> None:
    assert set(fields_of(LedgerConfig)) == CONFIG_WORDS.keys() == FIELDS.keys()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("policy", [FREE, RULES], ids=["nobody is admin", "by another than the admin"])
def test_every_field_changed_in_turn(policy: str, field: str) -> None:
    """The finding names the field, whoever may record a reorganisation as `check_reorganisations` says."""
    before = parse(policy.encode())
    assert isinstance(before, Document)
    kept = re.sub(rf"(?m)^{field}:.*\n(?: .*\n)*", "", policy)
    after = f"{kept}{FIELDS[field]}\n"
    assert getattr(config(after), field) != getattr(config(policy), field)
    context = context_of({LEDGER: (policy, after)}, email=ZHANG, policy=config(policy))
    findings = [*check_rule_changes(context), *check_reorganisations(context)]
    if field == "reorganisations":
        assert {finding.code for finding in findings} == {"policy" if policy == FREE else "role"}
        return
    [finding] = findings
    assert (finding.code, finding.place.path) == ("policy", LEDGER)
    assert CONFIG_WORDS[field] in finding.message


def test_a_comment_changes_no_rule(free: City) -> None:
    free.change(LEDGER, "late_days: 4000", "late_days: 4000 # 十年内")
    assert _found(free) == []


def test_rules_removed(free: City) -> None:
    (free.clone / ".gitattributes").unlink()
    assert _found(free) == [".gitattributes"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitattributes", ATTRIBUTES + "data/progress/** -diff\n"),
        (".gitattributes", "* text=auto\n"),
        ("data/.gitattributes", "* -diff\n"),
        ("data/progress/2023/金融办/.gitattributes", "* filter=x\n"),
        ("schemas/ledger.schema.json", "{}\n"),
        ("templates/通报.docx", "x"),
        (".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = ../x\n'),
        (".gitignore", "data/progress\n"),
        ("keys/allowed_signers", f"{ZHANG} ssh-ed25519 BBBB\n"),
    ],
)
def test_files_that_rule_others(free: City, path: str, text: str) -> None:
    free.write(path, text)
    assert _found(free) == [path]


def test_an_outside_admin_is_no_admin_of_the_ledger(free: City) -> None:
    """On a guarded server the admins are those of ledger-guard.yaml; where the ledger names none, the audit goes on reporting."""
    free.guard()
    free.be(ADMIN)
    free.change(LEDGER, *CHANGES["due day"])
    commit = free.commit()
    assert free.push().code == 0
    free.fetch()
    assert free.places("policy") == [(commit, LEDGER, None)]
