"""Parser and serialiser of progress files: strict, with every fault located, never raising for what a file holds.

A canonical file holds one JSON object per line, each after `- `: a YAML list to every YAML reader, and read here by the standard
library's `json` over the joined lines. It has no header, so that two files put together are a file. Anything else goes whole
to the YAML reader, never line by line, so that each file has one meaning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.core.findings import Finding, Place
from ledger.core.models.base import ValidationError, defaults_of, read_model
from ledger.core.models.entries import Entry
from ledger.core.structs import msgspec
from ledger.core.units.lazy import LazyPattern
from ledger.files.ledger import ProgressFile, of_schema

# What YAML 1.2 readers refuse, fold into a line break or drop when it stands unescaped in a double-quoted text.
_UNPRINTED = "\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_ESCAPED = re.compile(f"[{_UNPRINTED}\ud800-\udfff]")
_UNESCAPED = re.compile(f"[{_UNPRINTED}]")
_FIELDS = defaults_of(Entry)
# A character beyond U+FFFF as two escapes: one character to JSON, two halves to YAML.
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
_decode, _decode_all = msgspec.json.Decoder(Entry).decode, msgspec.json.Decoder(list[Entry]).decode
_TEXT = rf'"[^"\\\x00-\x1f{_UNPRINTED}]++"'
_COMMON_LINE = (
    r'- \{"id": "[0-9A-Z]{26}", "on": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "target": "[a-z][a-z0-9-]*+"'
    rf'(?:, "(?:add|total|value|step)": {_TEXT}|), "by": {_TEXT}(?:, "simulated": "模拟数据"|)\}}\n'
)
"""Most lines that the program writes: matching costs a fifth of writing them again."""
_COMMON, _ALL_COMMON = LazyPattern(_COMMON_LINE), LazyPattern(f"(?:{_COMMON_LINE})*+")
_CONFLICT = re.compile(r"^(?:<{7} .*|={7}|>{7} .*)$", re.MULTILINE)
_EXCERPT = 120
MAX_FAULTS = 100
"""Faults listed of one file; more than that means that another file was put in its place."""
MAX_BYTES = 8 * 1024 * 1024
"""A year of one commitment: some 50,000 entries, where ten targets reported every day make 3,650. Reading so many takes a second."""

Row = tuple[int, Any]
"""A line number and what stands there."""


def encode(entry: Entry) -> str:
    """Return the one line that stands for `entry`, with its newline; fields at their default are left out."""
    shown: dict[str, Any] = {}
    for name, default in _FIELDS:
        value = getattr(entry, name)
        if value != default:
            shown[name] = value.isoformat() if isinstance(value, date) else value
    text = json.dumps(shown, ensure_ascii=False)
    return f"- {_ESCAPED.sub(_escape, text)}\n"


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def read_progress(path: str, raw: bytes) -> ProgressFile:
    """Read the entries of one progress file with their line numbers; every fault is a located finding."""
    if finding := too_large(path, len(raw)):
        return ProgressFile(path, (), (), (finding,))
    if finding := _foreign_bytes(path, raw):
        return ProgressFile(path, (), (), (finding,))
    text = raw.decode("utf-8")
    lines = text.split("\n")
    torn: tuple[Finding, ...] = ()
    if lines[-1] and not _is_object(lines[-1]):
        torn, lines = (_torn(path, lines),), [*lines[:-1], ""]
        text = "\n".join(lines)
    rows = _rows(lines)
    if rows is not None:
        entries, numbers, findings = _validated(path, rows, lines)
    else:
        entries, numbers, findings = _read_yaml(path, text)
    return ProgressFile(path, entries, numbers, (*findings, *torn))


def too_large(path: str, size: int) -> Finding | None:
    """Refuse a file of a size that no year of entries has: reading it would take minutes and all memory."""
    if size <= MAX_BYTES:
        return None
    message = f"进度文件有 {size} 字节，超过上限 {MAX_BYTES} 字节（约 5 万条记录）"
    hint = f"一个承诺事项一年用不到这么多：git log --stat -- {path} 查看是哪次提交放大的，用 git revert 撤回那次提交"
    return Finding("file", message, hint, place=Place(path))


REWRITE = "ledger doctor --fix 会把这个文件改写为一行一条，意思不变，另作一次提交"


def check_canonical(progress: ProgressFile, raw: bytes) -> Iterator[Finding]:
    """Yield a finding for each entry, comment or blank line that is readable but not canonical; none where the file holds errors.

    A canonical line is one JSON object behind `- `, with its newline. Only such lines keep their meaning whatever is appended below
    them: a line that is indented belongs to the entry above it.
    """
    if progress.findings:
        return
    lines = raw.decode("utf-8").split("\n")
    if not lines[-1] and _rows(lines) is not None:
        return
    starts = frozenset(progress.lines)
    in_block = False  # whether the lines that follow belong to what was reported
    for number, line in enumerate(lines if lines[-1] else lines[:-1], start=1):
        if number not in starts and in_block:
            continue
        in_block = read_line(line) is None
        if in_block:
            message = "这里不是一行一条的记录：下面再添一行，就可能改变它的意思"
            yield Finding("form", message, REWRITE, Place(progress.path, number, 1), excerpt=line[:_EXCERPT])
    if lines[-1] and not in_block:
        place = Place(progress.path, len(lines), len(lines[-1]))
        yield Finding("form", "末尾没有换行，下面再添一条就会与它连在一起", REWRITE, place)


def _foreign_bytes(path: str, raw: bytes) -> Finding | None:
    """Find what no text file of ours holds: another encoding, a BOM, NUL, carriage returns."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        words = _encoding_of(raw)
        return _at(path, raw, error.start, "encoding", f"文件不是 UTF-8 编码{words}", "请另存为 UTF-8")
    if raw.startswith(b"\xef\xbb\xbf"):
        return _at(path, raw, 0, "encoding", "文件开头有 BOM 标记", "请另存为“UTF-8”（不带 BOM）")
    for byte, name, hint in (
        (b"\0", "空字符（NUL）", "git log -p 查看是哪次提交带进来的"),
        (b"\r", "回车符（CR）", "行尾应只用 LF：检查 .gitattributes，并用编辑器把行尾改成 LF"),
    ):
        if (offset := raw.find(byte)) >= 0:
            return _at(path, raw, offset, "encoding", f"文件里有{name}", hint)
    return None


def _encoding_of(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "，像是 GBK"


def _at(path: str, raw: bytes, offset: int, rule: str, message: str, hint: str) -> Finding:
    start = raw.rfind(b"\n", 0, offset) + 1
    column = len(raw[start:offset].decode("utf-8", "replace")) + 1
    return Finding(rule, message, hint, place=Place(path, raw.count(b"\n", 0, offset) + 1, column))


def _torn(path: str, lines: Sequence[str]) -> Finding:
    return Finding(
        "torn",
        "末行只写了一半（上次写入时断电或程序被强行结束）",
        "ledger doctor 会说明并修复；下一次 ledger log 也会先处理它",
        place=Place(path, len(lines), 1),
        excerpt=lines[-1][:_EXCERPT],
    )


def _is_object(line: str) -> bool:
    try:
        return line.startswith("- {") and isinstance(json.loads(line[2:]), dict)
    except (ValueError, RecursionError):
        return False


def _rows(lines: Sequence[str]) -> list[Row] | None:
    """Return the JSON object of each line as a list of pairs, `None` when the file is not canonical.

    The lines are joined by a comma and a newline, because JSON allows no newline inside a text: no text can span two lines. An
    object that does holds another object, which no entry may.
    """
    body = lines[:-1] if not lines[-1] else lines
    if not all(line.startswith("- {") and line.endswith("}") for line in body):
        return None
    joined = ",\n".join([line[2:] for line in body])
    if _ambiguous(joined):
        return None
    try:
        rows = json.loads(f"[{joined}]", object_pairs_hook=list, parse_float=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError):
        return None
    return list(enumerate(rows, start=1)) if len(rows) == len(body) else None


def _ambiguous(text: str) -> bool:
    """Whether JSON and YAML could read `text` in two ways, or YAML not at all."""
    return bool(_UNESCAPED.search(text) or ("\\u" in text and _HALVES.search(text)))


def _validated(
    path: str, rows: Sequence[Row], lines: Sequence[str]
) -> tuple[tuple[Entry, ...], tuple[int, ...], tuple[Finding, ...]]:
    entries: list[Entry] = []
    numbers: list[int] = []
    findings: list[Finding] = []
    for number, pairs in rows:
        if len(findings) >= MAX_FAULTS:
            findings.append(_too_many(path, number))
            break
        row = dict(pairs)
        line = lines[number - 1]
        if len(row) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            column = line.rfind(json.dumps(twice, ensure_ascii=False)) + 1
            message = f"键 {twice} 写了两次"
            findings.append(
                Finding("schema", message, place=Place(path, number, column), excerpt=line[:_EXCERPT])
            )
            continue
        try:
            entries.append(read_model(Entry, row))
            numbers.append(number)
        except ValidationError as error:
            for fault in error.findings:
                column = _column(line, fault.place.keys, key=fault.code == "unknown-key")
                findings.append(of_schema(fault, Place(path, number, column), line[:_EXCERPT]))
    return tuple(entries), tuple(numbers), tuple(findings)


def _too_many(path: str, line: int) -> Finding:
    message = f"前面的错误已有 {MAX_FAULTS} 处，从这一行起没有再读"
    return Finding(
        "schema", message, "先改正前面的；文件放错了就用 git restore 恢复", place=Place(path, line, 1)
    )


def read_line(line: str) -> Entry | None:
    """Read one line of a canonical file; None for anything that `read` would complain of or read in another way."""
    if not (line.startswith("- {") and line.endswith("}")) or _ambiguous(line):
        return None
    try:
        pairs = json.loads(line[2:], object_pairs_hook=list, parse_float=Decimal, parse_constant=Decimal)
        row = dict(pairs)
        return read_model(Entry, row) if len(row) == len(pairs) else None
    except (ValueError, RecursionError):
        return None


def read_canonical(line: bytes) -> Entry | None:
    """Return the entry of one canonical line, newline included; None for any other line."""
    if not line.startswith(b"- {") or not line.endswith(b"}\n"):
        return None
    try:
        text = line.decode("utf-8")
        return _decode(line[2:]) if _COMMON.fullmatch(text) else read_line(text[:-1])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def read_all_canonical(raw: bytes) -> list[Entry] | None:
    """Return the entries of a file all of whose lines are of the most common form, in a third of the time that reading line by line takes.

    None for any other file: `read_canonical` says which of its lines are canonical.
    """
    try:
        if not _ALL_COMMON.fullmatch(raw.decode("utf-8")):
            return None
        return _decode_all(
            b"[%b]" % raw[2:-1].replace(b"}\n- {", b"},{")
        )  # no text of such a line holds a newline
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _column(line: str, loc: Sequence[str | int], *, key: bool) -> int:
    """Return the column of a key, or of its value; 1 where the key is not in the line."""
    name = json.dumps(str(loc[0]), ensure_ascii=False) if loc else ""
    at = line.find(f"{name}:") if name else -1
    if at < 0:
        return 1
    if key:
        return at + 1
    after = at + len(name) + 1
    return after + len(line[after:]) - len(line[after:].lstrip(" ")) + 1


def _read_yaml(path: str, text: str) -> tuple[tuple[Entry, ...], tuple[int, ...], tuple[Finding, ...]]:
    """Read a file that a person wrote: any YAML list of mappings."""
    from ledger.files.yaml_reader import MAX_BYTES as YAML_MAX_BYTES
    from ledger.files.yaml_reader import parse

    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        hint = "两边的记录都留下，删去 <<<<<<<、=======、>>>>>>> 三行，再提交"
        return (
            (),
            (),
            (
                Finding(
                    "conflict",
                    "文件里留有 git 的合并冲突标记",
                    hint,
                    place=Place(path, line, 1),
                    excerpt=mark[0],
                ),
            ),
        )
    raw = text.encode("utf-8")
    if len(raw) > YAML_MAX_BYTES:
        return (), (), (_foreign_line(path, text, len(raw)),)
    document = parse(raw, path)
    if isinstance(document, Finding):
        return (), (), (document,)
    if document.data is None:
        return (), (), ()
    if not isinstance(document.data, list):
        hint = "每条一行，写成 - {…}；用 ledger log 记数就不会写错"
        return (
            (),
            (),
            (Finding("schema", "进度文件应是一个列表，每条以“- ”开头", hint, place=Place(path, 1, 1)),),
        )
    entries: list[Entry] = []
    numbers: list[int] = []
    findings: list[Finding] = []
    for index, row in enumerate(document.data):
        line, column = document.locate((index,))
        if len(findings) >= MAX_FAULTS:
            findings.append(_too_many(path, line))
            break
        try:
            entries.append(read_model(Entry, row))
            numbers.append(line)
        except ValidationError as error:
            for fault in error.findings:
                keys = (index, *fault.place.keys)
                line, column = document.locate(keys, key=fault.code == "unknown-key")
                findings.append(of_schema(fault, Place(path, line, column), document.excerpt(line)))
    return tuple(entries), tuple(numbers), tuple(findings)


def _foreign_line(path: str, text: str, size: int) -> Finding:
    """Name the line for which a large file would have to be read as if all of it were written by hand."""
    number, line = next(
        (
            (number, line)
            for number, line in enumerate(text.split("\n"), start=1)
            if line and read_line(line) is None
        ),
        (0, ""),
    )
    message = f"这一行不是程序写下的格式，而文件有 {size} 字节，太大，不能当作手写的文件来读"
    hint = f"git log -p -- {path} 查看是哪次提交改的这一行，恢复它原来的写法"
    return Finding("form", message, hint, place=Place(path, number, 1), excerpt=line[:_EXCERPT])
