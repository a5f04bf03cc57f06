"""Trees read from their raw objects, and their bounds, without recursion: small trees that stand for very large ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.git.errors import GitFailedError
from ledger.git.trees import TreeBoundsError, check_bounds, compare_trees, list_files, parse_tree, tree_of


class Objects(dict[str, bytes]):
    """Raw trees by id."""

    def tree(self, *entries: tuple[str, str, str]) -> str:
        content = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(one) for mode, name, one in entries)
        name = hashlib.sha1(content).hexdigest()
        self[name] = content
        return name

    def nested(self, levels: int, *, width: int = 1) -> str:
        """Return a tree of so many levels, in each of which the next one stands `width` times."""
        tree = self.tree(("100644", "x", "b" * 40))
        for _ in range(levels - 1):
            tree = self.tree(*(("40000", f"d{number}", tree) for number in range(width)))
        return tree

    def read_many(self, names: Iterable[str]) -> Iterator[bytes]:
        return (self[name] for name in names)


BOUNDS = {"depth": 5, "paths": 1000, "count": 100}


@pytest.mark.parametrize(("levels", "width"), [(1, 1), (5, 1), (3, 12), (4, 5)])
def test_within_bounds(levels: int, width: int) -> None:
    objects = Objects()
    check_bounds(objects.read_many, [objects.nested(levels, width=width)], **BOUNDS)


@pytest.mark.parametrize(("levels", "width"), [(6, 1), (50, 1), (4, 12), (5, 8), (5, 40)])
def test_out_of_bounds(levels: int, width: int) -> None:
    """Five objects can stand for a hundred million paths; no more than five are read to see it."""
    objects = Objects()
    with pytest.raises(TreeBoundsError):
        check_bounds(objects.read_many, [objects.nested(levels, width=width)], **BOUNDS)


def test_too_many_trees() -> None:
    objects = Objects()
    leaves = [objects.tree(("100644", f"{number}", "b" * 40)) for number in range(101)]
    with pytest.raises(TreeBoundsError):
        check_bounds(objects.read_many, leaves, **BOUNDS)


def test_a_chain_each_link_of_which_stands_in_the_root_too() -> None:
    """The shortest way to a tree does not say how deep it lies."""
    objects = Objects()
    chain = [objects.tree(("100644", "x", "b" * 40))]
    for _ in range(7):
        chain.append(objects.tree(("40000", "d", chain[-1])))
    root = objects.tree(*(("40000", f"{number}", one) for number, one in enumerate(chain)))
    with pytest.raises(TreeBoundsError):
        check_bounds(objects.read_many, [root], **BOUNDS)


def test_an_id_that_looks_like_a_folder_hides_none() -> None:
    objects = Objects()
    deep = objects.nested(9)
    tricky = b"40000 a".hex() + "c" * 26
    root = objects.tree(("100644", "a", tricky), ("40000", "b", deep))
    with pytest.raises((TreeBoundsError, KeyError)):
        check_bounds(objects.read_many, [root], **BOUNDS)


def test_listing() -> None:
    objects = Objects()
    inner = objects.tree(("100644", "01.yaml", "b" * 40), ("120000", "link", "c" * 40))
    root = objects.tree(("100644", "a", "d" * 40), ("40000", "data", objects.tree(("40000", "x", inner))))
    assert {path: file.mode for path, file in list_files(objects.read_many, root).items()} == {
        "a": "100644",
        "data/x/01.yaml": "100644",
        "data/x/link": "120000",
    }
    assert set(list_files(objects.read_many, root, "data/x")) == {"data/x/01.yaml", "data/x/link"}
    assert list_files(objects.read_many, root, "data/y") == list_files(objects.read_many, root, "a") == {}
    with pytest.raises(TreeBoundsError):
        list_files(objects.read_many, root, count=2)
    with pytest.raises(TreeBoundsError):
        list_files(objects.read_many, objects.nested(40))


Content = dict[str, "str | Content"]
"""What a folder holds: the first letter of a file's id, or another folder."""
_NAMES = st.sampled_from(["a", "data", "x.yaml"])
_CONTENTS = st.recursive(
    st.sampled_from("bcd"), lambda inner: st.dictionaries(_NAMES, inner, min_size=1, max_size=3), max_leaves=8
)


def _write_tree(objects: Objects, folder: Content) -> str:
    return objects.tree(
        *(
            ("40000", name, _write_tree(objects, inner))
            if isinstance(inner, dict)
            else ("100644", name, inner * 40)
            for name, inner in sorted(folder.items())
        )
    )


@given(
    st.dictionaries(_NAMES, _CONTENTS, max_size=3),
    st.dictionaries(_NAMES, _CONTENTS, max_size=3),
    st.sampled_from(["", "data", "data/a", "a/x.yaml"]),
)
def test_a_comparison_is_that_of_the_two_listings(old: Content, new: Content, folder: str) -> None:
    objects = Objects()
    trees = [_write_tree(objects, content) for content in (old, new)]
    before, after = (list_files(objects.read_many, tree, folder) for tree in trees)
    expected = {
        path: tuple(files[path].id if path in files else "" for files in (before, after))
        for path in before | after
        if before.get(path) != after.get(path)
    }
    assert compare_trees(objects.__getitem__, *trees, folder) == expected


def test_folders_that_are_the_same_are_not_read() -> None:
    objects = Objects()
    same = ("40000", "same", "e" * 40)  # no such object
    old, new = (objects.tree(("100644", "a", letter * 40), same) for letter in "bc")
    assert compare_trees(objects.__getitem__, old, new) == {"a": ("b" * 40, "c" * 40)}


@pytest.mark.parametrize(
    ("mode", "shown"),
    [("100644", "100644"), ("100664", "100644"), ("100600", "100644"), ("100755", "100755"), ("100775", "100755"),
     ("100700", "100755"), ("100655", "100644"), ("120000", "120000"), ("160000", "160000")],
)  # fmt: skip
def test_modes_as_git_reads_them(mode: str, shown: str) -> None:
    objects = Objects()
    [file] = list_files(objects.read_many, objects.tree((mode, "a", "d" * 40))).values()
    assert (file.mode, file.name, file.id) == (shown, "a", "d" * 40)


@pytest.mark.parametrize("content", [b"rubbish", b"100644 x\0short", b"100644 \0" + b"a" * 20])
def test_what_is_no_tree(content: bytes) -> None:
    with pytest.raises(GitFailedError) as caught:
        list(parse_tree(content))
    assert caught.value.message.startswith("git cat-file ")


def test_the_tree_of_a_commit() -> None:
    assert tree_of(b"tree " + b"a" * 40 + b"\nauthor x\n\n") == "a" * 40
    with pytest.raises(GitFailedError):
        tree_of(b"blob")
