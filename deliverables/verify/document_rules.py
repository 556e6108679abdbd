"""What a document must keep by itself: sums, tax, words, names, its period, nothing left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

from deliverables.values.capitals import CapitalsError, read_capitals
from deliverables.values.problem import Message, Severity, say
from deliverables.values.trace import CLOSE, OPEN
from deliverables.verify.base import Base, Frame
from deliverables.verify.document import Block, Document, Form, Place, fold
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, doubt, fault

SEAL: Final = "（盖章处）"
TO_SUPPLY: Final = "【待补】"

# What is looked at


@dataclass(frozen=True, slots=True)
class RuledLine:
    """One text of a document: a paragraph, or a cell of a row."""

    text: str
    place: Place
    block: Block


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell of a table: a merged one has the text of the cell above that it continues."""

    text: str
    place: Place
    column: int
    span: int
    continued: bool


@dataclass(frozen=True, slots=True)
class RuledTable:
    """The rows of a table."""

    rows: tuple[tuple[RuledCell, ...], ...]
    place: Place

    def header(self, column: int) -> str:
        """Return the text at the top of a grid column, through all rows without a number."""
        texts: list[str] = []
        for row in self.rows:
            if texts and any(cell.text[:1].isdigit() for cell in row):
                break
            texts += [cell.text for cell in row if cell.column <= column < cell.column + cell.span]
        return " ".join(dict.fromkeys(texts))


@dataclass(frozen=True, slots=True)
class RuledDocument:
    """A document as the rules look at it: its lines, its tables, what it was made of."""

    document: Document
    base: Base
    lines: tuple[RuledLine, ...]
    tables: tuple[RuledTable, ...]


def _lines(blocks: Iterable[Block]) -> Iterator[RuledLine]:
    for block in blocks:
        if block.form in (Form.PARAGRAPH, Form.ROW):
            yield from (RuledLine(text, block.place_of(number), block)
                        for number, text in enumerate(block.texts))  # fmt: skip


def _tables(blocks: Iterable[Block]) -> Iterator[RuledTable]:
    rows: dict[tuple[str, str, int], list[Block]] = {}
    for block in blocks:
        if block.form is Form.ROW:
            rows.setdefault((block.part, block.place.story, block.place.table), []).append(block)
    for told in rows.values():
        above: dict[int, str] = {}
        table = []
        for row in told:
            ends = (*row.columns[1:], max(row.columns[-1:] or (1,)) + 1)
            cells = []
            for number, text in enumerate(row.texts):
                column, continued = row.columns[number], number in row.continued
                shown = above.get(column, "") if continued else text
                above[column] = shown
                span = max(ends[number] - column, 1)
                cells.append(RuledCell(shown, row.place_of(number), column, span, continued))
            table.append(tuple(cells))
        yield RuledTable(tuple(table), told[0].place.at(0))


# Amounts


YUAN: Final = re.compile(
    r"(?:[￥¥]\s?)(?P<marked>-?\d[\d,]*(?:\.\d+)?)"
    r"|(?<![\d.,])(?P<grouped>-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2})(?!\d|[.,]\d|\s?%)"
    r"|(?<![\d.,])(?P<counted>-?\d[\d,]*(?:\.\d+)?)(?=\s?元)"
)
"""An amount of money: after ￥, or with two decimals, or before 元."""

_REMEMBERED: Final = 1_024


@lru_cache(_REMEMBERED)
def amounts(text: str) -> tuple[tuple[int, int, Decimal], ...]:
    """Return the amounts of money in a text, each with where it begins and ends."""
    return tuple(
        (found.start(), found.end(), Decimal(written.replace(",", "")))
        for found in YUAN.finditer(text)
        if (written := found[found.lastgroup or 0]).strip("-,.")
    )


# Amounts in capital words


_CAPITALS: Final = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正貳貮叄參陸億萬圓"
_MISTAKEN: Final = "〇一二三四五六七八九十百千两廿卅毛"
_IN_WORDS: Final = re.compile(
    rf"(?P<currency>人民币)?(?:（?大写）?[:：]?)?\s?(?P<words>[{_CAPITALS}{_MISTAKEN}]{{2,}})"
)
_NUMERAL_WORDS: Final = re.compile(r"[壹贰叁肆伍陆柒捌玖貳貮叄參陸]|零元")
_UNIT_WORDS: Final = re.compile(r"[元圆圓角分]")
_NEAR: Final = 3


def words_equal_figures(sheet: RuledDocument) -> Iterator[Finding]:
    """Find amounts in capital words that cannot be read, or differ from the figures beside them.

    What stands in “ ” are the contract's own words, whose form is not the document's.
    """
    for number, line in enumerate(sheet.lines):
        for start, end, words in _in_words(line.text):
            where = line.place.message()
            try:
                amount = read_capitals(words)
            except CapitalsError as failure:
                message = say("{words} is no amount: {reason}", words=words, reason=failure.message)
                yield fault("words-unreadable", where, message, found=words)
                continue
            numerals = _numerals_beside(sheet, number, start, end)
            if numerals and amount not in numerals:
                yield _words_differ(where, words, amount, numerals[0])


@lru_cache(_REMEMBERED)
def _in_words(text: str) -> tuple[tuple[int, int, str], ...]:
    if not _NUMERAL_WORDS.search(text):
        return ()
    return tuple(
        (found.start(), found.end(), words)
        for found in _IN_WORDS.finditer(text)
        if _NUMERAL_WORDS.search(words := found["words"])
        and (found["currency"] or _UNIT_WORDS.search(words))
        and text.count("“", 0, found.start()) == text.count("”", 0, found.start())
    )


def _words_differ(where: Message, words: str, amount: Decimal, numeral: Decimal) -> Finding:
    message = say(
        "the words {words} say {amount}, the figures beside them {numeral}",
        words=words,
        amount=f"{amount:,}",
        numeral=f"{numeral:,}",
    )
    return fault("words-differ", where, message, f"{numeral:,}", words)


def _numerals_beside(sheet: RuledDocument, number: int, start: int, end: int) -> list[Decimal]:
    """Return the numeral nearest in the same text, or else all in its row, its table, around it."""
    line = sheet.lines[number]
    here = amounts(line.text)
    if here:
        return [min(here, key=lambda found: max(start - found[1], found[0] - end))[2]]
    place = line.place
    table = (line.block.part, place.story, place.table)
    in_table = [other for other in sheet.lines if place.table
                and (other.block.part, other.place.story, other.place.table) == table]  # fmt: skip
    in_row = [other for other in in_table if other.place.row == place.row]
    around = sheet.lines[max(number - _NEAR, 0) : number + _NEAR + 1]
    for level in (in_row, in_table, around):
        found = [amount for other in level for _, _, amount in amounts(other.text)]
        if found:
            return found
    return []


# Net, tax, gross


NET, TAX, GROSS = "net", "tax", "gross"
_TAX_LABELS: Final = (
    (NET, re.compile(r"不含税(?:金?额|价款?)|金额[（(]不含税[）)]")),
    (GROSS, re.compile(r"价税合计|(?<!不)含税(?:金额|总额|价款?)")),
    (TAX, re.compile(r"(?<!含)税额")),
)
_WHOLE: Final = {NET, TAX, GROSS}


def net_and_tax_make_gross(sheet: RuledDocument) -> Iterator[Finding]:
    """Find net amounts and taxes stated together with a gross amount that they do not make."""
    for table in sheet.tables:
        if any(_tax_label(cell.text) for row in table.rows for cell in row):
            yield from _rows_with_tax(table)
            labelled = [(_tax_label(a.text), b) for row in table.rows for a, b in pairwise(row)]
            yield from _triples([(label, b.text, b.place) for label, b in labelled if label])
    listed: list[tuple[str, str, Place]] = []
    for line in sheet.lines:
        labels = _taxes(line.text)
        if not labels and not listed:
            continue
        stated = [(label, text, line.place) for label, text in labels]
        if len(stated) == 1:  # net, tax and gross may stand on a line each
            listed += stated
            continue
        yield from _triples(listed)
        yield from _triples(stated)
        listed = []
    yield from _triples(listed)


def _rows_with_tax(table: RuledTable) -> Iterator[Finding]:
    """Look at tables whose columns are net, tax and gross, row by row."""
    columns: dict[str, int] = {}
    for row in table.rows:
        labels = {_tax_label(cell.text): cell.column for cell in row}
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


@lru_cache(_REMEMBERED)
def _tax_label(text: str) -> str:
    if "税" not in text:
        return ""
    return next((label for label, pattern in _TAX_LABELS if pattern.search(text)), "")


@lru_cache(_REMEMBERED)
def _taxes(text: str) -> tuple[tuple[str, str], ...]:
    if "税" not in text:
        return ()
    found = sorted(
        (match.end(), label) for label, pattern in _TAX_LABELS for match in pattern.finditer(text)
    )
    ends = pairwise([*found, (len(text), "")])
    return tuple((label, text[start:end]) for (start, label), (end, _) in ends)


# Paid, now, remaining


_PARTS: Final = (
    ("payable", re.compile(r"(?:本期|本次)?(?:实付|实际支付|实际应付)")),
    ("paid", re.compile(r"(?:累计|此前|前期|截至.*)?(?:已付|已支付|已收|已到账)")),
    ("now", re.compile(r"(?:本期|本次)(?:应付|申请|请款|款)")),
    ("elsewhere", re.compile(r"其他各期扣(?:减|除)")),
    ("deducted", re.compile(r"(?:本期|本次)?扣(?:减|除)")),
    ("rest", re.compile(r"(?:付款后)?(?:未付|剩余|尚未支付|待付|尚余)")),
    ("whole", re.compile(r"合同(?:总额|总价|总金额|金额|价款|款项总额)")),
)


def parts_make_the_whole(sheet: RuledDocument) -> Iterator[Finding]:
    """Find payment tables where paid, asked now and remaining do not make the contract sum."""
    for table in sheet.tables:
        stated: dict[str, Decimal] = {}
        for row in table.rows:
            for label, value in pairwise(row):
                part = _part_label(label.text)
                found = amounts(value.text) if part else ()
                if found:
                    stated.setdefault(part, found[0][2])
        yield from _unclosed(stated, table)


@lru_cache(_REMEMBERED)
def _part_label(text: str) -> str:
    return next((name for name, pattern in _PARTS if pattern.match(text)), "")


def _unclosed(stated: dict[str, Decimal], table: RuledTable) -> Iterator[Finding]:
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


# Totals


_TOTAL: Final = re.compile(
    r"(?:本季度|本年度|本期|本页|全年|年度|四季度|项目)?(?P<level>小计|合计|总计)(?:[（(][^）)]*[）)])?[：:]?"
)
_NOT_ADDED: Final = re.compile(
    r"率|比例|占比|百分|%|平均|均值|均时|峰值|最[大小高低长短早晚]|单价|序号|编号|期次"
)
_PART_OF_ABOVE: Final = re.compile(r"其中")
_NUMBER: Final = re.compile(
    r"[￥¥]?\s?(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?(?P<unit>[^\d\s%.,:/-]{0,4})"
)
_NOTHING: Final = re.compile(r"[—–\-/／\s]*(?:（本期无）)?")
_LEVELS: Final = ("小计", "合计", "总计")


class _Column:
    """The numbers of a column that the next 小计, 合计 and 总计 must add up."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[Decimal]] = {level: [] for level in _LEVELS}
        self.units = set[str]()
        self.readable = True

    def add(self, text: str) -> None:
        """Take in a cell; one that is neither a number nor empty makes the column no sum."""
        read = _NUMBER.fullmatch(text)
        if read is None:
            self.readable = self.readable and _NOTHING.fullmatch(text) is not None
            return
        self.units.add(read["unit"])
        for numbers in self.waiting.values():
            numbers.append(Decimal(read["number"].replace(",", "")))

    def close(self, level: str) -> None:
        """Begin anew after a total, which closes the levels below it too."""
        for closed in _LEVELS[: _LEVELS.index(level) + 1]:
            self.waiting[closed] = []


def totals_are_sums(sheet: RuledDocument) -> Iterator[Finding]:
    """Find totals (合计, 总计) and subtotals (小计) that are not the sum of their column."""
    for table in sheet.tables:
        if any(row and _total(row[0].text) for row in table.rows):
            yield from _wrong_totals(table)


def _total(text: str) -> str:
    found = _TOTAL.fullmatch(text.replace(" ", ""))
    return found["level"] if found else ""


def _wrong_totals(table: RuledTable) -> Iterator[Finding]:
    added = {cell.column for row in table.rows for cell in row}
    added -= {column for column in added if _NOT_ADDED.search(table.header(column))}
    columns = {column: _Column() for column in added}
    for row in _totals_last(table):
        level = _total(row[0].text)
        if not level:
            _add_row(row, columns)
            continue
        for cell in row[1:]:
            if cell.column in columns:
                yield from _wrong_total(cell, columns[cell.column], level, table)
        for column in columns.values():
            column.close(level)


def _totals_last(table: RuledTable) -> list[tuple[RuledCell, ...]]:
    """Return the rows below the header; a total that stands above its rows is put after them."""
    begin = next((at for at, row in enumerate(table.rows) if at and not _is_header(row)), 1)
    rows = [row for row in table.rows[begin:] if row]
    totals = [bool(_total(row[0].text)) for row in rows]
    return [*rows[1:], rows[0]] if totals[:1] == [True] and totals.count(True) == 1 else rows


def _add_row(row: tuple[RuledCell, ...], columns: dict[int, _Column]) -> None:
    if _PART_OF_ABOVE.match(row[0].text):
        return
    for cell in row:
        if cell.column in columns and not cell.continued:
            columns[cell.column].add(cell.text)


def _wrong_total(
    cell: RuledCell, column: _Column, level: str, table: RuledTable
) -> Iterator[Finding]:
    stated, numbers = _NUMBER.fullmatch(cell.text), column.waiting[level]
    if stated is None or not numbers or not column.readable or column.units != {stated["unit"]}:
        return
    value, expected = Decimal(stated["number"].replace(",", "")), sum(numbers, Decimal(0))
    if value == expected:
        return
    amount = f"{abs(value - expected):,}"
    much = say("{amount} too much", amount=amount)
    little = say("{amount} too little", amount=amount)
    message = say(
        "{header}: {level} is {found}, the rows add up to {expected} ({difference})",
        header=table.header(cell.column),
        level=level,
        found=cell.text,
        expected=f"{expected:,}",
        difference=much if value > expected else little,
    )
    yield fault("total-differs", cell.place.message(), message, f"{expected:,}", cell.text)


def _is_header(row: tuple[RuledCell, ...]) -> bool:
    """Tell the second row of a header, above which some cells are merged with the first."""
    return any(cell.continued for cell in row) and not any(_NUMBER.match(c.text) for c in row)


# Who, which contract, which period


_CODE: Final = re.compile(r"[A-Za-z]{2,}\d{6,}(?:-[A-Za-z0-9]+)*")
_LONG_NUMBER: Final = re.compile(r"(?<![\d.,A-Za-z])\d(?: ?\d){11,}(?![\d.,]\d|[A-Za-z])")
_ACCOUNT: Final = re.compile(r"账号")
_CONTRACT: Final = re.compile(r"合同(?:编)?号")
_ORGANISATION: Final = re.compile(
    r"单位(?:全称|名称)|[甲乙]方|账户名|户名|开户(?:银)?行|收款单位|付款单位"
)
_AMOUNT: Final = re.compile(r"[￥¥]?-?(?:\d{1,3}(?:,\d{3})+|\d{1,7}|\d+(?=\.))(?:\.\d+)?\D{0,4}")
_SHORTEST_NAME: Final = 6
_ALIKE: Final = 0.8


def numbers_are_known(sheet: RuledDocument) -> Iterator[Finding]:
    """Find long numbers, such as accounts, that the context does not have."""
    accounts = _called(_ACCOUNT, sheet.base)
    if not accounts:
        return
    known = {number.replace(" ", "") for told in sheet.base.figures.values()
             for number in _LONG_NUMBER.findall(fold(told.text))}  # fmt: skip
    for line in sheet.lines:
        for number in _LONG_NUMBER.findall(line.text):
            if number.replace(" ", "") not in known:
                yield _stranger("account-number", accounts[0], line, number, sheet.base)


def contract_number_is_the_contracts(sheet: RuledDocument) -> Iterator[Finding]:
    """Find numbers that are nearly the contract's, or nearly one derived from it."""
    known = {code for told in sheet.base.figures.values() for code in _CODE.findall(told.text)}
    for key in _called(_CONTRACT, sheet.base)[:1]:
        number = fold(sheet.base.figures[key].text)
        for line in sheet.lines:
            for code in _CODE.findall(line.text):
                if not _is_known(code, known) and _likeness(_stem(code), number) >= _ALIKE:
                    yield _stranger("contract-number", key, line, code, sheet.base)


def parties_have_their_names(sheet: RuledDocument) -> Iterator[Finding]:
    """Find names that are nearly, but not quite, those of a party or its bank."""
    keys = {fold(sheet.base.figures[key].text): key for key in _called(_ORGANISATION, sheet.base)}
    names = tuple(name for name in keys if len(name) >= _SHORTEST_NAME)
    everything = "\n".join(fold(told.text) for told in sheet.base.figures.values())
    for line in sheet.lines:
        for name, nearly in _nearly_named(names, line.text):
            found = next((near for near in nearly if near not in everything), "")
            if found:
                yield _stranger("party-name", keys[name], line, found, sheet.base)


_QUARTERS: Final = {"Q1": "一", "Q2": "二", "Q3": "三", "Q4": "四"}
_QUARTER: Final = re.compile(r"(?<!年)第\s?([一二三四1-4])\s?(?:个?服务)?季度")
"""A quarter of the term; 2026年第三季度 is one of the calendar, wherever it stands in the term."""
_TITLE_STYLES: Final = frozenset({"title", "subtitle"})
_DAY: Final = r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"
_STRETCH: Final = re.compile(rf"{_DAY}\s?(?:至|—|-|到)\s?{_DAY}")


def period_is_that_of_the_document(sheet: RuledDocument) -> Iterator[Finding]:
    """Find titles of another quarter, and stretches of time that end before they begin."""
    identity = sheet.base.identity
    for line in sheet.lines:
        if identity and line.block.style in _TITLE_STYLES:
            quarter = _QUARTER.search(line.text)
            own = _QUARTERS.get(identity.part, "")
            if own and quarter and quarter[1] not in (own, identity.part[1:]):
                message = say("the title names another quarter than {part}", part=identity.part)
                yield fault("period-differs", line.place.message(), message, own, quarter[1])
        for found in _STRETCH.finditer(line.text):
            parts = [int(one) for one in found.groups()]
            if parts[:3] > parts[3:]:
                message = say("{stretch} ends before it begins", stretch=found[0])
                yield fault("period-reversed", line.place.message(), message, found=found[0])


def _called(name: re.Pattern[str], base: Base) -> list[str]:
    """Return the keys of the figures outside loops with such a name, each text once."""
    scalars = ((key, told) for key, told in base.figures.items() if "[" not in key)
    found = {told.text: key for key, told in scalars
             if name.search(told.name) and not _AMOUNT.fullmatch(told.text)}  # fmt: skip
    return list(found.values())


def _stranger(code: str, key: str, line: RuledLine, found: str, base: Base) -> Finding:
    told = base.figures[key]
    message = say("{found} is not {name} {expected}", found=found, name=told.name,
                  expected=told.text)  # fmt: skip
    return Finding(code=code, severity=Severity.ERROR, where=line.place.message(), message=message,
                   expected=told.text, found=found, key=key, sources=told.sources[:8])  # fmt: skip


def _is_known(code: str, known: set[str]) -> bool:
    """Tell whether a number is known, or is a known one with an ending like no other."""
    if code in known:
        return True
    alike = any(len(code) == len(other) and _likeness(code, other) >= _ALIKE for other in known)
    return _stem(code) in known and not alike


def _stem(code: str) -> str:
    return code.partition("-")[0]


@lru_cache(_REMEMBERED)
def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(_REMEMBERED)
def _nearly_named(names: tuple[str, ...], text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what a text has that is nearly one of the names, where none of them stands."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "\n")
    found = ((name, tuple(_nearly(name, text))) for name in names)
    return tuple((name, nearly) for name, nearly in found if nearly)


def _nearly(name: str, text: str) -> Iterator[str]:
    """Yield what stands where a third of the name is right and the whole is almost.

    A slip of the pen spoils one third or two; another leads to the place.
    """
    third = len(name) // 3
    for before in (0, third, len(name) - third):
        part = name[before : before + third]
        at = text.find(part)
        while at >= 0:
            yield from _almost(name, text, at - before)
            at = text.find(part, at + 1)


def _almost(name: str, text: str, start: int) -> Iterator[str]:
    """Yield the text at `start`, a letter more or less, that is most like the name."""
    ends = {(max(start - slip, 0), start + len(name) + tail)
            for slip in (-1, 0, 1) for tail in (-1, 0, 1)}  # fmt: skip
    likeness = {text[begin:end]: _likeness(text[begin:end], name) for begin, end in sorted(ends)}
    best = max(likeness, key=likeness.__getitem__)
    if likeness[best] >= _ALIKE:
        yield best.strip("\n")


# What must not be left


TAG: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|«|»|｛｛|｝｝")
TRACE: Final = re.compile(
    r"(?<![A-Za-z_])(?:(?:Figure|Decimal|Chart|Picture|Derivation|datetime\.\w+)\("
    r"|(?:None|Undefined)(?![A-Za-z_]))|<[\w.]+ object at"
)
_LEFT: Final = (("template-tag", TAG), ("program-text", TRACE))


def nothing_is_left_over(sheet: RuledDocument) -> Iterator[Finding]:
    """Find tags that were not filled, and values as the program writes them."""
    for line in sheet.lines:
        for code, pattern in _LEFT:
            if not pattern.search(line.text):
                continue
            text = line.text
            for mine in _texts_with(pattern, sheet.base):
                text = text.replace(mine, "")
            for found in pattern.finditer(text):
                message = say("{found} should have been filled in", found=found[0])
                yield fault(code, line.place.message(), message, found=found[0])


def _texts_with(pattern: re.Pattern[str], base: Base) -> list[str]:
    """Return what the data themselves say that looks left over, where it would be plain text."""
    return [fold(told.text) for told in base.figures.values() if pattern.search(told.text)]


def nothing_is_to_be_supplied(sheet: RuledDocument) -> Iterator[Finding]:
    """Find 【待补】: a draft may have it, a final document may not."""
    for line in sheet.lines:
        if TO_SUPPLY in line.text:
            message = say("a fact is still to be supplied")
            yield Finding(code="gap", severity=Severity.GAP, where=line.place.message(),
                          message=message, found=line.text)  # fmt: skip


def the_seal_has_its_place(sheet: RuledDocument) -> Iterator[Finding]:
    """Find out if （盖章处） is gone, of a document that is sealed."""
    expected = any(SEAL in text for block in sheet.base.blocks for text in block.texts)
    if expected and not any(SEAL in line.text for line in sheet.lines):
        message = say("{seal} is missing", seal=SEAL)
        yield fault("seal-anchor", WHOLE_DOCUMENT, message, SEAL)


def no_changes_are_tracked(sheet: RuledDocument) -> Iterator[Finding]:
    """Find tracked changes, which were read as if they had been accepted."""
    document = sheet.document
    if document.insertions or document.deletions:
        message = say(
            "the document has tracked changes ({insertions} put in, {deletions} taken out): "
            "accept or reject them",
            insertions=document.insertions,
            deletions=document.deletions,
        )
        yield doubt("tracked-changes", WHOLE_DOCUMENT, message)


# The file


_FLAWS: Final = {
    "cell-end": say("a table cell does not end with a paragraph"),
    "style-unknown": say("a style that is used is not defined"),
    "drawing-id": say("two drawings share an id"),
    "bookmark-id": say("two bookmarks share an id"),
    "bookmark-name": say("two bookmarks share a name"),
    "sdt-id": say("two content controls share an id"),
    "chart-data": say("a chart shows other values than its workbook holds"),
}


def the_file_is_sound(sheet: RuledDocument) -> Iterator[Finding]:
    """Find faults of structure that Word refuses or repairs, and charts unlike their workbooks."""
    for flaw in sheet.document.flaws:
        where = say("{part} › “{excerpt}”", part=flaw.part, excerpt=flaw.words)
        yield fault(flaw.code, where, _FLAWS[flaw.code], found=flaw.words)


# All of them


Rule = Callable[[RuledDocument], Iterable[Finding]]

OF_FIGURES: Final[Mapping[Rule, re.Pattern[str] | None]] = {
    totals_are_sums: re.compile("小计|合计|总计"),
    words_equal_figures: _NUMERAL_WORDS,
    net_and_tax_make_gross: re.compile("税额|含税|价税"),
    parts_make_the_whole: re.compile("合同(?:总|金|价|款项总)|实付|实际支付|实际应付"),
    nothing_is_left_over: re.compile(f"{TAG.pattern}|{TRACE.pattern}"),
    nothing_is_to_be_supplied: re.compile(TO_SUPPLY),
    period_is_that_of_the_document: re.compile(rf"季度|[日{CLOSE}]\s?(?:至|—|-|到)\s?[\d{OPEN}]"),
    numbers_are_known: None,
    contract_number_is_the_contracts: None,
    parties_have_their_names: None,
}
"""What depends on the figures of a document, each with words without which it finds nothing.

Those with None look for what resembles a figure: a document that is known to be its frame filled
with its figures has nothing such.
"""

OF_THE_FILE: Final[tuple[Rule, ...]] = (
    the_seal_has_its_place,
    no_changes_are_tracked,
    the_file_is_sound,
)
"""What documents of one frame have in common."""


def rules_for(frame: Frame, values: str) -> list[Rule]:
    """Return which rules may find something in a frame filled with these values."""
    known = frame.needed
    if not known:
        known.update({rule: needs is not None and needs.search(frame.words) is not None
                      for rule, needs in OF_FIGURES.items()})  # fmt: skip
    return [rule for rule, needs in OF_FIGURES.items()
            if known[rule] or (needs and needs.search(values))]  # fmt: skip


def faults(document: Document, base: Base, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Yield what the rules find in a document."""
    lines = tuple(_lines(document.blocks))
    sheet = RuledDocument(document, base, lines, tuple(_tables(document.blocks)))
    for rule in rules:
        yield from rule(sheet)
