"""Errors of writing and reading exports; every message names the file and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.core.errors import ExternalError, LedgerError
from ledger.core.findings import Finding
from ledger.export.header import Header

AGAIN = "从账本重新导出这一份：ledger export --format parquet -o 文件夹"


class ForeignFolderError(LedgerError):
    """The folder holds something that no export of this kind put there; nothing in it is touched."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"{folder} {why}，没有写入", "换一个新的或空的文件夹，如 -o 导出；旧的不要了请自己先删"
        )


class MissingExportError(LedgerError):
    """The folder is neither a ledger nor an export in Parquet."""

    def __init__(self, folder: Path, why: str = "") -> None:
        super().__init__(
            f"{folder} 不能汇总：{why or '既不是账本（没有 data/ledger.yaml），也不是 Parquet 导出'}",
            "写账本的文件夹，或 ledger export --format parquet 写成的整个文件夹",
        )


class SchemaVersionError(LedgerError):
    """The export was made by a program whose tables differ from ours."""

    def __init__(self, file: Path, version: object, ours: int) -> None:
        super().__init__(
            f"{file} 是第 {version} 版的表，本程序只读写第 {ours} 版",
            f"用本程序重新导出到新的文件夹；不同版本的表不能混在一起。{AGAIN}",
        )


class DamagedExportError(LedgerError):
    """A file of an export is missing, half-written or altered; a figure made from the rest would be wrong."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} {why}；没有汇总，免得算出错误的数", AGAIN)


class NoIdentityError(LedgerError):
    """A ledger without a commit has no identity, so that it could not be told from another."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"账本 {root} 还没有任何提交，无从认定是哪一本",
            "先提交：ledger doctor --fix；或用 ledger init 新建账本",
        )


class DivergedLedgerError(LedgerError):
    """An export in the store was made from a commit that this ledger does not descend from."""

    def __init__(self, header: Header, stored: Header) -> None:
        super().__init__(
            f"文件夹里已有同一本账（{stored.place}，{stored.name}）的导出，它依据的提交 {stored.commit[:12]} "
            f"不在 {header.place} 的历史里：这一份较旧，或是从它复制后各记各的",
            "较旧的先取回新的：ledger sync；复制来的另建一本：ledger init 文件夹",
        )


class UnsoundLedgerError(LedgerError):
    """`check` finds something wrong; a sum with it would be wrong, too."""

    def __init__(self, root: Path, findings: Sequence[Finding]) -> None:
        shown = "".join(f"\n  {finding.place}  {finding.text}" for finding in findings[:5])
        more = f"\n  …… 另有 {len(findings) - 5} 处" if len(findings) > 5 else ""
        super().__init__(
            f"账本 {root} 未通过检查（{len(findings)} 处），没有计入：{shown}{more}",
            f"改正：ledger --root {root} check；或仍要计入并处处标明：--include-broken",
        )


class MissingDependencyError(ExternalError):
    """A library that only this work needs is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"没有装 {library}", f"pip install 'commitment-ledger[{extra}]'")


class MissingJavaError(ExternalError):
    """Spark runs on Java, and there is none."""

    def __init__(self) -> None:
        super().__init__(
            "没有找到 Java，Spark 不能运行", "装 Java 17 或更新的版本；或不用 Spark：--engine duckdb"
        )
