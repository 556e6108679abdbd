"""Marks that say a document is not final: a line in every header and a word across every page.

A final document is not touched, so nothing of a mark can remain in it.
"""

from __future__ import annotations

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.render.escaping import attribute, escape
from deliverables.render.package import Package, parse, serialise
from deliverables.render.palette import FAILING, GREY, HEI, LATIN, RULE
from deliverables.render.place import W

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_KINDS_OF_PAGE = ("default", "first", "even")
_LETTER_HEIGHT_PT = 110

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


def put_stamp(package: Package, stamp: Stamp) -> None:
    """Mark every page of every section, whatever headers the template has."""
    if stamp.line:
        for number, part in enumerate(_every(package, "header"), 1):
            _put_first(package, part, _mark(stamp, number))
    if stamp.footer:
        for part in _every(package, "footer"):
            _put_last(package, part, _paragraph(_run(stamp.footer), "center"))


def _every(package: Package, kind: str) -> tuple[str, ...]:
    """Return all headers (or footers) in use, after adding those that the first section lacks.

    A later section without its own takes over the one before it, so none goes unmarked.
    """
    body = parse(package.parts[package.document])
    first = next(body.iter(f"{W}sectPr"), None)
    if first is None:
        first = etree.SubElement(next(body.iter(f"{W}body")), f"{W}sectPr")
    present = {found.get(f"{W}type", "default") for found in first.findall(f"{W}{kind}Reference")}
    for page in _KINDS_OF_PAGE:
        if page not in present:
            _add_empty(package, first, kind, page)
    package.parts[package.document] = serialise(body)
    references = (found.get(f"{_R}id", "") for found in body.iter(f"{W}{kind}Reference"))
    parts = (package.target(package.document, reference) for reference in references)
    return tuple(dict.fromkeys(part for part in parts if part))


def _add_empty(package: Package, section: etree._Element, kind: str, page: str) -> None:
    root = "hdr" if kind == "header" else "ftr"
    part = package.free_name(f"word/{kind}{{}}.xml")
    content = f"<w:{root} {_NAMESPACES}><w:p/></w:{root}>"
    package.add(part, serialise(parse(content)), _TYPE.format(kind))
    relation = package.relate(package.document, kind, part)
    reference = etree.Element(f"{W}{kind}Reference")
    reference.set(f"{W}type", page)
    reference.set(f"{_R}id", relation)
    section.insert(0, reference)


def _put_first(package: Package, part: str, paragraph: etree._Element) -> None:
    root = parse(package.parts[part])
    _drop_blank(root)
    root.insert(0, paragraph)
    package.parts[part] = serialise(root)


def _put_last(package: Package, part: str, paragraph: etree._Element) -> None:
    root = parse(package.parts[part])
    _drop_blank(root)
    root.append(paragraph)
    package.parts[part] = serialise(root)


def _drop_blank(root: etree._Element) -> None:
    """Make room for the mark where the only paragraph is an empty one."""
    if len(root) == 1 and root[0].tag == f"{W}p" and not len(root[0]):
        root.remove(root[0])


def _mark(stamp: Stamp, number: int) -> etree._Element:
    return _paragraph(_run(stamp.line, FAILING) + _watermark(stamp.watermark, number), "right")


def _paragraph(runs: str, alignment: str) -> etree._Element:
    return parse(
        f'<w:p {_NAMESPACES}><w:pPr><w:spacing w:before="0" w:after="0" w:line="240"'
        f' w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="{alignment}"/></w:pPr>'
        f"{runs}</w:p>"
    )


def _run(text: str, colour: str = GREY) -> str:
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN}" w:eastAsia="{HEI}" w:hAnsi="{LATIN}"/>'
        f'<w:color w:val="{colour}"/><w:spacing w:val="0"/><w:sz w:val="18"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
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
