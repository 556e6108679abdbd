"""Marks of a draft put on and taken off; day, number, identity and properties of a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lxml import etree

from deliverables.docx.package import RELATIONSHIPS, Package, R, W, parse, remove, serialise
from deliverables.docx.style import FAILING, HEI, LATIN, MUTED, PART_TYPE, RULE, SEAL_PLACE
from deliverables.docx.text import attribute, escape, printable

CORE = "docProps/core.xml"
APP = "docProps/app.xml"
CUSTOM = "docProps/custom.xml"
FORMAT = "1"
"""The version of what is said of a document's identity."""

CORE_RELATION = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_ANY_NAME = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Properties:
    """The document properties; `made_on` stands for both creation and last change.

    Kind, part, as-of day and the digest of the printed values say, with the contract's number,
    which document it is, wherever it goes and under whatever name.
    """

    title: str
    subject: str
    contract_number: str
    creator: str
    made_on: date
    kind: str = ""
    part: str = ""
    day: date | None = None
    digest: str = ""


def write_properties(package: Package, properties: Properties) -> None:
    """Replace whatever properties the template has by those of this document."""
    for part in [name for name in package.parts if name.startswith("docProps/")]:
        package.drop(part)
    package.add(CORE, core(properties).encode(), _CORE_TYPE)
    package.relate("", CORE_RELATION, CORE)
    package.add(APP, app(properties).encode(), _APP_TYPE)
    package.relate("", "extended-properties", APP)
    package.add(CUSTOM, custom(properties).encode(), _CUSTOM_TYPE)
    package.relate("", "custom-properties", CUSTOM)


def core(properties: Properties) -> str:
    """Return what the core properties say."""
    made = f"{properties.made_on.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(properties.title)}</dc:title>"
        f"<dc:subject>{escape(properties.subject)}</dc:subject>"
        f"<dc:creator>{escape(properties.creator)}</dc:creator>"
        f"<cp:keywords>{escape(properties.contract_number)}</cp:keywords>"
        f"<cp:lastModifiedBy>{escape(properties.creator)}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language>"
        "</cp:coreProperties>"
    )


def app(properties: Properties) -> str:
    """Return what the extended properties say: the organisation."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<Properties"
        ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{escape(properties.creator)}</Company>"
        "</Properties>"
    )


def custom(properties: Properties) -> str:
    """Return what the custom properties say: which document it is, as far as that is known."""
    day = properties.day.isoformat() if properties.day else ""
    told = {
        "contract": properties.contract_number,
        "kind": properties.kind,
        "part": properties.part,
        "day": day,
        "digest": properties.digest,
        "format": FORMAT,
    }
    said = (f'name="deliverables.{name}"><vt:lpwstr>{escape(text)}' for name, text in told.items()
            if text)  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<Properties"
        ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        + "".join(
            f'<property fmtid="{_ANY_NAME}" pid="{number}" {one}</vt:lpwstr></property>'
            for number, one in enumerate(said, 2)
        )
        + "</Properties>"
    )


_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_KINDS_OF_PAGE = ("default", "first", "even")
_LETTER_HEIGHT_PT = 110
_LINE = 200
"""Twips: with it the footer of a letter just ends where its margin does."""

WATERMARK = "PowerPlusWaterMarkObject"
"""What Word calls its watermarks: every program that saves a document keeps the name."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What keeps a document from being final; `unmet` are the conditions not yet fulfilled.

    `footer` is a line for every footer: the version and date of a draft.
    """

    draft: bool
    sample: bool
    unmet: tuple[str, ...] = ()
    footer: str = ""

    @property
    def line(self) -> str:
        """The words of the header; empty for a final document."""
        words = ("草稿" if self.draft else "", "示例" if self.sample else "", self._conditions)
        return " · ".join(word for word in words if word)

    @property
    def watermark(self) -> str:
        """The words across the page; empty for a final document."""
        words = ("示例" if self.sample else "", "草稿" if self.draft or self.unmet else "")
        return "·".join(word for word in words if word)

    @property
    def _conditions(self) -> str:
        return f"条件未成就：{'；'.join(self.unmet)}" if self.unmet else ""


FINAL = Stamp(draft=False, sample=False)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a stamp puts into a document whose first section has headers of some kinds.

    `section` begins the first section; `pages` are what each header or footer begins and ends with.
    """

    section: str
    pages: Mapping[str, tuple[str, str]]


def put_stamp(package: Package, stamp: Stamp, present: Collection[str]) -> Marks:
    """Add the headers and footers that the first section lacks; return what marks every page.

    `present` are those that it has: header:default, footer:first. A later section without its own
    takes over the one before it, so none goes unmarked.
    """
    section, pages = "", dict[str, tuple[str, str]]()
    for kind, is_marked in (("header", stamp.line), ("footer", stamp.footer)):
        if not is_marked:
            continue
        parts = [part for part in package.related(package.document, kind) if part in package.parts]
        for page in _KINDS_OF_PAGE:
            if f"{kind}:{page}" not in present:
                part, reference = _add_empty(package, kind, page)
                section += reference
                parts.append(part)
        for number, part in enumerate(dict.fromkeys(parts), 1):
            line = _paragraph(_run(stamp.footer), "center")
            pages[part] = ("", line) if kind == "footer" else (_mark(stamp, number), "")
    return Marks(section, pages)


def marked(story: str, before: str, after: str) -> str:
    """Return a header or footer with the lines of a mark; they take the place of a blank one."""
    start, inner, end = _page_of(story)
    return f"{start}{before}{'' if _BLANK.fullmatch(inner) else inner}{after}{end}"


def _page_of(story: str) -> tuple[str, str, str]:
    found = _PAGE.match(story)
    if found is None:
        raise ValueError("neither a header nor a footer")
    return found[1], found[3], found[4]


_PAGE = re.compile(r"(.*?<(w:hdr|w:ftr)(?: [^<>]*)?>)(.*)(</\2>\s*)\Z", re.DOTALL)
_BLANK = re.compile(r"<w:p(?: [^<>]*)?(?:/>|></w:p>)")


def _add_empty(package: Package, kind: str, page: str) -> tuple[str, str]:
    """Add a blank header or footer; return its name, and how a section refers to it."""
    root = "hdr" if kind == "header" else "ftr"
    part = package.free_name(f"word/{kind}{{}}.xml")
    content = f"<w:{root} {_NAMESPACES}><w:p/></w:{root}>"
    package.add(part, serialise(parse(content)), PART_TYPE.format(kind))
    relation = package.relate(package.document, kind, part)
    return part, (
        f'<w:{kind}Reference xmlns:r="{RELATIONSHIPS}" w:type="{page}" r:id="{relation}"/>'
    )


def _mark(stamp: Stamp, number: int) -> str:
    return _paragraph(_run(stamp.line, FAILING) + _watermark(stamp.watermark, number), "right")


def _paragraph(runs: str, alignment: str) -> str:
    return (
        f'<w:p {_NAMESPACES}><w:pPr><w:spacing w:before="0" w:after="0" w:line="{_LINE}"'
        f' w:lineRule="exact"/><w:ind w:firstLine="0"/><w:jc w:val="{alignment}"/></w:pPr>'
        f"{runs}</w:p>"
    )


def _run(text: str, colour: str = MUTED) -> str:
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN}" w:eastAsia="{HEI}" w:hAnsi="{LATIN}"/>'
        f'<w:color w:val="{colour}"/><w:spacing w:val="0"/><w:sz w:val="18"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r>'
    )


def _watermark(text: str, number: int) -> str:
    """Return VML, which Word, WPS and LibreOffice all turn; a DrawingML box lies flat in some."""
    width = round(len(text) * _LETTER_HEIGHT_PT * (0.6 if "·" in text else 1))
    height = round(width / max(len(text) - 0.5 * text.count("·"), 1))
    return (
        "<w:r><w:rPr><w:noProof/></w:rPr><w:pict>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
        + "".join(f'<v:f eqn="{equation}"/>' for equation in _TEXT_PATH_EQUATIONS)
        + '</v:formulas><v:path textpathok="t" o:connecttype="custom"'
        ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight"'
        ' xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/>'
        f'</v:shapetype><v:shape id="{WATERMARK}{number}"'
        f' o:spid="_x0000_s{2048 + number}" type="#_x0000_t136"'
        f' style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;'
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        f'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#{RULE}"'
        ' stroked="f"><v:fill opacity=".35"/><v:textpath'
        f' style="font-family:&quot;{HEI}&quot;;font-size:1pt" string={attribute(text)}/>'
        '<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
    )


_TEXT_PATH_EQUATIONS = (
    "sum #0 0 10800",
    "prod #0 2 1",
    "sum 21600 0 @1",
    "sum 0 0 @2",
    "sum 21600 0 @3",
    "if @0 @3 0",
    "if @0 21600 @1",
    "if @0 0 @2",
    "if @0 @4 21600",
    "mid @5 @6",
    "mid @8 @5",
    "mid @7 @8",
    "mid @6 @7",
    "sum @6 0 @5",
)


# Taken off a document that any program may have saved

_DRAWN = {f"{W}pict", f"{W}drawing", f"{W}object"}
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MARKS = re.compile(r"草稿|示例|条件未成就")
_PAGES = ("header", "footer")

Parts = dict[str, etree._Element]


def take_off(package: Package, stamp: Stamp) -> None:
    """Remove what put_stamp(package, stamp) added, from headers and footers that may be shared."""
    body = parse(package.parts[package.document])
    for kind in _PAGES:
        parts = {part: parse(package.parts[part]) for part in _parts(package, kind)}
        for root in parts.values():
            _clean(root, stamp.line if kind == "header" else stamp.footer)
        _drop_what_is_blank(package, body, kind, parts)
        for part, root in parts.items():
            if part in package.parts:
                if not len(root):
                    etree.SubElement(root, f"{W}p")  # the least a header may hold
                package.parts[part] = serialise(root)
    package.parts[package.document] = serialise(body)


def marks_left(package: Package) -> tuple[str, ...]:
    """Return what headers, footers and watermarks still say of a draft, as it is written there."""
    return tuple(dict.fromkeys(_marks(package)))


def _marks(package: Package) -> Iterator[str]:
    pages = {part for kind in _PAGES for part in _parts(package, kind)}
    for part in package.stories():
        root = parse(package.parts[part])
        if part in pages:
            for paragraph in root.iter(f"{W}p"):
                if _MARKS.search(text := _text(paragraph)):
                    yield text
        if any(_is_watermark(element) for element in root.iter(etree.Element)):
            yield WATERMARK


def _parts(package: Package, kind: str) -> list[str]:
    found = dict.fromkeys(package.related(package.document, kind))
    return [part for part in found if part in package.parts]


def _clean(root: etree._Element, line: str) -> None:
    """Remove watermarks, and the line where it stands at the beginning of a paragraph."""
    for paragraph in list(root.iter(f"{W}p")):
        touched = _remove_watermarks(paragraph)
        if line and _text(paragraph).startswith(line):
            _remove_text(paragraph, len(line))
            touched = True
        if touched and not _text(paragraph).strip() and not _draws(paragraph):
            remove(paragraph)


def _remove_watermarks(paragraph: etree._Element) -> bool:
    drawings = [
        drawing
        for drawing in paragraph.iter(_ALTERNATIVES, *_DRAWN)
        if any(_is_watermark(element) for element in drawing.iter(etree.Element))
    ]
    for drawing in drawings:
        run = drawing.getparent()
        if run is not None:
            run.remove(drawing)
            if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run):
                remove(run)
    return bool(drawings)


def _is_watermark(element: etree._Element) -> bool:
    """Tell our watermark by the name that Word, WPS and LibreOffice all keep."""
    return any(element.get(name, "").startswith(WATERMARK) for name in ("id", "name", "alt"))


def _remove_text(paragraph: etree._Element, length: int) -> None:
    """Remove the first characters, and the runs that held nothing else."""
    for text in list(paragraph.iter(f"{W}t")):
        taken = min(length, len(text.text or ""))
        text.text = (text.text or "")[taken:]
        length -= taken
        run = text.getparent()
        if not text.text and run is not None:
            run.remove(text)
            if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run):
                remove(run)
        if not length:
            return


def _drop_what_is_blank(package: Package, body: etree._Element, kind: str, parts: Parts) -> None:
    """Drop the references to blank headers where the page is as blank without them.

    A section without a header of its own takes over the one before, so a blank one stays there.
    """
    before: dict[str, bool] = {}
    for section in body.iter(f"{W}sectPr"):
        for reference in section.findall(f"{W}{kind}Reference"):
            page, relation = reference.get(f"{W}type", "default"), reference.get(f"{R}id", "")
            part = package.target(package.document, relation)
            blank = part in parts and _is_blank(parts[part])
            if blank and not before.get(page, False):
                section.remove(reference)
                if not _is_used(body, relation):
                    package.detach(package.document, relation)
            else:
                before[page] = not blank


def _is_blank(root: etree._Element) -> bool:
    return all(child.tag == f"{W}p" and not _text(child).strip() and not _draws(child)
               for child in root) and len(root) < 2  # noqa: PLR2004  # fmt: skip


def _is_used(body: etree._Element, relation: str) -> bool:
    return any(
        reference.get(f"{R}id") == relation
        for kind in _PAGES
        for reference in body.iter(f"{W}{kind}Reference")
    )


def _draws(paragraph: etree._Element) -> bool:
    return (
        next(paragraph.iter(_ALTERNATIVES, *_DRAWN, f"{W}fldChar", f"{W}fldSimple"), None)
        is not None
    )


def _text(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


# The day and the number of a document that a person may have edited

_NUMBER_STYLE = "DocumentNumber"


def set_day(package: Package, old: str, new: str, signatory: str) -> None:
    """Print `new` for `old` below every （盖章处）, where a document has its date (成文日期).

    In one that is not sealed it stands below the name of the signatory.
    """
    signed = (SEAL_PLACE, _bare(signatory))
    body = parse(package.parts[package.document])
    written = [paragraph for paragraph in body.iter(f"{W}p") if _bare_text(paragraph)]
    for above, paragraph in pairwise(written):
        if _bare_text(above) in signed and _bare_text(paragraph) == _bare(old):
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
    found = next((each for each in paragraphs if _bare_text(each) in address), None)
    if found is None:
        return False
    if not any(_bare_text(each) == _bare(number) for each in paragraphs):
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


def _bare_text(paragraph: etree._Element) -> str:
    return _bare(_text(paragraph))


def _bare(text: str) -> str:
    return "".join(text.split())
