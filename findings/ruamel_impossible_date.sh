#!/usr/bin/env bash
# ruamel.yaml refuses a YAML 1.2 document for one plain scalar that looks like a date and is none, with no position.
#
# Versions: ruamel.yaml 0.19.1, ruamel.yaml.clib 0.2.15; for comparison PyYAML 6.0.3. Python 3.11.7.
# Input: a mapping whose value is `2023-02-30`, plain. The core schema of YAML 1.2.2 (10.3) has null, bool, int, float and str and no
#        timestamp, so the value is a string there, and the document is valid.
# Seen:  ValueError "day is out of range for month" from all four readers (safe and round-trip, C and pure Python): a bare ValueError, no YAMLError, with
#        neither line nor column; `2023-02-28` gives a date object. `YAML(typ="safe", pure=True)` with `version = (1, 2)` does the same.
# A good guess is wrong twice: ruamel.yaml is known for YAML 1.2, so one expects a string; and `except YAMLError`, which catches what is wrong
# with a file, does not catch this. In a file that people write by hand it is one slip in hundreds of dates, and nothing says where.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet ruamel.yaml==0.19.1 ruamel.yaml.clib==0.2.15 PyYAML==6.0.3
env/bin/python - << 'PY'
from datetime import date

import yaml as pyyaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

for kind in ("safe", "rt"):
    for pure in (False, True):
        reader = YAML(typ=kind, pure=pure)
        if pure:
            reader.version = (1, 2)
        assert reader.load("due: 2023-02-28\n")["due"] == date(2023, 2, 28)
        try:
            reader.load("name: a\ndue: 2023-02-30\n")
        except YAMLError as error:
            raise SystemExit(f"{kind} pure={pure}: a YAMLError now: {error}") from None
        except ValueError as error:
            assert type(error) is ValueError, type(error)
            assert not hasattr(error, "problem_mark")
            print(f"ruamel.yaml {kind:4} pure={pure!s:5}  ValueError: {error}")
        else:
            raise SystemExit(f"{kind} pure={pure}: no error now")
try:
    pyyaml.safe_load("due: 2023-02-30\n")
except ValueError as error:
    print(f"PyYAML safe_load            ValueError: {error} (YAML 1.1, which has timestamps)")
PY
