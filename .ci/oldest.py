"""Prints the oldest dependencies that pyproject.toml admits, as constraints for pip: `name>=1.2` becomes `name==1.2`."""

import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
for requirement in project["dependencies"]:
    name, bound, version = requirement.partition(">=")
    assert bound, f"{requirement} has no lower bound"
    print(f"{name}=={version}")
