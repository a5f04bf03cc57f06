"""What can be wrong with an export somebody wants written or read; every message names the file and the remedy."""

from __future__ import annotations

from pathlib import Path

from ledger.core.errors import ExternalError, LedgerError

AGAIN = "从账本重新导出这一份：ledger export --format parquet -o 文件夹 --city 市 --county 县"


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

    def __init__(self, file: Path, found: object, ours: int) -> None:
        super().__init__(
            f"{file} 是第 {found} 版的表，本程序只读写第 {ours} 版",
            f"用本程序重新导出到新的文件夹；不同版本的表不能混在一起。{AGAIN}",
        )


class DamagedExportError(LedgerError):
    """A file of an export is missing, half-written or altered; a figure made from the rest would be wrong."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} {why}；没有汇总，免得算出错误的数", AGAIN)


class LedgerMismatchError(LedgerError):
    """The place in the export is taken by another ledger."""

    def __init__(self, file: Path, there: str, ours: str) -> None:
        super().__init__(
            f"{file} 记着这个市、县已有账本“{there}”，与要导出的“{ours}”不是同一本，没有写入",
            "用 --city、--county 写明各自的市、县；确是同一本改了名，请删掉这个清单后再导出",
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
