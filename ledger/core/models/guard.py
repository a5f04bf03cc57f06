"""`ledger-guard.yaml`: the policy of a server, in a file beside the repository that no push can change."""

from typing import Annotated

from ledger.core.models.base import Model, OneLine, doc


class GuardConfig(Model):
    """The whole of `ledger-guard.yaml` in the folder of a bare repository."""

    branch: Annotated[OneLine, doc("唯一可以推送的分支")] = "main"
    folder: Annotated[str, doc("账本在仓库里的文件夹；空为最上层")] = ""
    admins: Annotated[tuple[OneLine, ...], doc("可以修改规则文件的人（邮箱）；空则谁也不能改")] = ()
    sealers: Annotated[
        tuple[OneLine, ...], doc("可以推送封账标签的人（邮箱）；空则管理员，也没有管理员则不限")
    ] = ()
    signatures: Annotated[bool, doc("是否要求每次提交和每个封账标签都由本人签名")] = False
    signers: Annotated[OneLine | None, doc("准许签名的名单（SSH allowed signers 格式），相对于本文件")] = None
