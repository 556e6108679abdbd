"""Templates with a fault planted in them: a shipped one, taken apart, changed and put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lxml import etree
from places import ROOT

from deliverables.docx.package import Package, W, own_text, parse, serialise

BODY = "word/document.xml"
XMLNS = f'xmlns:w="{W.strip("{}")}"'
TEMPLATES = ROOT / "templates"

Change = Callable[[etree._Element], None]


def planted(
    folder: Path, change: Change, *, part: str = BODY, kind: str = "payment_request"
) -> Path:
    """Copy the shipped template of `kind` into `folder` with one part changed."""
    package = Package.read(TEMPLATES / f"{kind}.docx")
    root = parse(package.parts[part])
    change(root)
    package.parts[part] = serialise(root)
    folder.mkdir(exist_ok=True)
    path = folder / f"{kind}.docx"
    path.write_bytes(package.to_bytes())
    return path


def element(markup: str) -> etree._Element:
    """Return the element that `markup`, with the prefix w, describes."""
    return parse(f"<x {XMLNS}>{markup}</x>")[0]


def paragraph(root: etree._Element, text: str) -> etree._Element:
    """Return the first paragraph whose text holds `text`."""
    return next(found for found in root.iter(f"{W}p") if text in own_text(found))


def style(root: etree._Element, name: str) -> etree._Element:
    """Return the style called `name` of a styles part."""
    return next(
        found
        for found in root.iter(f"{W}style")
        if found.find(f"{W}name").get(f"{W}val") == name
    )  # fmt: skip


def properties(holder: etree._Element, group: str) -> etree._Element:
    """Return the w:pPr, w:rPr … of `holder`, made if there is none."""
    found = holder.find(f"{W}{group}")
    if found is None:
        found = element(f"<w:{group}/>")
        holder.insert(0, found)
    return found


def run_of(holder: etree._Element) -> etree._Element:
    """Return the first run in `holder`."""
    return next(holder.iter(f"{W}r"))
