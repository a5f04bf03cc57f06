"""Reads what a git process prints, and gives up on a process that prints nothing.

A process is given up when a reader has waited for its output for the limit (`silence_limit`) and nothing came, on stdout or stderr.
The time between two reads does not count, and whatever is printed starts the limit anew: a long clone that tells its progress, or a
long walk that is read while it runs, is never cut off.
"""

from __future__ import annotations

import io
import os
import select
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from threading import Thread, Timer
from typing import IO, TYPE_CHECKING, cast

from ledger.core.errors import UsageError
from ledger.git.errors import GitTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

LIMIT_VARIABLE = "LEDGER_GIT_TIMEOUT"
DEFAULT_LIMIT = 300
"""Seconds without a word from git: a hook or a signing key may keep somebody busy for some minutes."""
_MAX_LIMIT = 86_400
_DRAIN_SECONDS = 0.5
_TERMINATION_SECONDS = 1.0
_CHUNK = 1 << 16
_WIDE = 1 << 20

OnMessage = Callable[[bytes], None]


def silence_limit(environ: Mapping[str, str]) -> int:
    """Return for how many seconds a git process may print nothing while it is waited for.

    Raises:
        UsageError: when `LEDGER_GIT_TIMEOUT` is no whole number of seconds from 1 to 86,400.
    """
    text = environ.get(LIMIT_VARIABLE, "")
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= _MAX_LIMIT):
        raise UsageError(
            f"环境变量 {LIMIT_VARIABLE} 不是 1 到 {_MAX_LIMIT} 的秒数：{text}",
            f"写成 {LIMIT_VARIABLE}={DEFAULT_LIMIT} 这样，或取消这个变量",
        )
    return int(text)


def scratch_file() -> IO[bytes]:
    """Return an empty file without a name for what a process is given to read or writes: in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("ledger"), "w+b")  # noqa: PTH123  a descriptor, closed by the caller
    from tempfile import TemporaryFile

    return TemporaryFile()


def give_up(process: subprocess.Popen[bytes], command: str, limit: float) -> GitTimeoutError:
    """End a process without output and return the error to be raised; git removes its lock files when it is asked to end."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_TERMINATION_SECONDS)
    process.kill()
    return GitTimeoutError(command, limit)


def collect(
    process: subprocess.Popen[bytes],
    command: str,
    limit: float,
    stdin: bytes = b"",
    on_message: OnMessage | None = None,
) -> tuple[bytes, bytes]:
    """Read both streams until git ends, and return them; a hook's child that keeps them open (`git push &`) is not waited for.

    Raises:
        GitTimeoutError: when nothing was printed for `limit` seconds.
    """
    if stdin:
        try:
            return process.communicate(stdin, timeout=limit)
        except subprocess.TimeoutExpired:
            raise give_up(process, command, limit) from None
    if os.name == "nt":  # pragma: no cover
        return collect_by_threads(process, command, limit, on_message)
    chunks: dict[int, list[bytes]] = {}
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            chunks[stream.fileno()] = []
            selector.register(stream, selectors.EVENT_READ)
        while ready := _wait_for_output(selector, process, command, limit):
            for key in ready:
                data = os.read(key.fd, _CHUNK)
                if not data:
                    selector.unregister(key.fileobj)
                    continue
                chunks[key.fd].append(data)
                if on_message and key.fileobj is process.stderr:
                    on_message(data)
    reap(process, command, limit)
    out, err = (b"".join(parts) for parts in chunks.values())
    return out, err


def _wait_for_output(
    selector: selectors.BaseSelector, process: subprocess.Popen[bytes], command: str, limit: float
) -> list[selectors.SelectorKey]:
    """Return the streams that can be read; none when both have ended, or the process has and its children say nothing more."""
    waited = time.monotonic()
    while selector.get_map():
        ready = [key for key, _ in selector.select(min(limit, _DRAIN_SECONDS))]
        if ready:
            return ready
        if process.poll() is not None:
            return []
        if time.monotonic() - waited >= limit:
            raise give_up(process, command, limit)
    return []


def collect_by_threads(
    process: subprocess.Popen[bytes], command: str, limit: float, on_message: OnMessage | None = None
) -> tuple[bytes, bytes]:
    """As `collect`, on Windows, where pipes cannot be selected on."""
    chunks: dict[object, list[bytes]] = {process.stdout: [], process.stderr: []}
    heard = time.monotonic()

    def read(stream: io.BufferedReader, on_data: OnMessage | None) -> None:
        nonlocal heard
        while data := os.read(stream.fileno(), _CHUNK):
            heard = time.monotonic()
            chunks[stream].append(data)
            if on_data:
                on_data(data)

    readers = [
        Thread(target=read, args=(process.stdout, None), daemon=True),
        Thread(target=read, args=(process.stderr, on_message), daemon=True),
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        while reader.is_alive():
            reader.join(min(limit, _DRAIN_SECONDS))
            if reader.is_alive() and time.monotonic() - heard >= limit:
                raise give_up(process, command, limit)
    reap(process, command, limit)
    out, err = (b"".join(parts) for parts in chunks.values())
    return out, err


def reap(process: subprocess.Popen[bytes], command: str, limit: float) -> None:
    """Wait for the end of a process whose output has ended.

    `Popen.wait` with a timeout polls for the end, which costs a millisecond for each command; waiting for the process itself to
    become readable does not (Linux).

    Raises:
        GitTimeoutError: when it does not end within `limit` seconds.
    """
    if process.poll() is not None:
        return
    try:
        if hasattr(os, "pidfd_open"):
            descriptor = os.pidfd_open(process.pid)
            try:
                _wait_readable(descriptor, limit)
            finally:
                os.close(descriptor)
            process.wait(0.1)
        else:
            process.wait(limit)
    except subprocess.TimeoutExpired:
        raise give_up(process, command, limit) from None


def limit_reads(process: subprocess.Popen[bytes], command: str, limit: float) -> None:
    """Make every read of the process's stdout give up after `limit` seconds without output; such a read raises GitTimeoutError.

    The pipe is made wide, so that git can work ahead of a reader that is busy, and each read takes more.
    """
    stream = cast("io.BufferedReader", process.stdout)
    _widen(stream.fileno())
    process.stdout = io.BufferedReader(_LimitedPipe(process, stream.detach(), command, limit), _CHUNK)


def _widen(pipe: int) -> None:
    """Let a pipe hold as much as any user may ask for; where it cannot, it stays as it is."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDE)
    except (ImportError, AttributeError, OSError):
        return


class _LimitedPipe(io.RawIOBase):
    """The output of a process, whose reads end with an error when nothing comes."""

    def __init__(
        self, process: subprocess.Popen[bytes], pipe: io.RawIOBase, command: str, limit: float
    ) -> None:
        self._process = process
        self._pipe = pipe
        self._command = command
        self._limit = limit
        self._given_up = False

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._pipe.fileno()

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        if os.name == "nt":  # pragma: no cover
            with _ended_after(self._process, self._limit):
                return self._pipe.readinto(buffer)
        if self._given_up:
            return 0
        if not _wait_readable(self._pipe.fileno(), self._limit):
            self._given_up = True
            raise give_up(self._process, self._command, self._limit)
        return self._pipe.readinto(buffer)

    def close(self) -> None:
        self._pipe.close()
        super().close()


def _wait_readable(descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read, or the end; `poll` takes any descriptor, `select` those below 1,024."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


@contextmanager
def _ended_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:  # pragma: no cover
    timer = Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
