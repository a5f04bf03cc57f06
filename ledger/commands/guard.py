"""Installs the guard of a bare repository, and judges pushes for its hook."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.core.errors import ExternalError, LedgerError
from ledger.core.findings import Finding
from ledger.core.structs import FrozenStruct
from ledger.git import Repo
from ledger.rules.audit.pushed import PushedCommits, read_moves

if TYPE_CHECKING:
    from ledger.core.models.guard import GuardConfig

CONFIG = "ledger-guard.yaml"
MARK = "# ledger guard"
MAX_PUSH = 256 * 1024 * 1024
_SETTINGS = {
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "true",
    "receive.denyCurrentBranch": "refuse",
    "receive.fsckObjects": "true",
    "transfer.fsckObjects": "true",
    "receive.maxInputSize": str(MAX_PUSH),
    "core.logAllRefUpdates": "true",
    "core.fsync": "committed",
    "gc.reflogExpire": "never",
    "gc.reflogExpireUnreachable": "never",
}


class NotBareRepositoryError(LedgerError):
    """The folder given is no bare repository."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} 不是裸仓库", f"先建一个：git init --bare -b main {folder}")


class ForeignHookError(LedgerError):
    """There is a hook already, which is somebody else's."""

    def __init__(self, hook: Path) -> None:
        super().__init__(
            f"{hook} 已经有了，而且不是 ledger 写的，没有覆盖", "移走它，或把它的内容并入别的钩子，再试"
        )


class MissingGuardConfigError(ExternalError):
    """The guard's own file cannot be read: then nothing is accepted."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"服务器的 {file.name} {why}，在改好以前不接受任何推送", f"请服务器管理员检查 {file}"
        )


class Installed(FrozenStruct):
    """What was put in place."""

    folder: Path
    hook: Path
    config: Path
    settings: Mapping[str, str]


def install(
    folder: Path,
    *,
    admins: Sequence[str] = (),
    signers: str | None = None,
    signatures: bool = False,
    branch: str = "main",
    dry_run: bool = False,
) -> Installed:
    """Guard a bare repository: hook, settings, and `ledger-guard.yaml` unless there is one already. `dry_run` only looks.

    Raises:
        NotBareRepositoryError, ForeignHookError, MissingGuardConfigError: with what to do.
        ExternalError: when git or the disk refuses.
    """
    from ledger.rules.audit.receipts import HOOK

    repo = Repo.open_bare(folder, {})
    if repo.git.text("rev-parse", "--is-bare-repository") != "true":
        raise NotBareRepositoryError(folder)
    hook, config = folder / "hooks" / "pre-receive", folder / CONFIG
    receipts_hook = hook.parent / "reference-transaction"
    for file in (hook, receipts_hook):
        if file.exists() and MARK not in file.read_text("utf-8", "replace"):
            raise ForeignHookError(file)
    settings = {**_SETTINGS, "core.hooksPath": str(hook.parent)}
    if config.exists():
        read_config(folder)
    else:
        _parse_config(folder, _config(admins, signers, signatures, branch).encode())
    if dry_run:
        return Installed(folder, hook, config, settings)
    for name, value in settings.items():
        result = repo.git.attempt("config", "--replace-all", name, value)
        if result.code:
            raise ExternalError(f"git 设置 {name} 没有写成：{result.reason}", "检查文件夹的权限")
    if not config.exists():
        config.write_text(_config(admins, signers, signatures, branch), encoding="utf-8", newline="\n")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_hook(), encoding="utf-8", newline="\n")
    hook.chmod(0o755)
    receipts_hook.write_text(HOOK, encoding="utf-8", newline="\n")
    receipts_hook.chmod(0o755)
    return Installed(folder, hook, config, settings)


def receive(folder: Path, lines: Iterable[str], environ: Mapping[str, str], now: datetime) -> list[Finding]:
    """Return every reason to refuse the push that git describes in `lines`; where there is none, prepare its receipts.

    Raises:
        MissingGuardConfigError, PushLineError: then too nothing may be accepted.
        ExternalError: when git fails.
    """
    raw, repo, moves = _read_config_file(folder), Repo.open_bare(folder, environ), read_moves(lines)
    with PushedCommits.of_only_branch(repo, moves) or nullcontext() as begun:
        # Git reads the pushed commits while these are imported, which takes as long.
        from ledger.rules.audit import receipts
        from ledger.rules.audit.push import judge

        config = _parse_config(folder, raw)
        newest = receipts.settled_tip(repo)
        findings = judge(repo, config, moves, now, begun)
        if not findings:
            updates = [(move.old, move.new, move.name) for move in moves]
            receipts.prepare_receipts(repo, updates, newest, now, environ)
        return findings


def read_config(folder: Path) -> GuardConfig:
    """Read `ledger-guard.yaml`.

    Raises:
        MissingGuardConfigError: when it is missing or wrong, or names a list of signers that is missing.
    """
    return _parse_config(folder, _read_config_file(folder))


def _read_config_file(folder: Path) -> bytes:
    file = folder / CONFIG
    if not file.is_file():
        raise MissingGuardConfigError(file, "不见了")
    return file.read_bytes()


def _parse_config(folder: Path, content: bytes) -> GuardConfig:
    from ledger.core.models.base import ValidationError, read_model
    from ledger.core.models.guard import GuardConfig
    from ledger.files.yaml_reader import parse

    file = folder / CONFIG
    document = parse(content)
    if isinstance(document, Finding):
        raise MissingGuardConfigError(file, f"第 {document.place.line} 行有误：{document.message}")
    try:
        config = read_model(GuardConfig, document.data or {})
    except ValidationError as error:
        raise MissingGuardConfigError(file, f"有误：{error.findings[0].message}") from None
    if config.signers and not (folder / config.signers).is_file():
        raise MissingGuardConfigError(file, f"写的签名名单 {config.signers} 不存在")
    if config.signatures and not config.signers:
        raise MissingGuardConfigError(file, "要求签名，却没有写准许签名的名单 signers")
    return config


def _hook() -> str:
    python = shlex.quote(Path(sys.executable).as_posix())
    # -P keeps the repository's folder, where the hook runs, from being searched for modules. `-m ledger` would load runpy first.
    start = "'from ledger.__main__ import main; main()'"
    return f'#!/bin/sh\n{MARK}：由 ledger guard install 写下\nexport PYTHONUTF8=1\nexec {python} -P -c {start} guard receive "$PWD"\n'


def _config(admins: Sequence[str], signers: str | None, signatures: bool, branch: str) -> str:
    lines = [
        "# 服务器对账本的守卫；这个文件在仓库之外，任何推送都改不了它。",
        f"branch: {branch}",
        "# 可以修改规则文件（data/ledger.yaml、.gitattributes、schemas/ 等）的人；空则谁也不能改。",
        f"admins: [{', '.join(admins)}]",
        "# 是否要求每次提交都由作者本人签名；要求时写明准许签名的名单（SSH allowed signers 格式）。",
        f"signatures: {str(signatures).lower()}",
    ]
    lines.append(f"signers: {signers}" if signers else "# signers: allowed_signers")
    return "\n".join(lines) + "\n"
