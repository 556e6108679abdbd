"""The page numbers of the contents: what must be counted, and where the numbers are written.

Only a program that lays pages out can count them. Until one has, the contents show none, and who
prints has Word or WPS count them (Ctrl+A, F9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from deliverables.docx.contents import put, shown_by
from deliverables.docx.package import Package, W, parse, remove, serialise
from deliverables.docx.render import Rendered
from deliverables.values.trace import Trace, without_tokens

_UNKNOWN = "…"
_NUMBER = re.compile(r"\d+|[ivxlcdm]+|[IVXLCDM]+")
_CONTENTS = re.compile(rb">\s*TOC ")


def has_contents(package: Package) -> bool:
    """Return whether the document lists its headings with their pages."""
    return _CONTENTS.search(package.parts[package.document]) is not None


def countable(package: Package) -> Package:
    """Return a copy whose contents have no field around them and no page numbers yet.

    LibreOffice takes the result of a TOC field as dead text; page numbers outside it are counted.
    """
    body = parse(package.parts[package.document])
    for _, texts in _numbers(body):
        put(texts, _UNKNOWN)
    for field in list(_contents_fields(body)):
        for run in field:
            remove(run)
    return Package({**package.parts, package.document: serialise(body)})


def with_page_numbers(package: Package, pages: Mapping[str, str]) -> Package | None:
    """Return a copy whose contents show the page of each bookmark.

    None if the page of an entry is not known.
    """
    body = parse(package.parts[package.document])
    if not _put_pages(body, pages):
        return None
    return Package({**package.parts, package.document: serialise(body)})


def paged(document: Rendered, pages: Mapping[str, str]) -> Rendered | None:
    """Return a document just rendered with the pages in its contents and its trace; likewise."""
    package = Package.of(document)
    body = parse(document.trace.stories[package.document])
    if not _put_pages(body, pages):
        return None
    story = serialise(body).decode()
    package.parts[package.document] = without_tokens(story).encode()
    stories = {**document.trace.stories, package.document: story}
    return Rendered(package.to_bytes(), Trace(stories, document.trace.sites))


def _put_pages(body: etree._Element, pages: Mapping[str, str]) -> bool:
    entries = list(_numbers(body))
    if not all(_NUMBER.fullmatch(pages.get(bookmark, "")) for bookmark, _ in entries):
        return False
    for bookmark, texts in entries:
        put(texts, pages[bookmark])
    return True


def page_numbers(package: Package) -> dict[str, str]:
    """Return the page numbers that the contents show by bookmark, … where they show none."""
    entries = _numbers(parse(package.parts[package.document]))
    return {bookmark: "".join(text.text or "" for text in texts) for bookmark, texts in entries}


def _numbers(body: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """Yield each bookmark whose page is shown, and the texts that show it."""
    for instruction in body.iter(f"{W}instrText"):
        reference = re.match(r"\s*PAGEREF (\S+)", instruction.text or "")
        if reference:
            yield reference[1], shown_by(instruction)


def _contents_fields(body: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield the runs with the marks and the instruction of each TOC field, not its result."""
    open_fields: list[list[etree._Element]] = []
    for run in body.iter(f"{W}r"):
        mark = run.find(f"{W}fldChar")
        kind = mark.get(f"{W}fldCharType") if mark is not None else ""
        if kind == "begin":
            open_fields.append([run])
        elif open_fields and (kind or run.find(f"{W}instrText") is not None):
            open_fields[-1].append(run)
        if kind == "end" and open_fields:
            field = open_fields.pop()
            if _instruction(field).startswith("TOC "):
                yield field


def _instruction(runs: list[etree._Element]) -> str:
    return "".join(text.text or "" for run in runs for text in run.iter(f"{W}instrText")).strip()
