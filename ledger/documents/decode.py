"""Decoding of bytes: UTF-8, UTF-16 with its mark, or GB 18030; anything else is refused."""

from __future__ import annotations

from ledger.core.errors import LedgerError

MAX_TEXT = 4 * 1024 * 1024
"""A plan of a whole city is under 200 KB; beyond this something else was given."""


class NotTextError(LedgerError):
    """The bytes are no text in any encoding a Chinese office uses."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} 不是文字，读不出来", "确认是文本文件；用记事本打开后另存为 UTF-8 再试")


class TextTooLongError(LedgerError):
    """More text than any plan has."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(
            f"{name} 有 {size} 字节，超过上限 {MAX_TEXT} 字节", "一份计划没有这么长，检查是否给错了文件"
        )


def decode_text(raw: bytes, name: str) -> str:
    """Decode `raw`; lines end in one newline, whatever they ended in.

    Raises:
        NotTextError, TextTooLongError: naming the file.
    """
    if len(raw) > MAX_TEXT:
        raise TextTooLongError(name, len(raw))
    text = _decoded(raw)
    if text is None or "\0" in text:
        raise NotTextError(name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # What Word puts on the clipboard marks the ends of cells and fields with control characters.
    return "".join(" " if ord(char) < 32 and char not in "\t\n" else char for char in text)


def _decoded(raw: bytes) -> str | None:
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
