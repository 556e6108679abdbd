"""Numbers, dates and references on one line: LibreOffice ends lines behind a hyphen.

Word's own hyphen that does not break is none there, in a reference least of all, and what stops
LibreOffice, a word joiner, is a box in some editions of Word, is copied with the number and hides
it from a search. So a document holds plain hyphens, and only what LibreOffice is given to print
holds joiners.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from deliverables.docx.contents import REFERRING
from deliverables.docx.package import Package, W, parse, remove, serialise

_INSIDE: Final = re.compile(r"(?<=[0-9A-Za-z])-(?=[0-9A-Za-z])")
_JOINER: Final = "\u2060"
_JOINED: Final = f"-{_JOINER}"
_NO_BREAK: Final = "\u00a0"


def unbroken(package: Package) -> Package:
    """Return a copy in whose body no hyphen within a number, a date or a reference ends a line."""
    body = parse(package.parts[package.document])
    for instruction in list(body.iter(f"{W}instrText")):
        found = REFERRING.match(instruction.text or "")
        if found and found[1] == "REF":
            _make_link(instruction, found[2])
    for hyphen in list(body.iter(f"{W}noBreakHyphen")):
        text = etree.Element(f"{W}t")
        text.text = _JOINED
        hyphen.getparent().replace(hyphen, text)  # type: ignore[union-attr]  # it stands in a run
    for text in body.iter(f"{W}t"):
        if text.text and "-" in text.text:
            text.text = _INSIDE.sub(_JOINED, text.text)
    return Package({**package.parts, package.document: serialise(body)})


def _make_link(instruction: etree._Element, bookmark: str) -> None:
    """Let a link say what a field shows, on one line: 附表 6-1.

    The field itself LibreOffice would read anew at its bookmark.
    """
    mark = instruction.getparent()
    begin = None if mark is None else mark.getprevious()
    if mark is None or begin is None or _kind(begin) != "begin":
        return
    field = [begin, mark]
    for run in mark.itersiblings():
        field.append(run)
        if _kind(run) == "end":
            break
    else:
        return
    link = etree.Element(f"{W}hyperlink", {f"{W}anchor": bookmark})
    begin.addprevious(link)
    for text in (text for run in field for text in run.iter(f"{W}t")):
        text.text = _JOINER.join((text.text or "").replace(" ", _NO_BREAK))
    for run in field:
        if _kind(run) or run is mark:
            remove(run)
        else:
            link.append(run)


def _kind(run: etree._Element) -> str:
    mark = run.find(f"{W}fldChar")
    return "" if mark is None else mark.get(f"{W}fldCharType", "")
