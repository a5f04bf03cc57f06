"""A kind of target is declared by its model; tables that are read without the models say the same."""

from __future__ import annotations

from ledger.core.models.targets import KINDS
from ledger.core.progress.kinds import KINDS as MODULES
from ledger.render.columns import KIND_NAMES


def test_the_names_of_kinds_in_tables_are_those_of_the_models() -> None:
    assert {name: kind.label for name, kind in KINDS.items()} == KIND_NAMES


def test_each_kind_has_a_module_of_its_name() -> None:
    assert [module.__name__.rpartition(".")[2] for module in MODULES.values()] == list(KINDS)  # type: ignore[attr-defined]
