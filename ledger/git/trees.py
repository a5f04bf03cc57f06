"""Reads trees from their raw objects, whose sizes are known: a listing cannot be cut off unnoticed, and its bounds are ours.

Git recurses into trees and lists every path; a small push can hold a tree of a million levels, or one whose paths number more than
memory holds because the same subtree occurs in it many times. No function recurses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ledger.git.errors import GitFailedError

_ENTRY = re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{20})", re.DOTALL)
_ENTRY_SHA256 = re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{32})", re.DOTALL)
# Bytes of another entry's id can look like the beginning of a folder. The match then runs to the id of the next entry, so that no
# folder is missed; a file taken for a folder is an object that is no tree, and an error.
_SUBTREE = re.compile(rb"40000 [^\0]+\0(.{20})", re.DOTALL)
_SUBTREE_SHA256 = re.compile(rb"40000 [^\0]+\0(.{32})", re.DOTALL)


class TreeEntry(NamedTuple):
    """One name in a tree: its mode (six digits), name and object id."""

    mode: str
    name: str
    id: str

    @property
    def is_tree(self) -> bool:
        """Whether it is a folder."""
        return self.mode == "040000"


class TreeBoundsError(GitFailedError):
    """A tree deeper or larger than the bounds given."""

    def __init__(self, reason: str) -> None:
        super().__init__("cat-file", reason)
        self.reason = reason


def parse_tree(content: bytes, digits: int = 40) -> Iterator[TreeEntry]:
    """Yield the entries of a raw tree object whose ids have `digits` hex digits.

    Raises:
        GitFailedError: when it is no tree.
    """
    pattern = _ENTRY if digits == 40 else _ENTRY_SHA256
    end = 0
    while end < len(content):
        match = pattern.match(content, end)
        if match is None:
            raise GitFailedError("cat-file", "目录对象未能识别")
        end = match.end()
        yield TreeEntry(
            match[1].decode("ascii").rjust(6, "0"),
            match[2].decode("utf-8", "surrogateescape"),
            match[3].hex(),
        )


def tree_of(commit: bytes) -> str:
    """Return the id of the tree of a raw commit object.

    Raises:
        GitFailedError: when it is no commit.
    """
    first = commit.partition(b"\n")[0]
    if not first.startswith(b"tree "):
        raise GitFailedError("cat-file", "提交对象未能识别")
    return first[5:].decode("ascii", "replace")


ReadMany = Callable[[Sequence[str]], Iterable[bytes]]
"""Returns raw objects by their ids, in order."""


def list_files(
    read_many: ReadMany, tree: str, folder: str = "", *, depth: int = 32, count: int = 200_000
) -> dict[str, TreeEntry]:
    """Return every file below `folder` of a tree by its path. The folders of one depth are read at once.

    Raises:
        TreeBoundsError: for more than `depth` folders in each other or `count` files.
        GitFailedError: when an object cannot be read.
    """

    def read(name: str) -> bytes:
        [content] = read_many([name])
        return content

    tree = _subtree(read, tree, folder)
    if not tree:
        return {}
    files: dict[str, TreeEntry] = {}
    level = [(f"{folder.strip('/')}/" if folder.strip("/") else "", tree)]
    for _ in range(depth + 1):
        below: list[tuple[str, str]] = []
        contents = read_many([name for _, name in level])
        for (prefix, name), content in zip(level, contents, strict=True):
            for entry in parse_tree(content, len(name)):
                if entry.is_tree:
                    below.append((f"{prefix}{entry.name}/", entry.id))
                else:
                    mode = _canonical(entry.mode)
                    files[prefix + entry.name] = entry if mode == entry.mode else entry._replace(mode=mode)
                if len(files) + len(below) > count:
                    raise TreeBoundsError(f"一个版本里的文件和文件夹不止 {count} 个")
        if not below:
            return files
        level = below
    raise TreeBoundsError(f"文件夹套了不止 {depth} 层")


def compare_trees(
    read: Callable[[str], bytes], old: str, new: str, folder: str = ""
) -> dict[str, tuple[str, str]]:
    """Return the ids before and after of every file below `folder` that differs between two trees, empty where it is absent.

    `read` returns a raw object by its id. Folders that are the same are not read.

    Raises:
        GitFailedError: when an object cannot be read.
    """
    prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
    pending = [(prefix, _subtree(read, old, folder), _subtree(read, new, folder))]
    changed: dict[str, tuple[str, str]] = {}
    while pending:
        prefix, old, new = pending.pop()
        before, after = (
            {entry.name: entry for entry in parse_tree(read(tree), len(tree))} if tree else {}
            for tree in (old, new)
        )
        for name in before | after:
            was, now = before.get(name), after.get(name)
            if was == now:
                continue
            trees = [entry.id if entry and entry.is_tree else "" for entry in (was, now)]
            files = [entry.id if entry and not entry.is_tree else "" for entry in (was, now)]
            if any(trees):
                pending.append((f"{prefix}{name}/", trees[0], trees[1]))
            if any(files):
                changed[prefix + name] = (files[0], files[1])
    return changed


def _subtree(read: Callable[[str], bytes], tree: str, folder: str) -> str:
    """Return the id of a folder's tree; empty where there is no such folder."""
    for part in filter(None, folder.split("/")):
        entries = {entry.name: entry for entry in parse_tree(read(tree), len(tree))}
        if part not in entries or not entries[part].is_tree:
            return ""
        tree = entries[part].id
    return tree


def _canonical(mode: str) -> str:
    """Return a mode as git reads it: of a file's permissions only whether its owner may execute it."""
    if not mode.startswith("100"):
        return mode
    return "100755" if int(mode, 8) & 0o100 else "100644"


def check_bounds(
    read_many: ReadMany,
    trees: Iterable[str],
    *,
    depth: int,
    paths: int,
    count: int,
) -> None:
    """Check how deep trees are and how many paths each holds, before git walks them.

    A tree that stands in many others is read once, so that the work is bounded by `count`, the number of different trees.

    Raises:
        TreeBoundsError: for more than `depth` folders in each other, `paths` paths below one tree, or `count` trees.
        GitFailedError: when an object cannot be read.
    """
    level = list(dict.fromkeys(map(bytes.fromhex, trees)))
    size = len(level[0]) if level else 20
    pattern = _SUBTREE if size == 20 else _SUBTREE_SHA256
    children: dict[bytes, list[bytes]] = {}
    widths: dict[bytes, int] = {}
    for _ in range(depth + 1):
        if len(children) + len(level) > count:
            raise TreeBoundsError(f"目录对象不止 {count} 个")
        for name, content in zip(level, read_many([tree.hex() for tree in level]), strict=True):
            widths[name] = len(content) // (size + 8) + 1  # an entry has at least so many bytes
            children[name] = pattern.findall(content)
        level = list(set().union(*map(children.__getitem__, level)).difference(children))
        if not level:
            break
    else:
        raise TreeBoundsError(f"文件夹套了不止 {depth} 层")
    _measure(children, widths, depth, paths)


def _measure(
    children: Mapping[bytes, Sequence[bytes]], widths: Mapping[bytes, int], depth: int, paths: int
) -> None:
    depths: dict[bytes, int] = {}
    totals: dict[bytes, int] = {}
    pending = list(children)  # the deepest are at the end, where the work begins
    while pending:
        name = pending[-1]
        if name in depths:
            pending.pop()
            continue
        try:
            deepest = max(map(depths.__getitem__, children[name]), default=0)
        except KeyError:
            pending += [child for child in children[name] if child not in depths]
            continue
        pending.pop()
        total = sum(map(totals.__getitem__, children[name]), widths[name])
        depths[name], totals[name] = deepest + 1, total
        if deepest >= depth:
            raise TreeBoundsError(f"文件夹套了不止 {depth} 层")
        if total > paths:
            raise TreeBoundsError(f"一个版本里的路径不止 {paths} 个")
