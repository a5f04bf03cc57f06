"""Entry point of the program; the only module that turns exceptions into messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from ledger.core.errors import ExitCode, LedgerError, reason_of
from ledger.environment import restart_with_utf8_names


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    if arguments is None:
        restart_with_utf8_names()
    # Raise the GC threshold: loading allocates millions of objects and few reference cycles; looking for these took a quarter
    # of the time.
    gc.set_threshold(200_000, 20)
    code = run(list(sys.argv[1:] if arguments is None else arguments))
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)  # skip interpreter teardown, which takes a tenth of a short command


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code; a traceback shows only with `--debug`."""
    debug = "--debug" in arguments
    if debug:
        arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except LedgerError as error:
        if debug:
            raise
        _say(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _say("已中断，没有写入", "")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader left (`ledger status | head`), which is no error. Point stdout at nothing so that closing it raises no other.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except OSError as error:
        if debug:
            raise
        _say(
            f"系统拒绝了操作：{reason_of(error)}（{error.filename or '未指明文件'}）",
            "检查磁盘空间和文件夹权限后重试",
        )
        return ExitCode.ENVIRONMENT
    except Exception as error:
        if debug:
            raise
        _say(
            f"程序内部出错：{type(error).__name__}: {error}",
            "加 --debug 重试一次，把输出发给维护者；没有写入",
        )
        return ExitCode.ENVIRONMENT
    return code


def _invoke(arguments: list[str]) -> int:
    from ledger.cli import fast_args
    from ledger.environment import Environment

    env = Environment.of_process()
    if env.completing is not None or "_LEDGER_COMPLETE" in env.environ:
        from ledger.cli import complete
        from ledger.cli.context import AppContext

        complete.answer(arguments, AppContext(env))
        return ExitCode.DONE
    if (line := fast_args.parse(arguments)) is not None:
        return fast_args.run_fast(line, env)
    from ledger.cli.app import invoke

    return invoke(arguments, env)


def _say(message: str, hint: str) -> None:
    from ledger.render.width import safe

    with suppress(OSError):
        sys.stdout.flush()
    for words in (f"错误：{message}", f"下一步：{hint}" if hint else ""):
        for line in words.split("\n") if words else ():
            with suppress(OSError):  # a stderr that takes nothing leaves the exit code to tell
                print(
                    safe(line), file=sys.stderr
                )  # escape control characters: a message may quote file content


if __name__ == "__main__":
    main()
