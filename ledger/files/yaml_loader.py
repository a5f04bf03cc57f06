"""ruamel.yaml's readers, strict and by YAML 1.2 alone, put together once; `yaml_reader` decides what may be read at all.

The result is what ruamel makes of a text, in half of the time.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.nodes import Node, ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag


class Constructor(SafeConstructor):
    """SafeConstructor for values of any origin: exact decimals, and the text itself where a value is out of range.

    A date such as 2023-02-30 or a number of thousands of digits stays text, so that validation refuses it at its place instead of
    Python refusing the whole file.
    """


_MAX_DIGITS = 60
"""No figure of a ledger has so many; Python refuses to write integers of more than 4,300, and powers of ten take memory."""


def _decimal(_: SafeConstructor, node: ScalarNode) -> Decimal | str:
    try:
        number = Decimal(node.value.replace("_", ""))
    except InvalidOperation:
        return str(node.value)
    return number if number.is_finite() and abs(number.adjusted()) <= _MAX_DIGITS else str(node.value)


def _integer(constructor: SafeConstructor, node: ScalarNode) -> int | str:
    if len(node.value) > _MAX_DIGITS:
        return str(node.value)
    return constructor.construct_yaml_int(node)


def _timestamp(constructor: SafeConstructor, node: ScalarNode) -> Any:
    try:
        return constructor.construct_yaml_timestamp(node)
    except (ValueError, OverflowError):
        return str(node.value)


Constructor.add_constructor("tag:yaml.org,2002:float", _decimal)
Constructor.add_constructor("tag:yaml.org,2002:int", _integer)
Constructor.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


class Resolver(VersionedResolver):
    """Resolves the types of plain scalars by YAML 1.2, memoised.

    The C reader never tells the version a file names, so ruamel asks for it again at every scalar: half of the time of reading.
    """

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return the tag of a node that has none."""
        if kind is ScalarNode:
            return _implicit_tag(value) if implicit[0] else self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


_RULES: Any = VersionedResolver().versioned_resolver


_WORD = VersionedResolver.DEFAULT_SCALAR_TAG
_LIST, _TABLE = VersionedResolver.DEFAULT_SEQUENCE_TAG, VersionedResolver.DEFAULT_MAPPING_TAG
_SCALARS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp"))


@lru_cache(maxsize=4096)
def _implicit_tag(value: str) -> Tag:
    for tag, pattern in (*_RULES.get(value[:1], ()), *_RULES.get(None, ())):
        if pattern.match(value):
            return Tag(suffix=tag)
    return _WORD


class UnusualYamlError(Exception):
    """A part that only ruamel's own way of making data knows: a tag somebody wrote, a key that is no word, a key written twice."""


class Loader(CParser, Constructor, Resolver):  # type: ignore[misc]
    """The C parser, set up once instead of for every file as `YAML.load` does."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        self._parser = self._composer = self
        Constructor.__init__(self, loader=self)
        self.allow_duplicate_keys = False
        Resolver.__init__(self, loadumper=self)

    def construct_document(self, node: Node) -> Any:
        """Return the data of a whole file: words, numbers, dates, lists and tables straight, anything else by ruamel's way."""
        try:
            return self._plain(node)
        except UnusualYamlError:
            return super().construct_document(node)

    def _plain(self, node: Node) -> Any:
        tag = node.ctag
        if tag is _WORD and type(node) is ScalarNode:
            return node.value
        if tag is _TABLE:
            table = {key.value: self._plain(value) for key, value in node.value if key.ctag is _WORD}
            if len(table) != len(node.value):
                raise UnusualYamlError
            return table
        if tag is _LIST:
            return [self._plain(child) for child in node.value]
        if type(node) is not ScalarNode or tag.handle is not None or tag.suffix not in _SCALARS:
            raise UnusualYamlError
        return self.yaml_constructors[tag.suffix](self, node)


def load_text(text: str) -> Any:
    """Return the data of a text of one document."""
    loader = Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.__dict__.clear()  # it refers to itself: it would stay until the collector of circles runs


def reader() -> YAML:
    """Return a reader of events and nodes, by ruamel's own way."""
    yaml = YAML(typ="safe")
    yaml.Constructor = Constructor
    return yaml
