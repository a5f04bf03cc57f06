"""Editor of single values in YAML text, leaving every other character as it was.

Positions come from `yaml_reader`; the text between them is replaced. Dumping the whole file from ruamel's round-trip tree was
tried and left: a comment behind the last key of a mapping belongs to that key there, so that a key added after it moves the comment
into the mapping, and flow lists of one-key mappings lose their braces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ledger.files.yaml_reader import MemberSpan, NodeSpan, node_span, scalar


class Plain(str):
    """Text that is YAML already, such as a value as it stood in the file."""

    __slots__ = ()


Loc = Sequence[str | int]


class Editor:
    """The text of one file being edited. Each change reads the positions again, so that several can follow.

    `last` names keys before which new ones go.
    """

    def __init__(self, text: str, last: Sequence[str] = ()) -> None:
        self.text = text
        self._last = last
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def value(self, loc: Loc, key: str) -> Plain | None:
        """Return a value as it stands in the file, on one line; None where the key is absent or empty."""
        spot = self._spot(loc).find(key)
        if spot is None:
            return None
        words = self.text[spot.value.start : spot.value.end]
        if not words.strip():
            return None
        if spot.value.flow and "\n" not in words:
            return Plain(words)
        return Plain(flow_line(spot.value.data))

    def put(self, loc: Loc, key: str, value: Any) -> None:
        """Set `key` of the mapping at `loc`; a new key goes behind the last one."""
        mapping = self._spot(loc)
        spot = mapping.find(key)
        if spot is None:
            self._add_key(mapping, key, flow_line(value))
        elif self.text[spot.value.start : spot.value.end].strip():
            # A block value begins on a line of its own: then everything behind the colon is replaced.
            start = spot.value.start if spot.value.flow else self._behind_colon(spot)
            gap = "" if spot.value.flow else " "
            self._splice(start, spot.value.end, gap + flow_line(value))
        else:
            start = self._behind_colon(spot)
            words = f" {flow_line(value)}"
            rest = self.text[start : self._line_end(start)]
            spaces = len(rest) - len(rest.lstrip(" "))
            self._splice(start, start + max(0, min(len(words), spaces - 1)), words)

    def drop(self, loc: Loc, key: str) -> None:
        """Take `key` out of the mapping at `loc` with its lines; in braces it becomes null."""
        mapping = self._spot(loc)
        spot = mapping.find(key)
        if spot is None:
            return
        if mapping.flow:
            self.put(loc, key, None)
            return
        start = self.text.rfind("\n", 0, spot.key.start) + 1
        self._splice(start, min(len(self.text), self._line_end(spot.value.end) + 1), "")

    def append(self, loc: Loc, key: str, item: Mapping[str, Any]) -> None:
        """Add a mapping to the list at `key` of the mapping at `loc`, which is made where there is none."""
        mapping = self._spot(loc)
        spot = mapping.find(key)
        listed = spot.value if spot else None
        if listed is None and not mapping.flow:
            indent = " " * mapping.column
            self._insert_lines(mapping.end, [f"{indent}{key}:", *_item(item, mapping.column + 2)])
        elif listed is None:
            self._add_key(mapping, key, flow_line([item]))
        elif listed.flow:
            comma = ", " if self.text[listed.start + 1 : listed.end - 1].strip() else ""
            self._splice(listed.end - 1, listed.end - 1, comma + flow_line(item))
        else:
            self._insert_lines(listed.end, _item(item, listed.column))

    def insert(self, loc: Loc, number: int, item: Mapping[str, Any]) -> None:
        """Put a mapping, in braces, into the list at `loc`, behind the item before its `number`; the list has items."""
        listed = self._spot(loc)
        end = self._spot((*loc, number - 1)).end
        if listed.flow:
            self._splice(end, end, f", {flow_line(item)}")
        else:
            self._insert_lines(end, [f"{' ' * listed.column}- {flow_line(item)}"])

    def _spot(self, loc: Loc) -> NodeSpan:
        return node_span(self.text, loc)

    def _add_key(self, mapping: NodeSpan, key: str, words: str) -> None:
        if mapping.flow:
            self._splice(mapping.end - 1, mapping.end - 1, f", {key}: {words}")
        else:
            ends = [spot.value.end for spot in mapping.children if spot.key.data not in self._last]
            self._insert_lines(max(ends), [f"{' ' * mapping.column}{key}: {words}"])

    def _behind_colon(self, spot: MemberSpan) -> int:
        return self.text.index(":", spot.key.end) + 1

    def _line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def _insert_lines(self, offset: int, lines: Sequence[str]) -> None:
        """Put lines behind the line that holds the last character before `offset`."""
        end = self._line_end(max(0, offset - 1))
        words = self._newline.join(lines) + self._newline
        if end == len(self.text):
            self.text += self._newline + words
        else:
            self._splice(end + 1, end + 1, words)

    def _splice(self, start: int, end: int, words: str) -> None:
        self.text = self.text[:start] + words + self.text[end:]


def flow_line(value: Any) -> str:
    """Return a value as one line of YAML that means the same inside braces and brackets."""
    if isinstance(value, Plain):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow_line(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow_line, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return scalar(value) if isinstance(value, str) else str(value)


def _item(item: Mapping[str, Any], column: int) -> list[str]:
    """Return a mapping as an item of a block list, a key on each line."""
    lines = [f"{key}: {flow_line(value)}" for key, value in item.items()]
    return [" " * column + ("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]
