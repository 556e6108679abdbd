"""The package around the stories: everything in it that documents of one template share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.render import picture
from deliverables.render.chart import make_room
from deliverables.render.compiled.program import Program
from deliverables.render.compiled.shape import CHART
from deliverables.render.package import Package, parse, serialise
from deliverables.render.packing import Member, pack_once
from deliverables.render.place import W
from deliverables.render.properties import APP, CORE, Properties, write_properties
from deliverables.render.stamp import Stamp, put_stamp

DECLARATION: Final = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_ROOT: Final = re.compile(r"\A<([\w:]+)[^>]*>")
_NOBODY: Final = Properties(
    title="", subject="", contract_number="", creator="", made_on=date(2000, 1, 1)
)
_STAND_IN: Final = "<w:p><w:r/></w:p>"


@dataclass(frozen=True, slots=True)
class Frame:
    """The members of the file in their order, packed where they are the same in every document.

    `rooms` names the parts of each chart and picture, in their order; `section` is what the body's
    first section gets for the marks of a draft, `pages` what each header or footer gets before and
    after its words.
    """

    members: tuple[tuple[str, Member | None], ...]
    rooms: tuple[tuple[str, ...], ...]
    section: bytes
    pages: Mapping[str, tuple[bytes, bytes]]


def frame_of(
    parts: Mapping[str, bytes],
    programs: Mapping[str, Program],
    inserts: tuple[str, ...],
    stamp: Stamp,
) -> Frame:
    """Return the frame of documents with this stamp and these inserts: CHART or an extension.

    It is what the general way makes of a package whose stories hold a stand-in.
    """
    package = Package(parts)
    body = package.document
    for part, program in programs.items():
        if program.is_text:
            package.parts[part] = DECLARATION + program.text.encode()
        elif part != body:
            package.parts[part] = _stand_in(program)
    package.parts[body] = _bare(parts[body])
    before = _first_section(package)
    rooms = tuple(_room(package, body, insert) for insert in inserts)
    put_stamp(package, stamp)
    section = _first_section(package).removesuffix(before)
    write_properties(package, _NOBODY)
    varying = {part for part, program in programs.items() if not program.is_text}
    pages = {part: _around(package.parts[part]) for part in varying - {body}}
    varying |= {body, CORE, APP, *(name for room in rooms for name in room)}
    return Frame(
        members=tuple(
            (name, None if name in varying else pack_once(name, package.parts[name]))
            for name in package.in_order()
        ),
        rooms=rooms,
        section=section.encode(),
        pages=pages,
    )


def _room(package: Package, body: str, insert: str) -> tuple[str, ...]:
    if insert == CHART:
        return make_room(package, body)[:2]
    return picture.make_room(package, body, insert)[:1]


def _stand_in(program: Program) -> bytes:
    """Return a story with the root of its program around a paragraph that is not blank."""
    first = program.stream[0]
    found = _ROOT.match(first) if isinstance(first, str) else None
    assert found is not None  # noqa: S101  # a program begins with its root
    return f"{found[0]}{_STAND_IN}</{found[1]}>".encode()


def _around(story: bytes) -> tuple[bytes, bytes]:
    written = etree.tostring(parse(story), encoding="unicode")
    before, after = written.split(_STAND_IN)
    inside = before[before.index(">") + 1 :]
    return inside.encode(), after[: after.rindex("</")].encode()


def _bare(body: bytes) -> bytes:
    """Return a body of which only the sections are left."""
    root = parse(body)
    for text in root.iter(f"{W}body"):
        for child in list(text):
            if child.tag == f"{W}sectPr":
                continue
            inner = list(child.iter(f"{W}sectPr"))
            for old in list(child):
                child.remove(old)
            child.extend(inner)
            if not inner:
                text.remove(child)
    return serialise(root)


def _first_section(package: Package) -> str:
    """Return what the first section of the body holds, as it is written."""
    section = next(parse(package.parts[package.document]).iter(f"{W}sectPr"))
    written = etree.tostring(section, encoding="unicode", with_tail=False)
    return written[written.index(">") + 1 :]
