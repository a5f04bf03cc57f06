"""Lazy exports of a package (PEP 562): a submodule is imported when one of its names is first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package; `homes` maps each of its modules to the names that the package exports from it.

    No name may be that of a module: importing `progress.forecast` would replace a function `forecast` by the module.
    """
    home_of = {name: home for home, names in homes.items() for name in names}
    assert not home_of.keys() & homes.keys(), "a module has the name of something the package gives"

    def attribute(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home}"), name)
        vars(sys.modules[package])[name] = value  # asked for once only
        return value

    return attribute
