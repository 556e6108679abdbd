"""Write a contract.yaml to be filled in: every field with its explanation, 【待补】 where unknown.

It follows the declarations of the model, as the reader does, so that the two cannot drift. From
another contract only what contracts of one form have alike is taken over, and nothing in whose
words the other contract's own facts can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, field, fields
from typing import Any, get_type_hints

from deliverables.lazily import dataclass
from deliverables.model.contract import Contract
from deliverables.model.record import (
    UNFILLED,
    Declaration,
    Heading,
    Record,
    declarations,
    has_default,
    headings,
    record_type,
)
from deliverables.model.values import (
    AMOUNT,
    DAY,
    DIGITS,
    YES_NO,
    NotOfTypeError,
    show_day,
    show_plain,
)
from deliverables.read.yaml_file import Block, Items, Node, Scalar, value_at

_PREFACE = """\
# 合同事实。工具出具的每一份文件，凡涉及合同约定的，都取自本文件。
#
# 填写办法：对照合同文本，从上往下，把【待补】换成内容；# 开头的是说明，不用删。
#   1. 每一块的 article（条款）写明以下事实出自合同哪一处。
#   2. 合同没有写、要另行索取的，先留【待补】，后面可以写明向谁索取，如
#          credit_code: 【待补】请向甲方财务部门索取
#      没有它出不了文件的，check 列为“必填”，其余可以后补，文件中印【待补】。
#   3. 冒号后面留一个空格；缩进用空格，照原样，不用制表符。“可不填”的可以空着。
#   4. 填完保存为 UTF-8，运行 deliverables check，按提示改正。
"""
_RULE_LENGTH = 74
_LONGEST_LINE = 60
_SHORTEST_NAME = 2
_PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（《【“第][^:#'\"\[\]{},&*!|>%@`\\\n]*")
_BARE = re.compile(r"[\d.,]+%?|[a-z_]+")
_TERM, _REPORTS = "service.term_months", "service.reports"
_BY_TERM = ("service.annual_reports",)
_YAML_WORDS = re.compile(r"(?i:yes|no|on|off|true|false|null|y|n|~)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Another contract that this one is like: its number and the tree of its contract.yaml."""

    number: str
    tree: Block


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """What is known of a contract before anybody reads it: facts by their path, and its form."""

    facts: Mapping[str, str] = field(default_factory=dict)
    instalments: int | None = None
    pattern: Pattern | None = None

    def overrules(self, path: str) -> str:
        """Return what the other contract says of a fact that is another one here."""
        given, said = self.facts.get(path), _said(self.pattern, path)
        return said if given is not None and said not in ("", given) else ""


def contract_file(beginning: Beginning) -> str:
    """Return the text of a contract.yaml to be filled in."""
    pattern = beginning.pattern
    own = _own_facts(Contract, pattern.tree) if pattern else ()
    writer = _Writer(beginning, frozenset((*own, *_overruled(beginning))))
    lines = writer.record(Contract, "", "", pattern.tree if pattern else None)
    return "\n".join((_PREFACE.rstrip("\n"), *lines)) + "\n"


class _Writer:
    def __init__(self, beginning: Beginning, own: frozenset[str]) -> None:
        self._beginning = beginning
        self._own = own
        self._explained: set[Declaration] = set()

    def record(
        self, kind: type[Record], path: str, indent: str, like: Node | None
    ) -> Iterator[str]:
        """Yield the lines of one record, each field below its explanation."""
        hints, titles = get_type_hints(kind), headings(kind)
        for item in _known(kind):
            here = f"{path}.{item.name}" if path else item.name
            before = value_at(like, item.name)
            if item.name in titles:
                yield from _headed(titles[item.name], indent)
                if "records" in item.metadata:
                    yield from self._list(item, titles[item.name], here, indent, before)
                elif has_default(item):
                    yield from self._pattern(record_type(hints[item.name]), item.name, here, indent)
                else:
                    yield f"{indent}{item.name}:"
                    yield from self.record(hints[item.name], here, indent + "  ", before)
            else:
                yield from self._field(kind, item, here, indent, before)

    def _pattern(self, kind: type[Record], name: str, path: str, indent: str) -> Iterator[str]:
        """Yield a block that most contracts lack, as a comment to be laid open."""
        yield f"{indent}# 需要时照下面填写，去掉行首的“# ”："
        yield f"{indent}# {name}:"
        yield from (f"{indent}# {line}" for line in self.record(kind, path, "  ", None))

    def _list(
        self, item: Field[Any], title: Heading, path: str, indent: str, like: Node | None
    ) -> Iterator[str]:
        before = like.items if isinstance(like, Items) and title.alike else ()
        count = 0 if has_default(item) else self._beginning.instalments or len(before) or 3
        if not has_default(item) and len(before) != count:
            before = ()  # another number of instalments: other shares, other conditions
        patterns: tuple[Node | None, ...] = before or (None,) * count
        if before:
            yield f"{indent}#{self._origin()}"
        yield f"{indent}{item.name}:"
        for number, one in enumerate(patterns, 1):
            here = f"{path}[{number}]"
            lines = list(self.record(item.metadata["records"], here, indent + "    ", one))
            yield from _dashed(lines, indent)
        if not patterns:
            example = list(self.record(item.metadata["records"], path, "    ", None))
            yield f"{indent}  # 每条照下面的样子写一段，去掉行首的“# ”："
            yield from (f"{indent}  # {line[2:]}" for line in _dashed(example, "")
                        if not line.lstrip().startswith("#"))  # fmt: skip

    def _field(
        self, kind: type, item: Field[Any], path: str, indent: str, like: Node | None
    ) -> Iterator[str]:
        declared = declarations(kind)[item.name]
        yield from self._explanation(declared, indent)
        given = self._beginning.facts.get(path) or self._numbered(path)
        taken = self._taken(declared, like)
        if given:
            yield f"{indent}{item.name}: {_scalar(given, declared)}"
        elif taken and not (path in _BY_TERM and self._beginning.overrules(_TERM)):
            origin = "" if "[" in path else f"  #{self._origin()}"
            yield f"{indent}{item.name}: {taken}{origin}"
        elif declared.optional and declared.type is not AMOUNT:
            yield f"{indent}{item.name}:"
        else:  # an amount left empty would be reckoned: somebody must have looked
            yield f"{indent}{item.name}: {UNFILLED}"

    def _origin(self) -> str:
        pattern = self._beginning.pattern
        return f" 沿用 {pattern.number}，请与本合同核对" if pattern else ""

    def _explanation(self, declared: Declaration, indent: str) -> Iterator[str]:
        """Yield the label and, the first time, what to write."""
        unit = f"（{declared.unit}）" if declared.unit else ""
        line = f"{indent}# {declared.label}{unit}"
        if declared in self._explained:
            yield line + ("：可不填" if declared.optional else "")
            return
        self._explained.add(declared)
        parts = declared.advice.split("；")
        line += "：" + parts[0]
        for part in parts[1:]:
            if len(line) + len(part) > _LONGEST_LINE:
                yield line + "；"
                line = f"{indent}#   {part}"
            else:
                line += "；" + part
        yield line

    def _numbered(self, path: str) -> str:
        """Instalments count from one: that much is known of them."""
        found = re.fullmatch(r"payment\.instalments\[(\d+)\]\.number", path)
        return found[1] if found else ""

    def _taken(self, declared: Declaration, like: Node | None) -> str:
        """Return what is taken over from the other contract, nothing if it is a fact of its own."""
        if not declared.alike:
            return ""
        if isinstance(like, Items):
            entries = [self._taken(declared, entry) for entry in like.items]
            return f"[{', '.join(entries)}]" if entries and all(entries) else ""
        if not isinstance(like, Scalar) or not like.text or UNFILLED in like.text:
            return ""
        written = like.text.replace(",", "")
        if any(fact in written for fact in self._own):
            return ""
        return _scalar(like.text, declared)


def _headed(title: Heading, indent: str) -> Iterator[str]:
    if indent:
        yield f"{indent}# {title.title}{f'：{title.hint}' if title.hint else ''}"
        return
    yield ""
    yield f"# ── {title.title} {'─' * (_RULE_LENGTH - 2 * len(title.title))}"
    if title.hint:
        yield f"# {title.hint}"


def _dashed(lines: list[str], indent: str) -> Iterator[str]:
    """Set the dash of a list entry before its first key; the explanations above it stay."""
    first = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
    mark = len(indent) + 2
    for number, line in enumerate(lines):
        yield f"{line[:mark]}- {line[mark + 2 :]}" if number == first else line


def _known(kind: type) -> tuple[Field[Any], ...]:
    return tuple(item for item in fields(kind) if item.name != "places")


def _scalar(text: str, declared: Declaration) -> str:
    """Return a text as YAML that reads as the same text."""
    if declared.type is YES_NO:
        text = YES_NO.show(YES_NO.parse(text))
    bare = _PLAIN.fullmatch(text) or _BARE.fullmatch(text)
    if bare and declared.type is not DIGITS and not _YAML_WORDS.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _said(pattern: Pattern | None, path: str) -> str:
    node = value_at(pattern.tree if pattern else None, *path.split("."))
    return node.text or "" if isinstance(node, Scalar) else ""


def _overruled(beginning: Beginning) -> Iterator[str]:
    """Yield how texts state a length or a number of reports that is another one here."""
    if months := beginning.overrules(_TERM):
        yield from (f"{months}个月", f"{months} 个月")
    if reports := beginning.overrules(_REPORTS):
        yield from (f"报告{reports}个", f"报告{reports}份", f"{reports}份")


def _own_facts(kind: type[Record], tree: Node | None) -> Iterator[str]:
    """Yield the other contract's own facts as texts may write them: names, days, amounts, codes."""
    hints, declared = get_type_hints(kind), declarations(kind)
    for item in _known(kind):
        node = value_at(tree, item.name)
        if "records" in item.metadata:
            for entry in node.items if isinstance(node, Items) else ():
                yield from _own_facts(item.metadata["records"], entry)
        elif item.name not in declared:
            yield from _own_facts(record_type(hints[item.name]), node)
        elif isinstance(node, Scalar) and node.text and not declared[item.name].alike:
            yield from _ways_to_write(declared[item.name], node.text)


def _ways_to_write(declared: Declaration, text: str) -> Iterator[str]:
    if UNFILLED in text or declared.type.choices:
        return
    try:
        value = declared.type.parse(text)
    except NotOfTypeError:
        value = None
    if declared.type is AMOUNT and value is not None:
        yield show_plain(value)
    elif declared.type is DAY and value is not None:
        yield from (show_day(value), value.isoformat(), f"{value.year}.{value.month}.{value.day}")
    if len(text.strip()) >= _SHORTEST_NAME:
        yield text.strip().replace(",", "")
