"""Reads objects by their ids from one `git cat-file --batch`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import IO

from ledger.git.errors import GitFailedError
from ledger.git.pipes import scratch_file
from ledger.git.process import Git

MAX_BYTES = 32 * 1024 * 1024
_CHUNK = 1 << 16
_AT_ONCE = 800
"""Requests written before an answer is read: so many ids fit into a pipe, so that neither side waits for the other."""


class ObjectTooLargeError(GitFailedError):
    """An object larger than any file of a ledger: it is not read into memory."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__("cat-file", f"对象 {name} 有 {size} 字节，超过上限 {MAX_BYTES} 字节")
        self.size = size


class BlobReader:
    """Reads objects by id: `reader(id)` returns a blob's content, or the text of a commit or a tag.

    A call waits for git; where the next calls are known, `read_ahead` asks for all of them at once.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._requests: IO[bytes] = process.stdin
        self._answers: IO[bytes] = process.stdout
        self._ahead: dict[str, bytes] = {}

    def __call__(self, name: str) -> bytes:
        """Return an object's bytes.

        Raises:
            GitFailedError: when the repository lacks the object, or git ended before it had sent all of it.
            ObjectTooLargeError: when it has more than MAX_BYTES; the reader stays usable.
        """
        content = self._ahead.pop(name, None)
        if content is None:
            self._request((name,))
            content = self._answer(name)
        return content

    def read_many(self, names: Iterable[str]) -> Iterator[bytes]:
        """Yield the bytes of several objects, in order; asking for many at once saves a round trip for each.

        Raises:
            GitFailedError, ObjectTooLargeError: as a call does.
        """
        waiting = iter(names)
        while part := tuple(islice(waiting, _AT_ONCE)):
            self._request(part)
            yield from map(self._answer, part)

    def read_ahead(self, names: Iterable[str]) -> None:
        """Read objects that will be asked for one by one, and keep each until it is.

        Raises:
            GitFailedError: as a call does; an object that is too large is passed over, and the call that asks for it says so.
        """
        waiting = iter(dict.fromkeys(names))
        while part := tuple(islice(waiting, _AT_ONCE)):
            self._request(part)
            for name in part:
                with suppress(ObjectTooLargeError):
                    self._ahead[name] = self._answer(name)

    def _request(self, names: Sequence[str]) -> None:
        try:
            self._requests.write("".join(f"{name}\n" for name in names).encode("ascii"))
            self._requests.flush()
        except (BrokenPipeError, UnicodeEncodeError):
            raise GitFailedError("cat-file", f"读对象 {names[0]} 时 git 已经结束") from None

    def _answer(self, name: str) -> bytes:
        return _read_answer(self._answers, name)


def _read_answer(answers: IO[bytes], name: str) -> bytes:
    header = answers.readline()
    fields = header.split()
    if not header.endswith(b"\n"):
        raise GitFailedError("cat-file", f"读对象 {name} 时 git 已经结束")
    if len(fields) != 3 or not fields[2].isdigit() or fields[0] != name.encode("ascii"):
        raise GitFailedError("cat-file", f"仓库里缺少对象 {name}，或读不了它")
    size = int(fields[2])
    if size > MAX_BYTES:
        _skip(answers, size + 1)
        raise ObjectTooLargeError(name, size)
    content = answers.read(size + 1)
    if len(content) != size + 1 or content[-1:] != b"\n":
        raise GitFailedError("cat-file", f"对象 {name} 只读到一部分")
    return content[:-1]


def _skip(answers: IO[bytes], size: int) -> None:
    while size:
        data = answers.read(min(size, _CHUNK))
        if not data:
            break
        size -= len(data)


def read_batch(git: Git, names: Sequence[str]) -> Iterator[bytes]:
    """Yield the bytes of objects that are known beforehand, by a process of its own, which prints in large pieces.

    Thousands of small objects are read in a third of the time that a `BlobReader` takes for them, which waits for each.

    Raises:
        GitFailedError, ObjectTooLargeError: as a call of a `BlobReader` does.
    """
    with scratch_file() as requests:
        requests.write("".join(f"{name}\n" for name in names).encode("ascii"))
        requests.seek(0)
        with git.stream("cat-file", "--batch", "--buffer", stdin=requests) as process:
            assert process.stdout is not None
            for name in names:
                yield _read_answer(process.stdout, name)


@contextmanager
def open_blobs(git: Git) -> Iterator[BlobReader]:
    """Open the objects of a repository for reading, one process for all.

    Raises:
        GitFailedError: at the end, when git failed or was killed meanwhile.
    """
    with git.stream("cat-file", "--batch", stdin=subprocess.PIPE) as process:
        yield BlobReader(process)
