"""Defers Ctrl-C and termination while files and history must change together."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from subprocess import Popen
from types import FrameType, TracebackType
from typing import Any

from ledger.core.errors import ExitCode, LedgerError

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class WriteInterruptedError(LedgerError):
    """The user, or the system, asked to stop."""

    exit_code = ExitCode.INTERRUPTED

    def __init__(self, commit: str | None = None, *, done: bool = False) -> None:
        if done:
            super().__init__("已中断；中断之前，已经记下", "不用重做；ledger history 查看")
        elif commit:
            super().__init__(
                f"已中断；中断之前，这一条已经记下（提交 {commit}）", "不用重记；ledger history 查看"
            )
        else:
            super().__init__("已中断；这次什么也没有记下，文件保持原样", "需要时把原来的命令再执行一次")


class SignalDeferral:
    """Defer SIGINT, SIGTERM and SIGHUP: a signal is remembered and passed to git; call `check()` at safe points.

    An exception out of a signal handler could strike between any two instructions, also inside the clean-up.
    Signals can only be caught in the main thread; elsewhere this does nothing.
    """

    def __init__(self) -> None:
        self.caught: int | None = None
        self._child: Popen[bytes] | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> SignalDeferral:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                # Under nohup a hang-up is ignored, and stays so.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Stop here if a signal came.

        Raises:
            WriteInterruptedError: when one did.
        """
        if self.caught is not None:
            raise WriteInterruptedError

    def forward_to(self, child: Popen[bytes]) -> None:
        """Pass signals on to `child`: a hook that hangs must be stoppable."""
        self._child = child
        if self.caught is not None:
            self._stop()

    def _note(self, number: int, _: FrameType | None) -> None:
        self.caught = number
        self._stop()

    def _stop(self) -> None:
        if self._child is not None and self._child.returncode is None:
            with suppress(OSError):
                self._child.terminate()
