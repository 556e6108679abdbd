"""The parties, with their addresses and contacts: an owner first, then what is owned."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from deliverables.read.contract_text import HEAD, SIGNATURES
from deliverables.read.from_text.found import (
    AGREED,
    DIFFER,
    Contradiction,
    Finding,
    FoundFact,
    Gap,
    Passage,
    Sentence,
    SourceText,
)
from deliverables.values.identifiers import check_credit_code
from deliverables.values.problem import say

CLIENT, CONTRACTOR = "client", "contractor"
_CLIENT: Final = r"(?:甲方|采购人|委托方|委托人|采购方|需方|发包方|购买方)"
_CONTRACTOR: Final = (
    r"(?:乙方|(?:中标|成交)?供应商|(?:中标|成交)人|受托方|受托人|服务方|服务商|供方|承包方)"
)
_NAMED: Final = re.compile(
    rf"^(?:协议|合同)?(?:(?P<client>{_CLIENT})|(?P<contractor>{_CONTRACTOR}))"
    r"(?:\([^)]*\))*:(?P<value>[^:,。;\n]{4,40}?)(?P<role>\((?:甲方|乙方|采购人|供应商|委托方|受托方)\))?$"
)
_OWNED: Final = {
    "address": r"(?:通讯|通信|联系|注册|单位)?(?:地址|住所|住址)(?:地)?",
    "postcode": r"(?:邮政编码|邮编)",
    "credit_code": r"(?:统一社会信用代码|纳税人识别号|税号)",
    "contact.name": r"(?:项目)?(?:联系人|负责人|经理)",
    "contact.phone": r"(?:联系)?(?:电话|方式|手机)(?:号码)?",
}
_LABELLED: Final = {
    name: re.compile(rf"^{pattern}:(?P<value>[^\n]+)$") for name, pattern in _OWNED.items()
}
_CONTACT: Final = re.compile(
    r"(?P<who>甲方|乙方)(?:的)?(?:项目)?(?:联系人|经理|负责人)(?:为|是|:)(?P<name>[\u4e00-\u9fff·]{2,5}?)"
    r"[,(、](?:联系)?(?:电话|方式|手机)(?:号码)?[:为]?(?P<phone>[\d-]{7,14})"
)
_WHOLE_LINE: Final = re.compile(r"(?P<value>[^:,。;\n]{4,40})$")
_PARTIES: Final = (CLIENT, CONTRACTOR)
_BROKEN: Final = "…"
_PERSON: Final = re.compile(r"[\u4e00-\u9fff·]{2,6}")
_PHONE: Final = re.compile(r"[\d-]{7,14}")


Mentions = dict[str, dict[str, Passage]]


def parties(document: SourceText) -> Iterator[Finding]:
    """Read the parties from the cover, the head, the signing page, and where contacts are named."""
    found: Mentions = defaultdict(dict)
    blocks: Mentions = defaultdict(dict)
    named = [*_named(document, document.front, HEAD, found, blocks)]
    behind: Mentions = defaultdict(dict)
    signing = [*_named(document, document.back, SIGNATURES, found, behind)]
    for sentence in document.sentences:
        for said in _CONTACT.finditer(sentence.words):
            owner = CLIENT if said["who"] == "甲方" else CONTRACTOR
            for part in ("name", "phone"):
                _add(document, found[f"{owner}.contact.{part}"], sentence, said, part)
    yield from _told(found)
    yield from _owned(*((blocks, named) if blocks else (behind, signing)))


def _named(
    document: SourceText, lines: Sequence[Sentence], part: str, found: Mentions, blocks: Mentions
) -> Iterator[str]:
    """Collect names, and below them what is theirs; yield the owners named in a part."""
    owner, columns = "", _Columns(document)
    for line in lines:
        if theirs := columns.owner(line):
            yield from _in_column(line, theirs, columns, found, blocks)
            continue
        named = _NAMED.match(line.words)
        if named:
            owner = CLIENT if named["client"] else CONTRACTOR
            _add(document, found[f"{owner}.name"], line, named, "value")
            if line.article.name == part:
                yield owner
        for field, pattern in _LABELLED.items() if owner and line.article.name == part else ():
            said = pattern.match(line.words)
            if said:
                _add(document, blocks[f"{owner}.{field}"], line, said, "value")


_PARTY: Final = re.compile(
    rf"(?:(?P<client>{_CLIENT})|(?P<contractor>{_CONTRACTOR}))(?:\([^)]*\))*:?(?P<name>[^:,。;\n]{{4,40}})?$"
)


class _Columns:
    """A signing page set in two columns: whose a part of its lines is."""

    def __init__(self, document: SourceText) -> None:
        self.document = document
        self._rows: dict[int, list[Sentence]] = {}
        for line in document.back:
            self._rows.setdefault(self._row(line), []).append(line)
        heads = [row for row in self._rows.values() if len(row) == len(_PARTIES)
                 and all(_PARTY.match(line.words) for line in row)]  # fmt: skip
        self._owners = [_owner(_PARTY.match(line.words)) for line in heads[0]] if heads else []
        self._head = self._row(heads[0][0]) if heads else 0
        below = [row for row in self._rows if row > self._head]
        named = [_PARTY.match(line.words) for line in heads[0]] if heads else []
        bare = bool(named) and not any(one and one["name"] for one in named)
        self._named = min(below, default=0) if bare else 0

    def _row(self, line: Sentence) -> int:
        return self.document.text.signs[line.start].line

    def is_name(self, line: Sentence) -> bool:
        """Return whether a line stands right below the heads of the columns."""
        return self._row(line) == self._named

    def owner(self, line: Sentence) -> str:
        """Return whose it is; nothing where it stands in no column."""
        row = self._rows.get(self._row(line), [])
        if sorted(self._owners) != sorted(_PARTIES) or len(row) != len(_PARTIES):
            return ""
        return self._owners[row.index(line)] if line in row and self._row(line) > self._head else ""


def _owner(named: re.Match[str] | None) -> str:
    return CLIENT if named and named["client"] else CONTRACTOR


def _in_column(
    line: Sentence,
    owner: str,
    columns: _Columns,
    found: Mentions,
    blocks: Mentions,
) -> Iterator[str]:
    """Collect the name below the head of a column, and what is labelled further down."""
    said = _WHOLE_LINE.match(line.words)
    if columns.is_name(line) and said and ":" not in line.words:
        _add(columns.document, found[f"{owner}.name"], line, said, "value")
        yield owner
    for field, pattern in _LABELLED.items():
        if labelled := pattern.match(line.words):
            _add(columns.document, blocks[f"{owner}.{field}"], line, labelled, "value")


def _owned(blocks: Mentions, named: list[str]) -> Iterator[Finding]:
    """Two blocks of one form, each below its owner's name: else it is not known whose a line is."""
    fields = {owner: {path.partition(".")[2] for path in blocks if path.startswith(owner)}
              for owner in (CLIENT, CONTRACTOR)}  # fmt: skip
    once = all(len(values) == 1 for values in blocks.values())
    if sorted(named) == [CLIENT, CONTRACTOR] and once and fields[CLIENT] == fields[CONTRACTOR]:
        yield from _told(blocks)
        return
    for path, values in blocks.items():
        for value, passage in values.items():
            yield Gap(path, value, passage, say("it is not certain whose it is"))


def _add(
    document: SourceText, into: dict[str, Passage], one: Sentence, said: re.Match[str], group: str
) -> None:
    value = document.verbatim(one, said, group).strip()
    if not document.is_whole(one, said, group):
        value += _BROKEN
    into.setdefault(value, document.of(one))


def _told(found: Mentions) -> Iterator[Finding]:
    for path, values in found.items():
        for value, passage in values.items() if len(values) > 1 else ():
            yield Gap(path, value, passage, DIFFER)
        if len(values) > 1:
            yield Contradiction(
                "mentions-differ",
                f"{_LABELS[path.partition('.')[2]]}前后不一致：{'、'.join(values)}。",
                next(iter(values.values())),
            )
            continue
        ((value, passage),) = values.items()
        fault = _fault(path.partition(".")[2], value)
        if fault:
            yield Gap(path, value, passage, say("it is not of the form it must have"))
        else:
            yield FoundFact(path, value, passage, AGREED)


_LABELS: Final = {
    "name": "当事人名称",
    "address": "地址",
    "postcode": "邮政编码",
    "credit_code": "统一社会信用代码",
    "contact.name": "联系人",
    "contact.phone": "联系电话",
}


def _fault(field: str, value: str) -> bool:
    if _BROKEN in value or ":" in value or "：" in value:
        return True
    if field == "credit_code":
        return check_credit_code(value).fault is not None
    if field == "postcode":
        return not re.fullmatch(r"\d{6}", value)
    if field == "contact.name":
        return not _PERSON.fullmatch(value)
    if field == "contact.phone":
        return not _PHONE.fullmatch(value)
    return False
