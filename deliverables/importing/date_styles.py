"""The cell styles of an .xlsx, and one that shows a number as a date where there is none yet."""

from __future__ import annotations

import copy
import re

from lxml import etree

from deliverables.model.values import DAY, MOMENT, MONTH, ValueType

_DATES = (DAY, MOMENT, MONTH)
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_FIRST_OWN_FORMAT = 164
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class DateStyles:
    """The styles of one workbook; asking for a date may add one."""

    def __init__(self, xml: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self._root = etree.fromstring(xml, parser)
        self._space = etree.QName(self._root).namespace
        self._added: dict[tuple[str, str], str] = {}

    def fitting(self, style: str | None, type_: ValueType) -> str | None:
        """Return the style, or one like it that shows a date if `type_` is one."""
        if type_ not in _DATES or self._shows_dates(style):
            return style
        wanted = (style or "0", type_.excel_format)
        if wanted not in self._added:
            self._added[wanted] = self._like(*wanted)
        return self._added[wanted]

    def to_bytes(self) -> bytes:
        """Return the part."""
        return bytes(
            etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        )

    def _named(self, name: str) -> str:
        return f"{{{self._space}}}{name}"

    def _formats(self) -> list[etree._Element]:
        return list(self._root.iterfind(f"{self._named('numFmts')}/{self._named('numFmt')}"))

    def _shows_dates(self, style: str | None) -> bool:
        if style is None:
            return False
        number = int(self._cell_styles()[int(style)].get("numFmtId", "0"))
        if number in _BUILT_IN_DATES:
            return True
        codes = {one.get("numFmtId"): one.get("formatCode", "") for one in self._formats()}
        return bool(re.search("[ymdhYMDH]", _LITERAL.sub("", codes.get(str(number), ""))))

    def _cell_styles(self) -> etree._Element:
        found = self._root.find(self._named("cellXfs"))
        if found is None:
            raise ValueError("a workbook without cell styles")
        return found

    def _like(self, style: str, code: str) -> str:
        styles = self._cell_styles()
        added = copy.deepcopy(styles[int(style)])
        added.set("numFmtId", self._format(code))
        added.set("applyNumberFormat", "1")
        styles.append(added)
        styles.set("count", str(len(styles)))
        return str(len(styles) - 1)

    def _format(self, code: str) -> str:
        for one in self._formats():
            if one.get("formatCode") == code:
                return str(one.get("numFmtId"))
        group = self._root.find(self._named("numFmts"))
        if group is None:
            group = etree.Element(self._named("numFmts"))
            self._root.insert(0, group)
        used = [int(one.get("numFmtId", "0")) for one in self._formats()]
        number = str(max([_FIRST_OWN_FORMAT - 1, *used]) + 1)
        etree.SubElement(group, self._named("numFmt"), numFmtId=number, formatCode=code)
        group.set("count", str(len(group)))
        return number
