"""Small documents for tests of the proof: written out, made of small templates, and edited."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from deliverables.docx.render import Properties, Rendered, render
from deliverables.docx.stamp import FINAL
from deliverables.values.figure import Cell, Figure, Line, Origin
from deliverables.verify.base import Base, base_of
from deliverables.verify.document import read_document
from deliverables.verify.judgement import Difference, account

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
_STYLES = f"""<w:styles {_NAMES}>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="h"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="g"><w:name w:val="faint"/><w:rPr><w:color w:val="FAFAFA"/>
</w:rPr></w:style></w:styles>"""
_TYPES = {
    "styles": "styles+xml",
    "header1": "header+xml",
    "header2": "header+xml",
    "footnotes": "footnotes+xml",
    "comments": "comments+xml",
    "settings": "settings+xml",
    "numbering": "numbering+xml",
}
BODY = "word/document.xml"
AS_OF = date(2026, 8, 3)


def paragraph(text: str, style: str = "", look: str = "") -> str:
    """Return a paragraph of one run; `look` is its w:rPr."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def row(*texts: str) -> str:
    """Return a row of a table."""
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(text)}</w:tc>' for text in texts)}</w:tr>"


def table(*rows: str) -> str:
    """Return a table of rows."""
    width = max(one.count("<w:tc>") for one in rows)
    return (
        f"<w:tbl><w:tblPr/><w:tblGrid>{'<w:gridCol/>' * width}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def paper(body: str, section: str = "", **parts: str) -> bytes:
    """Return a .docx with a body and further parts by their names: header1, footnotes."""
    told = {"styles": _STYLES, **parts}
    kinds = {name: name.rstrip("0123456789") for name in told}
    written = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{BODY}" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/>'
        + "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-'
            f'officedocument.wordprocessingml.{_TYPES[name]}"/>'
            for name in told
        )
        + "</Types>",
        "_rels/.rels": _relations(("officeDocument", BODY)),
        BODY: f"<w:document {_NAMES}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": _relations(
            *((kinds[name], f"{name}.xml") for name in told), names=tuple(told)
        ),
        **{f"word/{name}.xml": content for name, content in told.items()},
    }
    return packed({name: content.encode() for name, content in written.items()})


def story(kind: str, content: str) -> str:
    """Return a part of a kind: hdr, ftr, footnotes, comments."""
    return f"<w:{kind} {_NAMES}>{content}</w:{kind}>"


def _relations(*links: tuple[str, str], names: tuple[str, ...] = ()) -> str:
    listed = "".join(
        f'<Relationship Id="{names[number] if names else "r1"}" Type="{_R}/{kind}" '
        f'Target="{target}"/>'
        for number, (kind, target) in enumerate(links)
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{listed}</Relationships>"
    )


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a package of parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # of 1980: the same at any time
    return buffer.getvalue()


def unpacked(document: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
    with zipfile.ZipFile(BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(document: bytes, *changes: tuple[str, str], part: str = BODY) -> bytes:
    """Return the document after words or markup of a part were replaced; each must be there."""
    parts = unpacked(document)
    text = parts[part].decode()
    for old, new in changes:
        assert old in text, f"{old} is not in {text}"
        text = text.replace(old, new, 1)
    return packed({**parts, part: text.encode()})


def retold(document: bytes, tell: Callable[[str], str], part: str = BODY) -> bytes:
    """Return the document with a part rewritten."""
    parts = unpacked(document)
    return packed({**parts, part: tell(parts[part].decode()).encode()})


def figure(name: str, text: str, source: Origin | None = None, **more: Any) -> Figure[Any]:
    """Return a figure that was read somewhere; its value is its text unless it is given."""
    value = more.pop("value", text)
    return Figure(name, value, text, source or Line("contract.yaml", 3, 5), **more)


def cell(address: str, sheet: str = "说明", file: str = "Q2.xlsx") -> Cell:
    """Return a place in a workbook."""
    return Cell(file, sheet, address)


def made(folder: Path, body: str, context: object, **parts: str) -> tuple[Rendered, Base]:
    """Return a document made of a template with this body, and its base."""
    template = folder / "template.docx"
    template.write_bytes(paper(body, **parts))
    document = render(template, context, FINAL, properties())
    return document, base_of(document, document.trace, context, template=template)


def properties() -> Properties:
    """Return what the documents of tests say of themselves."""
    return Properties(title="示例", subject="示例", contract_number="HT-2026-001", creator="示例",
                      made_on=AS_OF, kind="quarterly_report", part="Q2", day=AS_OF,
                      digest="0" * 64)  # fmt: skip


def told(base: Base, document: bytes) -> list[str]:
    """Return the differences of a document: severity[code], and the key that is touched."""
    return [shown(one) for one in account(base, read_document(document))]


def shown(one: Difference) -> str:
    """Return a difference in short."""
    return f"{one.severity}[{one.code}]" + (f" {one.key}" if one.key else "")


def texts(document: bytes) -> list[tuple[str, ...]]:
    """Return the texts of all blocks of a document."""
    return [block.texts for block in read_document(document).blocks]


def words(text: str) -> str:
    """Return the text without markup."""
    return re.sub("<[^>]+>", "", text)
