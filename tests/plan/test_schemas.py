"""The published schemas are the models', and the real `check-jsonschema` accepts our files and refuses bad ones."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger.core.models import Commitment, Entry, LedgerConfig
from ledger.core.models.base import ValidationError, read_model
from ledger.core.models.drafts import DraftCommitment
from ledger.core.models.schemas import schemas, write_schemas
from ledger.files.yaml_reader import Document, parse
from tests.plan import real

EXAMPLES = Path(__file__).with_name("examples")
KINDS = {"commitment": Commitment, "draft": DraftCommitment, "progress": list[Entry], "ledger": LedgerConfig}


def check_jsonschema(kind: str, files: Sequence[Path]) -> dict[str, list[str]]:
    """Run the tool as an editor or a CI job would; return what it says of each file it refuses."""
    schema = real.ROOT / "schemas" / f"{kind}.schema.json"
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--output-format",
        "json",
        "--schemafile",
        str(schema),
    ]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["parse_errors"] == [] if "parse_errors" in report else True
    said: dict[str, list[str]] = {}
    for error in report["errors"]:
        said.setdefault(Path(error["filename"]).name, []).append(error["message"])
    assert done.returncode == (1 if said else 0), done.stderr
    return said


def examples(side: str, kind: str) -> list[Path]:
    return sorted((EXAMPLES / side / kind).glob("*.yaml"))


def test_schema_files_are_what_the_models_give_byte_for_byte(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    published = {file.name: file.read_bytes() for file in (real.ROOT / "schemas").iterdir()}
    assert published == {file.name: file.read_bytes() for file in tmp_path.iterdir()}, (
        "run: python -m ledger.core.models.schemas schemas"
    )
    assert set(published) == set(schemas()) == {f"{kind}.schema.json" for kind in KINDS}


def test_every_field_is_described_in_chinese() -> None:
    """An editor shows the description on hover: whoever types a plan reads it there."""
    for name, schema in schemas().items():
        for owner, model in (("", schema), *schema.get("$defs", {}).items()):
            for field, about in model.get("properties", {}).items():
                words = about.get("description", "")
                assert any("\u4e00" <= letter <= "\u9fff" for letter in words), f"{name} {owner}.{field}"


def test_check_jsonschema_accepts_all_of_data() -> None:
    data = real.ROOT / "data"
    plan = sorted(data.glob("targets/*/*/*.yaml"))
    assert len(plan) == 80
    assert check_jsonschema("commitment", plan) == {}
    assert check_jsonschema("ledger", [data / "ledger.yaml"]) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_check_jsonschema_accepts_good_files(kind: str) -> None:
    files = examples("positive", kind)
    assert files
    assert check_jsonschema(kind, files) == {}
    assert all(fits(kind, file) for file in files)


@pytest.mark.parametrize("kind", KINDS)
def test_check_jsonschema_refuses_every_bad_file_and_so_do_the_models(kind: str) -> None:
    files = examples("negative", kind)
    assert files
    assert set(check_jsonschema(kind, files)) == {file.name for file in files}
    assert [file.name for file in files if fits(kind, file)] == []


def fits(kind: str, file: Path) -> bool:
    document = parse(file.read_bytes())
    assert isinstance(document, Document), file
    try:
        read_model(KINDS[kind], document.data)
    except ValidationError:
        return False
    return True
