"""What a ledger may hold: the list of paths, names that are one file on every system, and who may add anything else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.rules.audit.commit_rules.files import check_modes, check_paths
from ledger.rules.paths import PathIndex, kind_of, name_fault
from tests.conftest import CONFIG
from tests.rules.audit.contexts import config, context_of

ADMINS = config(CONFIG + "admins: [admin@x]\n")
PROGRESS = "data/progress/2023/金融办/01.yaml"
COMPATIBLE = "data/progress/2023/\uf90a融办/01.yaml"


def found(path: str, email: str = "anybody@x", **options: object) -> list[tuple[str, str]]:
    context = context_of({path: (None, "x\n")}, email=email, policy=ADMINS, **options)  # type: ignore[arg-type]
    return [(check_path.code, check_path.place.path) for check_path in check_paths(context)]


@pytest.mark.parametrize(
    "path",
    [
        PROGRESS,
        "data/targets/2023/金融办/01.yaml",
        "data/drafts/2024/商务局/12.yaml",
        "data/ledger.yaml",
        ".gitattributes",
        "keys/allowed_signers",
        "schemas/x.schema.json",
    ],
)
def test_paths_of_a_ledger(path: str) -> None:
    assert found(path) == []


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "data/README.md",
        "data/progress/2023/金融办/1.yaml",
        "data/progress/2023/金融办/01.yml",
        "data/progress/金融办/01.yaml",
        "data/progress/2023/金融办/x/01.yaml",
        "data/progress/23/金融办/01.yaml",
        "ledger.py",
        ".github/workflows/x.yml",
        "通报/6月.docx",
    ],
)
def test_other_paths_are_for_an_admin(path: str) -> None:
    assert found(path) == [("path", path)]
    assert found(path, email=" Admin@X ") == []
    assert kind_of(path) == "foreign"


@pytest.mark.parametrize("path", ["README.md", "x/y.txt"])
def test_a_foreign_file_is_not_changed_by_others_either(path: str) -> None:
    context = context_of({path: ("a\n", "b\n")}, policy=ADMINS)
    assert [(check_path.code, check_path.place.path) for check_path in check_paths(context)] == [
        ("path", path)
    ]
    assert not list(check_paths(context_of({path: ("a\n", None)}, policy=ADMINS))), "it may go"


def test_departments_are_those_of_the_list() -> None:
    path = "data/progress/2023/财政局/01.yaml"
    assert found(path) == found(path, email="admin@x") == [("path", path)]
    changed = context_of({path: ("a\n", "b\n")}, policy=ADMINS)
    assert not list(check_paths(changed)), "a file of a department that is gone stays where it is"


BAD = {
    "of another form": COMPATIBLE,
    "decomposed": "data/progress/2023/" + unicodedata.normalize("NFD", "é") + "/01.yaml",
    "control character": "data/progress/2023/金\x7f办/01.yaml",
    "backslash": "data\\progress",
    "colon": "data/progress/2023/C:/01.yaml",
    "reserved": "data/con",
    "reserved with an ending": "data/NUL.yaml",
    "dot at the end": "data/x.",
    "space at the end": "data/x ",
    "space before": "data/ x",
    "parent": "data/../x",
    "long": "data/" + "长" * 100,
    "deep": "/".join("x" * 13),
}


@pytest.mark.parametrize("path", BAD.values(), ids=BAD)
@pytest.mark.parametrize("email", ["anybody@x", "admin@x"])
def test_names_that_are_bad_whoever_adds_them(path: str, email: str) -> None:
    assert found(path, email=email) == [("path", path)]
    assert name_fault(path)


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("Data/progress/2023/金融办/02.yaml", "data"),
        ("DATA/ledger.yaml", "data"),
        (".GitAttributes", ".gitattributes"),
        ("data/Ledger.yaml", "data/ledger.yaml"),
        ("data/progress/２０２３/金融办/01.yaml", "data/progress/2023"),
    ],
)
def test_names_that_look_like_another(path: str, other: str) -> None:
    there = ("data/ledger.yaml", ".gitattributes", PROGRESS)
    context = context_of({path: (None, "x\n")}, email="admin@x", policy=ADMINS, others=there)
    [finding] = check_paths(context)
    assert (finding.code, finding.place.path) == ("path", path)
    assert other in finding.message


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(NAMES)
@example("\uf90a融办")
@example("ﬁ")
def test_a_name_that_passes_is_one_file_everywhere(name: str) -> None:
    if name_fault(f"data/{name}"):
        return
    assert unicodedata.normalize("NFC", name) == name
    assert not set(name) & set('/\\:*?"<>|')
    assert not name.endswith((" ", "."))
    assert len(name.encode()) <= 200


@given(st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), max_size=8, unique=True))
def test_the_index_finds_what_looks_alike(paths: list[str]) -> None:
    def folded(path: str) -> str:
        return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())

    index = PathIndex()
    prefixes: set[str] = set()
    for path in paths:
        own = {"/".join(path.split("/")[: n + 1]) for n in range(path.count("/") + 1)}
        alike = any(folded(a) == folded(b) and a != b for a in own for b in prefixes)
        assert bool(index.add(path)) == alike
        prefixes |= own
    for path in paths:
        index.remove(path)
    assert index.add("任何") is None


@pytest.mark.parametrize(
    ("path", "mode", "code"),
    [
        (PROGRESS, "120000", "symlink"),
        (PROGRESS, "160000", "mode"),
        (PROGRESS, "100755", "mode"),
        ("data", "120000", "symlink"),
        ("x", "120000", "symlink"),
        (".gitattributes", "100755", "mode"),
    ],
)
def test_modes(path: str, mode: str, code: str) -> None:
    context = context_of({path: ("a\n", "b\n")}, email="admin@x", modes=("100644", mode), policy=ADMINS)
    assert [(check_mode.code, check_mode.place.path) for check_mode in check_modes(context)] == [(code, path)]


def test_an_admin_may_add_a_program() -> None:
    context = context_of(
        {"tools/x": (None, "x\n")}, email="admin@x", modes=("100644", "100755"), policy=ADMINS
    )
    assert not list(check_modes(context))
