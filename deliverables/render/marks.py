"""Every figure of a document in an invisible content control and a bookmark that name it."""

from __future__ import annotations

from hashlib import blake2s
from typing import Final

from lxml import etree

from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W
from deliverables.render.printable import printable

MANY: Final = 8
"""A loop with more elements than this makes a long table."""

LONGEST: Final = 64
"""What Word takes as the alias or the tag of a content control."""

_PREFIX: Final = "fig_"


def tag(key: str) -> str:
    """Return the tag of a figure: its key, of a very long one the end."""
    return key if len(key) <= LONGEST else f"…{key[1 - LONGEST :]}"


def alias(name: str, key: str) -> str:
    """Return what a person sees as the title of a mark; the key stands behind the name.

    LibreOffice drops tags and keeps titles. A long name is cut, not the key.
    """
    ending = f"|{key if len(key) < LONGEST else tag(key)[: LONGEST - 1]}"
    return f"{_one_line(name)[: LONGEST - len(ending)]}{ending}"


def _one_line(text: str) -> str:
    return " ".join(printable(text).replace("|", " ").split())


def bookmark(key: str, times: int) -> str:
    """Return the name of a bookmark: a key is too long for one, so its hash stands for it."""
    digest = blake2s(key.encode(), digest_size=6).hexdigest()
    return f"{_PREFIX}{digest}" + (f"_{times}" if times > 1 else "")


def drop_empty_runs(story: etree._Element) -> None:
    """Remove the runs without a letter that are left on either side of a mark."""
    for control in story.iter(f"{W}sdt"):
        for beside in (_before(control), _after(control)):
            if beside is not None and _is_empty(beside):
                _remove(beside)


def _before(control: etree._Element) -> etree._Element | None:
    start = control.getprevious()
    return None if start is None or start.tag != f"{W}bookmarkStart" else start.getprevious()


def _after(control: etree._Element) -> etree._Element | None:
    end = control.getnext()
    return None if end is None or end.tag != f"{W}bookmarkEnd" else end.getnext()


def _is_empty(run: etree._Element) -> bool:
    if run.tag != f"{W}r":
        return False
    rest = [child for child in run if child.tag != f"{W}rPr"]
    return len(rest) == 1 and rest[0].tag == f"{W}t" and not rest[0].text


def without_marks(story: etree._Element) -> etree._Element:
    """Return `story` without marks, its runs whole again: what a printer needs."""
    for start in list(story.iter(f"{W}bookmarkStart")):
        control = start.getnext()
        content = None if control is None else control.find(f"{W}sdtContent")
        if control is None or content is None or not start.get(f"{W}name", "").startswith(_PREFIX):
            continue
        runs = list(content)
        for run in runs:
            control.addprevious(run)
        after = _after(control)
        for part in (start, control, control.getnext()):
            _remove(part)
        for run in (*runs, *([] if after is None else [after])):
            _join(run)
    return story


def unmarked(package: Package) -> Package:
    """Return a copy without marks in any story; a package that has none as it is.

    LibreOffice would set figures closer to their neighbours, and break pages elsewhere.
    """
    marked = [
        part for part in package.stories() if _PREFIX.encode() in package.parts.get(part, b"")
    ]
    whole = {part: serialise(without_marks(parse(package.parts[part]))) for part in marked}
    return Package({**package.parts, **whole}) if whole else package


def _join(run: etree._Element) -> None:
    """Put the contents of a run into the one before it, if that looks the same."""
    before = run.getprevious()
    if before is None or not before.tag == run.tag == f"{W}r" or _look(before) != _look(run):
        return
    for child in list(run):
        last = before[-1]
        if child.tag == last.tag == f"{W}t":
            last.text = (last.text or "") + (child.text or "")
        elif child.tag != f"{W}rPr":
            before.append(child)
    _remove(run)


def _look(run: etree._Element) -> bytes:
    look = run.find(f"{W}rPr")
    return b"" if look is None else bytes(etree.tostring(look))


def _remove(element: etree._Element | None) -> None:
    parent = None if element is None else element.getparent()
    if element is not None and parent is not None:
        parent.remove(element)
