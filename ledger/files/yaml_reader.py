"""Strict reader of YAML files written by people, with the position of every part.

Only this module and `yaml_loader` use ruamel.yaml. `yaml_editor` changes values by splicing text at the positions found here. PyYAML is
not used: it reads `on` as True, `1:30` as 90 and `010` as 8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ledger.core.findings import Finding, Place
from ledger.core.structs import FrozenStruct
from ledger.files.yaml_loader import Constructor, Loader, load_text, reader

MAX_BYTES = 1024 * 1024
"""No file written by hand is so large. The worst content of this size (a million brackets) takes ten seconds to read."""
MAX_DEPTH = 60
_DEEP = " " * 4 * MAX_DEPTH
_EXCERPT = 200
"""Characters of a line that a finding quotes, so that a file of one line is not repeated by each of its faults."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# What ruamel writes plain or folds and its own C reader then refuses inside braces, or reads as a line break.
_UNSAFE = "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
_FLOW_MARKS = rf"^-|[\x00-\x1f:?#,\[\]{{}}]|{_UNSAFE}"
_MAYBE_ANCHOR = re.compile(r"(?:^|[\s\[{,:-])[&*][^\s&*]")


class Document(FrozenStruct, dict=True):
    """One parsed file: its text, its data and, on demand, the position of any part of it."""

    text: str
    data: Any

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def _tree(self) -> Node | None:
        return Loader(self.text).get_single_node()  # type: ignore[no-any-return]

    def locate(self, loc: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Return line and column (from 1) of the deepest part of `loc` that exists; parts that do not are passed over.

        With `key`, the position of the last mapping key rather than of its value. Passing over unknown parts lets a
        validator's path go in as it is, with its union tags and its missing keys.
        """
        node, mark = self._tree, None
        if node is None:
            return 1, 1
        mark = node.start_mark
        for part in loc:
            child = _child(node, part)
            if child is None:
                continue
            mark = (child[0] if key else child[1]).start_mark
            node = child[1]
        return mark.line + 1, mark.column + 1

    def locate_in_text(self, loc: Sequence[str | int], offset: int) -> tuple[int, int]:
        """Return the position of character `offset` of the one-line scalar at `loc`, plain or in a `>-` block."""
        line, column = self.locate(loc)
        lines = self._lines
        if line <= len(lines) and lines[line - 1][column - 1 : column] in {">", "|"} and line < len(lines):
            below = lines[line]
            return line + 1, len(below) - len(below.lstrip(" ")) + offset + 1
        quoted = lines[line - 1][column - 1 : column] in {"'", '"'} if line <= len(lines) else False
        return line, column + offset + quoted

    def excerpt(self, line: int) -> str:
        """Return the text of line `line`, without surrounding space and not beyond what is worth showing; empty for none."""
        return self._lines[line - 1].strip()[:_EXCERPT] if 0 < line <= len(self._lines) else ""


def _child(node: Node, part: str | int) -> tuple[Node, Node] | None:
    if isinstance(node, MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def decode(raw: bytes) -> str | Finding:
    """Decode UTF-8, or say where it is not, and whether it looks like GBK (what a Chinese Notepad saves)."""
    if len(raw) > MAX_BYTES:
        return _unreadable(
            0,
            0,
            f"文件有 {len(raw)} 字节，超过上限 {MAX_BYTES} 字节",
            "账本文件是手写的小文件，请检查是否放错了文件",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        try:
            raw.decode("gb18030")
        except UnicodeDecodeError:
            return _unreadable(line, column, "文件不是 UTF-8 编码", "请用编辑器另存为 UTF-8")
        return _unreadable(
            line,
            column,
            "文件不是 UTF-8 编码，像是 GBK",
            "请用编辑器另存为 UTF-8（记事本：另存为 → 编码 → UTF-8）",
        )
    if text.startswith("\ufeff"):
        return _unreadable(1, 1, "文件开头有 BOM 标记", "请另存为“UTF-8”（不带 BOM）")
    return text


def parse(raw: bytes, path: str = "") -> Document | Finding:
    """Parse one document; for bytes that are none, return why, at its place in the file `path`. Never raises."""
    text = decode(raw)
    parsed = (
        text
        if isinstance(text, Finding)
        else _control_character(text) or _too_deep(text) or _aliased(text) or _load(text)
    )
    return parsed.at(parsed.place._replace(path=path)) if isinstance(parsed, Finding) else parsed


def _unreadable(line: int, column: int, message: str, hint: str) -> Finding:
    return Finding("yaml", message, hint, Place(line=line, column=column))


@lru_cache(maxsize=128)
def _load(text: str) -> Document | Finding:
    """Read a text. The last ones are kept: a report reads a plan for its audit, from git, and again from the folder. Nobody changes a document."""
    try:
        return Document(text, load_text(text))
    except DuplicateKeyError as error:
        mark = error.problem_mark
        words = re.search(r'found duplicate key "(.*?)"', str(error), re.DOTALL)
        name = words[1] if words else ""
        return _unreadable(
            mark.line + 1, mark.column + 1, f"键 {name} 写了两次", "同一层里每个键只能写一次，删去一个"
        )
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return _unreadable(
            line, column, f"YAML 写法有误：{_plain(error)}", "检查这一行和上一行的缩进、冒号后的空格和引号"
        )
    except (YAMLError, ValueError, RecursionError, OverflowError) as error:
        return _unreadable(
            0, 0, f"YAML 读不出来：{str(error).splitlines()[0][:80]}", "检查文件内容；可与 git 里上一版对照"
        )


def _plain(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "").strip()
    known = {
        "mapping values are not allowed": "这里不该有冒号（值里有冒号时要加引号）",
        "could not find expected ':'": "缺少冒号",
        "did not find expected key": "缩进不一致，或上一行的引号、括号没有配对",
        "did not find expected ',' or ']'": "方括号没有配对，或缺少逗号",
        "did not find expected ',' or '}'": "花括号没有配对，或缺少逗号",
        "did not find expected '-' indicator": "列表项的缩进不一致",
        "found character that cannot start any token": "有不能这样用的字符（如制表符），缩进只能用空格",
        "found unexpected end of stream": "引号没有配对",
        "found unexpected document indicator": "引号没有配对",
        "found unexpected ':'": "这里不该有冒号（值里有冒号时要加引号）",
        "did not find expected node content": "这里缺一个值，或值的开头不能这样写（加上引号）",
        "did not find expected <document start>": "缩进不一致：这一行与前面的不在一层",
        "but found another document": "一个文件里只能有一份内容，不能用 --- 隔成几份",
        "block sequence entries are not allowed": "这里不能用“- ”起一项",
        "found a tab character": "缩进只能用空格，不能用制表符",
        "found unknown escape character": "双引号里的反斜杠要写两个",
        "could not determine a constructor": "值以叹号开头时要加引号",
        "did not find expected whitespace": "值以叹号开头时要加引号",
        "did not find expected tag URI": "值以叹号开头时要加引号",
    }
    return next(
        (words for start, words in known.items() if problem.startswith(start)),
        f"不合 YAML 的格式（{problem}）",
    )


def _aliased(text: str) -> Finding | None:
    """Refuse anchors and aliases: plans do not need them, and a few lines can expand without end (billion laughs)."""
    if not (("&" in text or "*" in text) and _MAYBE_ANCHOR.search(text)):
        return None
    try:
        for event in reader().parse(text):
            if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
                mark = event.start_mark
                return _unreadable(
                    mark.line + 1,
                    mark.column + 1,
                    "账本文件不用 YAML 锚点（& 和 *）",
                    "把内容写全，或给文字加引号",
                )
    except (YAMLError, ValueError):
        return None  # the load that follows reports it with its position
    return None


def _too_deep(text: str) -> Finding | None:
    """Refuse deep nesting before the C parser recurses into it."""
    if max(text.count("[") + text.count("{"), text.count("- ")) <= MAX_DEPTH and _DEEP not in text:
        return None  # not even all of it together is too deep
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        indent = len(line) - len(line.lstrip(" "))
        opened = line.count("[") + line.count("{")
        # As deep as the line could get; brackets inside words count too, which no text of a plan brings near the limit.
        if depth + opened > MAX_DEPTH or indent > 4 * MAX_DEPTH or line.count("- ") > MAX_DEPTH:
            return _unreadable(
                number, 1, f"括号或缩进超过 {MAX_DEPTH} 层", "账本文件只有几层，请检查文件内容"
            )
        depth = max(0, depth + opened - line.count("]") - line.count("}"))
    return None


def _control_character(text: str) -> Finding | None:
    match = _CONTROL.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    return _unreadable(
        line, column, f"有控制字符 U+{ord(match[0]):04X}", "删去它；多半是从别的软件粘贴时带来的"
    )


class NodeSpan(FrozenStruct):
    """Where a value stands: offsets of its first and behind its last character, the column of a block's keys or dashes.

    `flow` is whether it stands as a scalar or in braces or brackets, so that its text can be replaced by another's.
    """

    start: int
    end: int
    column: int
    flow: bool
    data: Any
    children: tuple[MemberSpan, ...] = ()

    def find(self, key: str) -> MemberSpan | None:
        """Return where a key of this mapping stands, with its value."""
        return next((spot for spot in self.children if spot.key.data == key), None)


class MemberSpan(FrozenStruct):
    """A key of a mapping and its value."""

    key: NodeSpan
    value: NodeSpan


def node_span(text: str, loc: Sequence[str | int]) -> NodeSpan:
    """Return where the value at `loc` stands in a file that was read before.

    Raises:
        KeyError: when there is none.
    """
    yaml = YAML(typ="safe", pure=True)  # the C reader's offsets count otherwise
    yaml.Constructor = Constructor
    node = yaml.compose(text)
    for part in loc:
        child = _child(node, part)
        if child is None:
            raise KeyError(part)
        node = child[1]
    return _place(text, node, yaml)


def _place(text: str, node: Node, yaml: YAML) -> NodeSpan:
    start, column = node.start_mark.index, node.start_mark.column
    data = yaml.constructor.construct_object(node, deep=True)
    flow = isinstance(node, ScalarNode) or _in_braces(node)
    spots = (
        tuple(MemberSpan(_place(text, key, yaml), _place(text, value, yaml)) for key, value in node.value)
        if isinstance(node, MappingNode)
        else ()
    )
    return NodeSpan(start, _end(text, node), column, flow and not _is_block(node), data, spots)


def _in_braces(node: Node) -> bool:
    return isinstance(node, (MappingNode, SequenceNode)) and bool(node.flow_style)


def _is_block(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style in {"|", ">"}


def _end(text: str, node: Node) -> int:
    """Return the offset behind a value's last character: a block's own end mark lies behind the comments that follow."""
    if isinstance(node, ScalarNode):
        return _block_end(text, node) if _is_block(node) else int(node.end_mark.index)
    if _in_braces(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    key, value = last if isinstance(node, MappingNode) else (last, last)
    return max(_end(text, value), int(key.end_mark.index) if isinstance(key, ScalarNode) else 0)


def _block_end(text: str, node: ScalarNode) -> int:
    """Return the end of a `>-` or `|` text: its lines are blank or deeper than the line it begins on."""
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    first = text[begin : node.start_mark.index]
    depth = len(first) - len(first.lstrip(" -"))
    end = at = text.find("\n", node.start_mark.index)
    while 0 <= at < len(text) - 1:
        line_end = text.find("\n", at + 1)
        line = text[at + 1 : line_end if line_end >= 0 else len(text)]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= depth:
            break
        if line.strip():
            end = at + 1 + len(line)
        at = line_end
    return end if end >= 0 else len(text)


@lru_cache(maxsize=8192)
def scalar(text: str) -> str:
    """Return a text as YAML, quoted only where it must be, fit for standing inside braces and brackets."""
    if not re.search(_FLOW_MARKS, text):
        yaml = YAML(typ="rt")
        yaml.width = 2**30
        yaml.default_flow_style = True
        stream = StringIO()
        yaml.dump([text], stream)
        return stream.getvalue().strip().removeprefix("[").removesuffix("]")
    return "".join(
        f"\\u{ord(letter):04x}" if re.match(_UNSAFE, letter) else letter
        for letter in json.dumps(text, ensure_ascii=False)
    )
