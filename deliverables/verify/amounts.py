"""Money: net and tax against gross, what is paid and asked against the contract sum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Document, Place, Table
from deliverables.verify.finding import Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.traits import GROSS, NET, TAX, tax_label
from deliverables.verify.wording import REMEMBERED, amounts

_WHOLE: Final = {NET, TAX, GROSS}


def net_and_tax_make_gross(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find net amounts and taxes stated together with a gross amount that they do not make."""
    for table in document.tables:
        if not any(map(tax_label, table.texts)):
            continue
        yield from _rows_with_tax(table)
        labelled = [(tax_label(a.text), b) for row in table.rows for a, b in pairwise(row)]
        yield from _triples([(label, b.text, b.place) for label, b in labelled if label])
    if any(paragraph.traits.taxes for paragraph in document.telling):
        yield from _tax_told(document)


def _tax_told(document: Document) -> Iterator[Finding]:
    listed: list[tuple[str, str, Place]] = []
    for paragraph in document.paragraphs:
        labels = paragraph.traits.taxes
        if not labels and not listed:
            continue
        stated = [(label, text, paragraph.place) for label, text in labels]
        if len(stated) == 1:  # net, tax and gross may stand on a line each
            listed += stated
            continue
        yield from _triples(listed)
        yield from _triples(stated)
        listed = []
    yield from _triples(listed)


def _rows_with_tax(table: Table) -> Iterator[Finding]:
    """Look at tables whose columns are net, tax and gross, row by row."""
    columns: dict[str, int] = {}
    for row in table.rows:
        labels = {tax_label(cell.text): cell.column for cell in row}
        if labels.keys() >= _WHOLE:
            columns = labels
            continue
        cells = {cell.column: cell for cell in row}
        stated = [(label, cells[column].text, cells[column].place)
                  for label, column in columns.items() if label and column in cells]  # fmt: skip
        yield from _triples(stated)


def _triples(stated: list[tuple[str, str, Place]]) -> Iterator[Finding]:
    """Check each net, tax and gross that follow each other, in whatever order."""
    held: dict[str, Decimal] = {}
    for label, text, place in stated:
        found = amounts(text)
        if not found:
            continue
        held[label] = found[0][2]
        if not held.keys() >= _WHOLE:
            continue
        made = held[NET] + held[TAX]
        if made != held[GROSS]:
            message = say("net {net} and tax {tax} make {made}, the gross amount is {gross}",
                          net=f"{held[NET]:,}", tax=f"{held[TAX]:,}", made=f"{made:,}",
                          gross=f"{held[GROSS]:,}")  # fmt: skip
            yield fault("tax-differs", place.message(), message, f"{made:,}", f"{held[GROSS]:,}")
        held = {}


_PARTS: Final = (
    ("payable", re.compile(r"(?:本期|本次)?(?:实付|实际支付|实际应付)")),
    ("paid", re.compile(r"(?:累计|此前|前期|截至.*)?(?:已付|已支付|已收|已到账)")),
    ("now", re.compile(r"(?:本期|本次)(?:应付|申请|请款|款)")),
    ("elsewhere", re.compile(r"其他各期扣(?:减|除)")),
    ("deducted", re.compile(r"(?:本期|本次)?扣(?:减|除)")),
    ("rest", re.compile(r"(?:付款后)?(?:未付|剩余|尚未支付|待付|尚余)")),
    ("whole", re.compile(r"合同(?:总额|总价|总金额|金额|价款|款项总额)")),
)


def parts_make_the_whole(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find payment tables where paid, asked now and remaining do not make the contract sum."""
    for table in document.tables:
        if not any(map(_part_label, table.texts)):
            continue
        stated: dict[str, Decimal] = {}
        for row in table.rows:
            for label, value in pairwise(row):
                part = _part_label(label.text)
                found = amounts(value.text)
                if part and found:
                    stated.setdefault(part, found[0][2])
        yield from _unclosed(stated, table)


@lru_cache(REMEMBERED)
def _part_label(text: str) -> str:
    return next((name for name, pattern in _PARTS if pattern.match(text)), "")


def _unclosed(stated: dict[str, Decimal], table: Table) -> Iterator[Finding]:
    where = table.place.message()
    if {"payable", "now", "deducted"} <= stated.keys():
        left = stated["now"] - stated["deducted"]
        if left != stated["payable"]:
            message = say("due {due} less deductions {deducted} is {left}, payable is {payable}",
                          due=f"{stated['now']:,}", deducted=f"{stated['deducted']:,}",
                          left=f"{left:,}", payable=f"{stated['payable']:,}")  # fmt: skip
            yield fault("payment-differs", where, message, f"{left:,}", f"{stated['payable']:,}")
    if {"whole", "paid", "now", "rest"} <= stated.keys():
        elsewhere = stated.get("elsewhere", Decimal(0))
        made = stated["paid"] + stated["now"] + stated["rest"] + elsewhere
        if made != stated["whole"]:
            message = say("paid {paid}, now {now} and remaining {rest} make {made}, "
                          "the contract sum is {whole}",
                          **{name: f"{value:,}" for name, value in stated.items()},
                          made=f"{made:,}")  # fmt: skip
            yield fault("payment-differs", where, message, f"{stated['whole']:,}", f"{made:,}")
