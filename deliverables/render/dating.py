"""Fixes the day and the number of a document that a person may have edited in Word since."""

from __future__ import annotations

from itertools import pairwise

from lxml import etree

from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W

_SEAL = "（盖章处）"
_NUMBER_STYLE = "DocumentNumber"


def set_day(package: Package, old: str, new: str) -> None:
    """Print `new` for `old` below every （盖章处）, where a document has its date (成文日期)."""
    body = parse(package.parts[package.document])
    written = [paragraph for paragraph in body.iter(f"{W}p") if _text(paragraph)]
    for above, paragraph in pairwise(written):
        if _text(above) == _SEAL and _text(paragraph) == _bare(old):
            texts = list(paragraph.iter(f"{W}t"))
            for text in texts:
                text.text = ""
            texts[0].text = new
    package.parts[package.document] = serialise(body)


def set_number(package: Package, number: str, recipient: str) -> bool:
    """Put the 文号 above the line of the recipient (主送); False if there is no such line.

    A number that a person has written there already stays as it is.
    """
    body = parse(package.parts[package.document])
    paragraphs = list(body.iter(f"{W}p"))
    address = {_bare(recipient) + colon for colon in "：:"}
    found = next((each for each in paragraphs if _text(each) in address), None)
    if found is None:
        return False
    if not any(_text(each) == _bare(number) for each in paragraphs):
        found.addprevious(_numbered(package, number))
        package.parts[package.document] = serialise(body)
    return True


def _numbered(package: Package, number: str) -> etree._Element:
    """Return the paragraph, in the style of the house unless another program dropped it."""
    styles = (parse(package.parts[part]) for part in package.related(package.document, "styles"))
    names = {style.get(f"{W}styleId") for root in styles for style in root.iter(f"{W}style")}
    paragraph = etree.Element(f"{W}p")
    properties = etree.SubElement(paragraph, f"{W}pPr")
    if _NUMBER_STYLE in names:
        etree.SubElement(properties, f"{W}pStyle").set(f"{W}val", _NUMBER_STYLE)
    else:
        etree.SubElement(properties, f"{W}jc").set(f"{W}val", "right")
    run = etree.SubElement(paragraph, f"{W}r")
    etree.SubElement(run, f"{W}t").text = number
    return paragraph


def _text(paragraph: etree._Element) -> str:
    return _bare("".join(text.text or "" for text in paragraph.iter(f"{W}t")))


def _bare(text: str) -> str:
    return "".join(text.split())
