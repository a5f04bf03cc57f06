#!/usr/bin/env bash
# Text of a PDF that Skia writes (as Chromium's printing does) comes back in other characters, and NFKC, the usual cure, makes a wrong character of one.
#
# Versions: skia-python 144.1 (PDF backend), the font Noto Sans SC of @expo-google-fonts/noto-sans-sc 0.4.3, read by pypdf 7.1.1 and pdfminer.six 20260107. Python 3.11.7.
# Input: one line of text a page, drawn with the font: every character of U+4E00–9FFF that it has, and a line as plans have it.
# Seen:  both readers agree with each other and differ from the text in 275 characters, among them 一 二 十 工 人 口 日 月 水 民 金 长 门 车 见 户 胶.
#        204 of them are Kangxi radicals that NFKC brings back. It does not bring back 70: radicals of the supplement without a decomposition (长 门 车 见 民 …),
#        and 胶 (of 胶州), which comes as U+3B35, a character of an extension and no radical at all. It turns one into another character: 户 comes as
#        U+2F3E, whose NFKC is U+6236 戶; so "3280户" becomes "3280戶".
# Why:   one glyph of the font serves several code points, the file's ToUnicode map names one for each glyph, and Skia takes the lowest. Which ones differ
#        depends on the font: in the Japanese face of Noto Sans CJK U+2F3E stands for U+6238 戸, so no table is right for all of them.
# A good guess is wrong: the page looks right, copying from it looks right, and "normalise with NFKC" is the advice that one finds. A table for the
# blocks U+2E80–2FDF still misses 胶.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet skia-python==144.1 pypdf==7.1.1 pdfminer.six==20260107
npm pack --silent @expo-google-fonts/noto-sans-sc@0.4.3 > /dev/null
tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
env/bin/python - package/400Regular/NotoSansSC_400Regular.ttf 2> /dev/null << 'PY'
import io
import sys
import unicodedata

import pypdf
import skia
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

WIDTH = 40
typeface = skia.Typeface.MakeFromFile(sys.argv[1])
font = skia.Font(typeface, 12)


def print_lines(lines: list[str]) -> bytes:
    stream = skia.DynamicMemoryWStream()
    document = skia.PDF.MakeDocument(stream)
    for line in lines:
        document.beginPage(600, 60).drawString(line, 10, 30, font, skia.Paint())
        document.endPage()
    document.close()
    return bytes(stream.detachAsData())


def read_pypdf(data: bytes) -> list[str]:
    return [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def read_pdfminer(data: bytes) -> list[str]:
    return ["".join(part.get_text() for part in page if isinstance(part, LTTextContainer)).strip() for page in extract_pages(io.BytesIO(data))]


characters = [chr(code) for code in range(0x4E00, 0xA000) if typeface.unicharToGlyph(code)]
lines = ["".join(characters[start : start + WIDTH]) for start in range(0, len(characters), WIDTH)]
data = print_lines(lines)
texts = read_pypdf(data)
assert texts == read_pdfminer(data)
assert [len(text) for text in texts] == [len(line) for line in lines]
changed = {
    before: after for line, text in zip(lines, texts, strict=True) for before, after in zip(line, text, strict=True) if before != after
}
normal = {before: unicodedata.normalize("NFKC", after) for before, after in changed.items()}
restored = {before for before, after in normal.items() if after == before}
other = {before: after for before, after in normal.items() if after not in (before, changed[before])}
outside = {before: after for before, after in changed.items() if before in "胶户长门" }
print(len(changed), "changed;", len(restored), "brought back by NFKC; another character:", other)
print({before: f"U+{ord(after):04X}" for before, after in outside.items()})
assert set("一二十工人口日月水民金长门车见户胶") <= changed.keys()
assert (len(changed), len(restored), other) == (275, 204, {"户": "戶"})
assert outside == {"户": "\u2f3e", "长": "\u2ed3", "门": "\u2ed4", "胶": "\u3b35"}

text = read_pypdf(print_lines(["胶州市新增住房3280户"]))[0]
print(ascii(text), unicodedata.normalize("NFKC", text))
assert unicodedata.normalize("NFKC", text) == "㬵州市新增住房3280戶"
print("as described")
PY
