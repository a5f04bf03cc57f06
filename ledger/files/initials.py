"""The initials of Chinese words as people type them: 国资委 is gzw. Every reading of a character counts, so 银行 is yh and yx.

`initials.txt` has one line per letter with the characters that can begin with it: the 20,894 characters that GBK has, in all their
readings. It is made from pypinyin by `python -m ledger.files.initials`; to import pypinyin at every Tab would take longer than all
the rest of a completion (0.17 s of 0.25), and the order of GB 2312, which needs no table, has one reading of 3,755 characters.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("initials.txt")


def begins(name: str, letters: str) -> bool:
    """Whether `letters` can be the initials of the first characters of `name`; punctuation in a name is passed over.

    A letter or digit in the name stands for itself: 引进10个项目 is yj10gxm.
    """
    characters = [character for character in name if character.isalnum()]
    return len(letters) <= len(characters) and all(map(_begins_with, characters, letters))


def inside(name: str, letters: str) -> bool:
    """Whether `letters` can be the initials of a part of `name`."""
    return any(begins(name[start:], letters) for start in range(len(name)))


def letters_of(name: str) -> str:
    """Return the initials of `name` with all readings: 银行 is `y(hx)`. Letters and digits stand for themselves."""
    return "".join(map(_letters, filter(str.isalnum, name)))


@cache
def _letters(character: str) -> str:
    if character.isascii():
        return character.lower()
    letters = "".join(letter for letter, characters in _table().items() if character in characters)
    return letters if len(letters) == 1 else f"({letters})" if letters else ""


def _begins_with(character: str, letter: str) -> bool:
    letter = letter.lower()
    return letter == character.lower() or character in _table().get(letter, "")


@cache
def _table() -> dict[str, str]:
    """Return, for each letter, the characters that can begin with it."""
    return {line[0]: line[2:] for line in FILE.read_text(encoding="utf-8").splitlines()}


def build_table() -> str:
    """Build the table from pypinyin's readings; needs the packages of `.[dev]`."""
    from pypinyin.pinyin_dict import pinyin_dict

    lines: dict[str, list[str]] = {}
    for code, readings in sorted(pinyin_dict.items()):
        if _in_gbk(chr(code)):
            for letter in sorted(
                {unicodedata.normalize("NFD", reading)[0] for reading in readings.split(",")} & set(LETTERS)
            ):
                lines.setdefault(letter, []).append(chr(code))
    return "".join(f"{letter} {''.join(characters)}\n" for letter, characters in sorted(lines.items()))


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _in_gbk(character: str) -> bool:
    try:
        return bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    FILE.write_text(build_table(), encoding="utf-8", newline="\n")
