"""Small templates written out in a test: paragraphs, tables, markup of Word, relations, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from deliverables.docx.names import template_problems
from deliverables.docx.package import Package
from deliverables.docx.style import REPORT, blank

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": RELATIONS,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    }.items()
)
Block = str | Sequence[Sequence[str]]
"""The text of a paragraph, markup that begins with <w:, or the rows of a table."""


def small(
    path: Path,
    *blocks: Block,
    outside: Mapping[str, tuple[str, str]] | None = None,
    parts: Mapping[str, str] | None = None,
) -> Path:
    """Write a template of these blocks; `outside` are relations of its body, by their ids.

    A relation is its kind and its target; `parts` are further parts, without a relation.
    """
    package = Package.of(_blank())
    body = "".join(map(_markup, blocks))
    package.parts["word/document.xml"] = (
        f"<w:document {_NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>".encode()
    )
    relations = package.parts["word/_rels/document.xml.rels"].decode()
    added = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target={quoteattr(target)}'
        ' TargetMode="External"/>'
        for name, (kind, target) in (outside or {}).items()
    )
    package.parts["word/_rels/document.xml.rels"] = relations.replace(
        "</Relationships>", f"{added}</Relationships>"
    ).encode()
    for name, content in (parts or {}).items():
        package.parts[name] = content.encode()
    path.write_bytes(package.to_bytes())
    return path


def field(code: str, shown: str = "") -> str:
    """Return the runs of a field of Word."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{escape(code)}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{shown}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark(name: str, shown: str) -> str:
    """Return a paragraph whose text has a bookmark."""
    return (
        f'<w:p><w:bookmarkStart w:id="7" w:name="{name}"/><w:r><w:t>{shown}</w:t></w:r>'
        '<w:bookmarkEnd w:id="7"/></w:p>'
    )


def _markup(block: Block) -> str:
    if not isinstance(block, str):
        grid = '<w:gridCol w:w="2000"/>' * len(block[0])
        rows = "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in block)
        return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/>"
    if block.startswith("<w:"):
        return block
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(block)}</w:t></w:r></w:p>'


def _cell(text: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{_markup(text)}</w:tc>'


@cache
def _blank() -> bytes:
    saved = BytesIO()
    blank(REPORT).save(saved)
    return saved.getvalue()


def told(path: Path, context: type) -> list[tuple[str, str, str]]:
    """Return the code of each problem of a template, in English and in Chinese."""
    return [
        (problem.code, problem.message.in_language("en"), problem.message.in_language("zh"))
        for problem in template_problems(path, context)
    ]


def only(path: Path, context: type) -> tuple[str, str, str]:
    """Return the one problem of a template."""
    (found,) = told(path, context)
    return found
