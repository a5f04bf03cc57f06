#!/usr/bin/env bash
# ruamel.yaml writes a text that it cannot read again, or reads again as another text, when the text holds U+0085, U+2028 or U+2029.
#
# Versions: ruamel.yaml 0.19.1, ruamel.yaml.clib 0.2.15. Python 3.11.7.
# Input: {"note": TEXT}, dumped by `YAML()` (round trip) or `YAML(typ="safe", pure=True)` and loaded again by the same library.
# Seen:  U+0085 in a plain str: dumped in single quotes with a real line break character; the C reader, the pure reader and the round-trip reader all give
#          a blank in its place. No error: the value has changed.
#        U+0085 in a LiteralScalarString: the break is followed by an indentation that is no part of the text; "\n" in its place from the C reader,
#          ParserError from the two others.
#        U+2028 and U+2029 in a LiteralScalarString or FoldedScalarString: ParserError from the pure and the round-trip reader; the C reader gives the text.
#        U+2028 and U+2029 in a plain str, and all three through `YAML(typ="safe")` (C emitter, double quotes): the same text, as one expects.
# A good guess is wrong: YAML 1.2 (5.4) has taken these three out of the line breaks, ruamel.yaml's default is 1.2, and a dump is expected to load. The
# emitter breaks lines at them as YAML 1.1 did, the readers differ among themselves. U+0085 is what "…" of a Windows-1252 page becomes when it is read as
# Latin-1, and U+2028 is what some editors put for a soft line break, so both come with pasted notes. Safe: dump such texts in double quotes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet ruamel.yaml==0.19.1 ruamel.yaml.clib==0.2.15
env/bin/python - << 'PY'
import io

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

READERS = {"C": ("safe", False), "pure": ("safe", True), "round trip": ("rt", False)}


def dump(value: str, kind: str = "rt", pure: bool = False) -> str:
    stream = io.StringIO()
    YAML(typ=kind, pure=pure).dump({"note": value}, stream)
    return stream.getvalue()


def load(text: str) -> dict[str, str]:
    """What each reader makes of the document: the note, or the name of the error."""
    answers = {}
    for name, (kind, pure) in READERS.items():
        try:
            answers[name] = YAML(typ=kind, pure=pure).load(text)["note"]
        except YAMLError as error:
            answers[name] = type(error).__name__
    return answers


def everywhere(value: str) -> dict[str, str]:
    return dict.fromkeys(READERS, value)


def show(title: str, answers: dict[str, str]) -> None:
    print(f"{title}:", ", ".join(f"{name} {answer!a}" for name, answer in answers.items()))


NEXT_LINE, LINE, PARAGRAPH = "\u0085", "\u2028", "\u2029"

text = f"5{NEXT_LINE}8"
for kind, pure in (("rt", False), ("safe", True)):
    answers = load(dump(text, kind, pure))
    show(f"U+0085, str, {kind}", answers)
    assert answers == everywhere("5 8")
answers = load(dump(LiteralScalarString(f"{text}\n")))
show("U+0085, literal", answers)
assert answers == {"C": "5\n8\n", "pure": "ParserError", "round trip": "ParserError"}

for character in (LINE, PARAGRAPH):
    text = f"5{character}8"
    assert load(dump(text))["pure"] == load(dump(text))["round trip"] == text
    for style in (LiteralScalarString, FoldedScalarString):
        answers = load(dump(style(f"{text}\n")))
        show(f"U+{ord(character):04X}, {style.__name__}", answers)
        assert answers == {"C": f"{text}\n", "pure": "ParserError", "round trip": "ParserError"}

for character in (NEXT_LINE, LINE, PARAGRAPH):
    text = f"5{character}8"
    assert load(dump(text, "safe")) == everywhere(text)
    assert load(dump(DoubleQuotedScalarString(text))) == everywhere(text)
print("as described")
PY
