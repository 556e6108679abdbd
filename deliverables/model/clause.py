"""A block of contract.yaml: facts that stand together in one place of the contract."""

from __future__ import annotations

from deliverables.lazily import dataclass
from deliverables.model.record import (
    Record,
    text,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause(Record):
    """A group of facts and the article of the contract that states them."""

    article: str = text("条款", hint="以下事实出自合同哪里，如 封面、第六条第2款", alike=True)
