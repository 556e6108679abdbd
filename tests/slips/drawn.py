"""Slips in what is drawn: charts, pictures, text boxes, stamps."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from itertools import combinations, pairwise
from random import Random

from openpyxl import load_workbook

from slips.draft import Draft, Element, Option, exchange, name, remove, xml
from slips.mutant import slip

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def _caption(drawing: Element) -> str:
    following = drawing.getnext()
    said = "" if following is None else "".join(t.text or "" for t in following.iter(name("w:t")))
    return f"the chart {said}"


@slip
def chart_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for drawing in draft.drawings():
        yield Option(_caption(drawing), "", "chart", lambda drawing=drawing: remove(drawing))


@slip
def charts_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for one, other in combinations(draft.drawings(), 2):
        said = f"{_caption(one)} / {_caption(other)}"
        yield Option(said, "the other way round", "chart", lambda a=one, b=other: exchange(a, b))


@slip
def chart_doubled(draft: Draft, chance: Random) -> Iterator[Option]:
    for drawing in draft.drawings():
        yield Option(_caption(drawing), "twice", "chart", lambda d=drawing: _drawn_twice(d))


def _drawn_twice(drawing: Element) -> None:
    added = deepcopy(drawing)
    for named in added.iter(name("wp:docPr")):
        named.set("id", "921")
    drawing.addnext(added)


@slip
def chart_made_a_picture(draft: Draft, chance: Random) -> Iterator[Option]:
    """What nobody can read stands where a chart stood."""
    for drawing in draft.drawings():
        yield Option(
            _caption(drawing), "a picture", "chart", lambda d=drawing: _to_picture(draft, d)
        )


def _to_picture(draft: Draft, drawing: Element) -> None:
    run = next(drawing.iter(name("w:drawing"))).getparent()
    assert run is not None
    run.addprevious(_picture(draft))
    remove(run)


def _picture(draft: Draft) -> Element:
    """Return a run with a picture, its part in the package."""
    draft.add_default("png", "image/png")
    draft.parts["word/media/image1.png"] = _PIXEL
    own = draft.relate("word/document.xml", "image", "word/media/image1.png")
    return xml(
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        '<wp:extent cx="3600000" cy="1800000"/><wp:docPr id="901" name="图片 1"/>'
        f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="902" name="图片 1"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{own}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="3600000" cy="1800000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


@slip
def picture_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """A picture, say of a seal, at the end of a paragraph."""
    for words in draft.paragraphs():
        if words.element.getparent() is draft.body:
            yield Option(
                words.text,
                "and a picture",
                words.place,
                lambda element=words.element: element.append(_picture(draft)),
            )


def _caches(draft: Draft, part: str, path: str) -> list[Element]:
    steps = "/".join(f"c:{step}" for step in path.split("/"))
    found = draft.tree(part).findall(f".//{steps}", {"c": name("c:v")[1:-2]})
    return list(found)


_VALUES = "val/numRef/numCache/pt/v"
_NAMES = "cat/strRef/strCache/pt/v"
_SERIES = "ser/tx/strRef/strCache/pt/v"


@slip
def value_of_a_chart_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """In what is drawn alone: the workbook behind it says what it said."""
    for part in draft.charts:
        for value in _caches(draft, part, _VALUES):
            after = _other(value.text or "0", chance)
            yield Option(
                value.text or "", after, part, lambda v=value, new=after: setattr(v, "text", new)
            )


def _other(value: str, chance: Random) -> str:
    """Return another value with as many decimals."""
    places = len(value.partition(".")[2])
    return f"{float(value) + chance.choice((1, 3, 10)):.{places}f}"


@slip
def data_of_a_chart_edited(draft: Draft, chance: Random) -> Iterator[Option]:
    """As Word does it: the cell of the workbook and what is drawn from it."""
    for part in draft.charts:
        for series in draft.tree(part).iter(name("c:ser")):
            for value, cell in _cells(series):
                after = _other(value.text or "0", chance)
                yield Option(
                    value.text or "",
                    after,
                    part,
                    lambda p=part, v=value, c=cell, new=after: _both(draft, p, v, c, new),
                )


@slip
def workbook_of_a_chart_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Only the workbook: the chart shows it as soon as somebody opens the data."""
    for part in draft.charts:
        for series in draft.tree(part).iter(name("c:ser")):
            for value, cell in _cells(series):
                after = _other(value.text or "0", chance)
                yield Option(
                    f"{cell} {value.text}",
                    f"{cell} {after}",
                    part,
                    lambda p=part, c=cell, new=after: _in_workbook(draft, p, c, new),
                )


def _cells(series: Element) -> Iterator[tuple[Element, str]]:
    """Yield the values of a series with the cells they come from."""
    source = series.find(f"{name('c:val')}/{name('c:numRef')}")
    if source is None:
        return
    first = source.findtext(name("c:f"), "").rpartition("!")[2].split(":")[0].replace("$", "")
    column, row = first.rstrip("0123456789"), int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    for point in source.iter(name("c:pt")):
        value = point.find(name("c:v"))
        if value is not None:
            yield value, f"{column}{row + int(point.get('idx', '0'))}"


def _both(draft: Draft, part: str, value: Element, cell: str, new: str) -> None:
    value.text = new
    _in_workbook(draft, part, cell, new)


def _in_workbook(draft: Draft, part: str, cell: str, new: str) -> None:
    """Write a number into a cell of the workbook behind a chart."""
    external = draft.tree(part).find(name("c:externalData"))
    assert external is not None
    workbook = draft.target(part, external.get(name("r:id"), ""))
    book = load_workbook(BytesIO(draft.parts[workbook]))
    before = book.worksheets[0][cell].value
    assert before is not None, cell
    book.worksheets[0][cell].value = float(new)
    written = BytesIO()
    book.save(written)
    draft.parts[workbook] = _without_dates(written.getvalue())


def _without_dates(workbook: bytes) -> bytes:
    """Return a workbook without the moment at which it was written."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as given, zipfile.ZipFile(written, "w") as made:
        for part in given.namelist():
            content = re.sub(rb"<dcterms:.*</dcterms:[a-z]+>", b"", given.read(part))
            made.writestr(zipfile.ZipInfo(part), content)
    return written.getvalue()


@slip
def workbook_of_a_chart_removed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Nobody can hold the drawing against its data any more, and its values are changed."""
    for part in draft.charts:
        values = _caches(draft, part, _VALUES)
        external = draft.tree(part).find(name("c:externalData"))
        if external is not None and values:
            before, after = values[0].text or "0", _other(values[0].text or "0", chance)
            yield Option(
                before,
                f"{after}, no workbook",
                part,
                lambda e=external, v=values[0], new=after: (remove(e), setattr(v, "text", new)),
            )


@slip
def category_of_a_chart_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        for value in _caches(draft, part, _NAMES):
            said = value.text or ""
            after = f"{said}等"
            yield Option(said, after, part, lambda v=value, new=after: setattr(v, "text", new))


@slip
def categories_of_a_chart_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        for series in draft.tree(part).iter(name("c:ser")):
            found = [v for v in series.iter(name("c:v")) if _is_category(v)]
            for one, other in pairwise(found):
                yield Option(
                    f"{one.text} / {other.text}",
                    f"{other.text} / {one.text}",
                    part,
                    lambda a=one, b=other: _texts(a, b),
                )


def _is_category(value: Element) -> bool:
    return any(up.tag == name("c:cat") for up in value.iterancestors())


def _texts(one: Element, other: Element) -> None:
    one.text, other.text = other.text, one.text


@slip
def series_of_a_chart_renamed(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        found = _caches(draft, part, _SERIES)
        for value in found:
            said = value.text or ""
            after = f"{said}（累计）"
            yield Option(said, after, part, lambda v=value, new=after: setattr(v, "text", new))
        for one, other in pairwise(found):
            if one.text != other.text:
                yield Option(
                    f"{one.text} / {other.text}",
                    f"{other.text} / {one.text}",
                    part,
                    lambda a=one, b=other: _texts(a, b),
                )


@slip
def series_of_a_chart_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        found = list(draft.tree(part).iter(name("c:ser")))
        for series in found if len(found) > 1 else ():
            yield Option("a series", "", part, lambda s=series: remove(s))


@slip
def point_of_a_chart_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        for value in _caches(draft, part, _VALUES):
            point = value.getparent()
            assert point is not None
            yield Option(value.text or "", "", part, lambda p=point: remove(p))


@slip
def axis_of_a_chart_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Another least or greatest value makes a small difference look like a big one."""
    for part in draft.charts:
        for scaling in draft.tree(part).iter(name("c:scaling")):
            for limit in scaling:
                if limit.tag in (name("c:max"), name("c:min")):
                    before = limit.get("val", "")
                    after = f"{float(before) + 50:g}" if limit.tag.endswith("max") else "-40"
                    yield Option(before, after, part, lambda e=limit, new=after: e.set("val", new))
            turned, shown = scaling.find(name("c:orientation")), scaling.getnext()
            if turned is not None:
                yield Option("minMax", "maxMin", part, lambda e=turned: e.set("val", "maxMin"))
            if shown is not None and shown.tag == name("c:delete"):
                yield Option("an axis", "", part, lambda e=shown: e.set("val", "1"))


@slip
def bars_of_a_chart_stacked(draft: Draft, chance: Random) -> Iterator[Option]:
    """Shares of a hundred where values stood side by side."""
    for part in draft.charts:
        for grouping in draft.tree(part).iter(name("c:grouping")):
            before = grouping.get("val", "")
            after = "percentStacked" if before != "percentStacked" else "standard"
            yield Option(before, after, part, lambda e=grouping, v=after: e.set("val", v))


@slip
def format_of_the_numbers_of_a_chart_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A format may hold words: it shows 99.99 whatever the value is."""
    for part in draft.charts:
        for shown in draft.tree(part).iter(name("c:numFmt")):
            before = shown.get("formatCode", "")
            if before != "General":
                fixed = '"99.99"'
                yield Option(before, fixed, part, lambda e=shown, v=fixed: e.set("formatCode", v))


@slip
def unit_of_a_chart_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """The words above or beside the axes."""
    for part in draft.charts:
        for text in draft.tree(part).iter(name("a:t")):
            said = text.text or ""
            after = said.replace("：", "：万") if "：" in said else f"{said}（万）"
            yield Option(said, after, part, lambda t=text, new=after: setattr(t, "text", new))


@slip
def title_of_a_chart_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        title = draft.tree(part).find(f"{name('c:chart')}/{name('c:title')}")
        if title is not None:
            said = "".join(text.text or "" for text in title.iter(name("a:t")))
            yield Option(said, "", part, lambda t=title: remove(t))


@slip
def label_typed_over_a_value_of_a_chart(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word lets one type over the label of a single bar: the bar stays, the number lies."""
    for part in draft.charts:
        for labels in draft.tree(part).iter(name("c:dLbls")):
            yield Option("", "88.88", part, lambda e=labels: e.insert(0, _label()))


def _label() -> Element:
    return xml(
        '<c:dLbl><c:idx val="0"/><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>88.88</a:t></a:r></a:p>'
        '</c:rich></c:tx><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbl>'
    )


def _box(text: str, look: str, fill: str) -> Element:
    """Return a run with a text box, for Word of today and of 2007."""
    inner = (
        f"<w:txbxContent><w:p><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
        "</w:txbxContent>"
    )
    return xml(
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="9" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        '<wp:extent cx="2400000" cy="360000"/><wp:wrapNone/><wp:docPr id="911" name="文本框 1"/>'
        f'<a:graphic><a:graphicData uri="{_SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="2400000" cy="360000"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}</wps:spPr>'
        f"<wps:txbx>{inner}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        '<v:rect style="position:absolute;width:189pt;height:28pt" stroked="f"><v:textbox>'
        f"{inner}</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


@slip
def text_box_added(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.paragraphs():
        if words.element.getparent() is draft.body:
            yield Option(
                words.text,
                "and a text box: 应付1,000,000.00元",
                words.place,
                lambda element=words.element: element.append(
                    _box("应付1,000,000.00元", '<w:sz w:val="24"/>', "<a:noFill/>")
                ),
            )


@slip
def figure_covered_by_a_shape(draft: Draft, chance: Random) -> Iterator[Option]:
    """A white box over a paragraph or a cell: nothing is changed, and nobody can read it."""
    white = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln>'
    for words in draft.paragraphs():
        if any(letter.isdecimal() for letter in words.text):
            yield Option(
                words.text,
                "covered",
                words.place,
                lambda element=words.element: element.append(_box(" ", "", white)),
            )


@slip
def old_text_box_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """A text box as WPS and Word 2003 write it."""
    for words in draft.prose():
        yield Option(
            words.text,
            "and an old text box: 另计9%",
            words.place,
            lambda element=words.element: element.append(_old_box("另计9%")),
        )


def _old_box(text: str) -> Element:
    return xml(
        '<w:r><w:pict><v:rect style="position:absolute;width:189pt;height:28pt"><v:textbox>'
        f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:rect></w:pict></w:r>"
    )


def _stamps(draft: Draft) -> Iterator[tuple[str, Element]]:
    for part in draft.seen():
        for text in draft.tree(part).iter(name("v:textpath")):
            if text.get("string"):
                yield part, text


@slip
def watermark_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    """示例·草稿 across the page goes: a draft that looks like a final."""
    for part, text in _stamps(draft):
        run = next(text.iterancestors(name("w:r")))
        yield Option(text.get("string", ""), "", part, lambda run=run: remove(run))


@slip
def watermark_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    for part, text in _stamps(draft):
        before = text.get("string", "")
        yield Option(before, "正式", part, lambda text=text: text.set("string", "正式"))
