"""Jinja's code of the program's own templates, kept beside Python's own compiled modules.

Compiling the page takes 40 ms of the half second that a report takes, the bulletin's text 20. It is done again where the template, jinja or
this module changed, for each version of Python, and always where the folder cannot be written to or Python is told to write no bytecode.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2.compiler
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Compiled templates in `__pycache__`, one file for each template and version of Python."""

    def __init__(self) -> None:
        self._folder = Path(cache_from_source(__file__)).parent
        self._build = [_stamp(jinja2.compiler.__file__), _stamp(__file__)]

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - jinja's signature
        """Return the name of a template's file."""
        return f"{name}.{sys.implementation.cache_tag}.jinja"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept of a template, if it fits."""
        with suppress(OSError, EOFError, ValueError, TypeError):
            build, checksum, code = marshal.loads((self._folder / bucket.key).read_bytes())  # noqa: S302 - beside .pyc files
            if (build, checksum) == (self._build, bucket.checksum):
                bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template where Python may keep its own."""
        if sys.dont_write_bytecode:
            return
        path = self._folder / bucket.key
        beside = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(marshal.dumps((self._build, bucket.checksum, bucket.code)))
            beside.replace(path)


def _stamp(module: str | None) -> list[int]:
    """Return what changes when a module's file does."""
    with suppress(OSError):
        stat = Path(module or "").stat()
        return [stat.st_mtime_ns, stat.st_size]
    return []
