"""Slips in what is drawn: charts, pictures, text boxes, stamps."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from io import BytesIO
from itertools import combinations, pairwise
from random import Random

from openpyxl import load_workbook

from slips.draft import Draft, Element, Option, Words, exchange, name, remove, xml
from slips.mutant import PROSE, Change, at_paragraphs, slips, together

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


def _charts(said: str, apply: Callable[[Draft, Element], object]) -> Change:
    """Return the change of a chart as a whole, in its paragraph."""

    def change(draft: Draft, _: Random) -> Iterator[Option]:
        for drawing in draft.drawings():
            yield Option(_caption(drawing), said, "chart", lambda d=drawing: apply(draft, d))

    return change


def _charts_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
    for one, other in combinations(draft.drawings(), 2):
        said = f"{_caption(one)} / {_caption(other)}"
        yield Option(said, "the other way round", "chart", lambda a=one, b=other: exchange(a, b))


def _drawn_twice(_: Draft, drawing: Element) -> None:
    added = deepcopy(drawing)
    for named in added.iter(name("wp:docPr")):
        named.set("id", "921")
    drawing.addnext(added)


def _gone(_: Draft, element: Element) -> None:
    remove(element)


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


def _of_the_body(draft: Draft) -> Iterator[Words]:
    return (words for words in draft.paragraphs() if words.element.getparent() is draft.body)


def _with_digits(draft: Draft) -> Iterator[Words]:
    for words in draft.paragraphs():
        if any(letter.isdecimal() for letter in words.text):
            yield words


def _in_charts(
    find: Callable[[Element], Iterable[Element]],
    before: Callable[[Element], str],
    after: Callable[[Element, Random], str],
    apply: Callable[[Element, str], object],
) -> Change:
    """Return the change of what is found in a chart: what it says, will say, and how."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for part in draft.charts:
            for found in find(draft.tree(part)):
                new = after(found, chance)
                yield Option(before(found), new, part, lambda e=found, new=new: apply(e, new))

    return change


def _below(path: str) -> Callable[[Element], list[Element]]:
    steps = "/".join(f"c:{step}" for step in path.split("/"))
    return lambda chart: chart.findall(f".//{steps}", {"c": name("c:v")[1:-2]})


def _named(tag: str) -> Callable[[Element], Iterable[Element]]:
    return lambda chart: chart.iter(name(tag))


_VALUES = _below("val/numRef/numCache/pt/v")
_NAMES = _below("cat/strRef/strCache/pt/v")
_SERIES = _below("ser/tx/strRef/strCache/pt/v")


def _text(element: Element) -> str:
    return element.text or ""


def _write(element: Element, text: str) -> None:
    element.text = text


def _other(value: Element, chance: Random) -> str:
    """Return another value with as many decimals."""
    said = value.text or "0"
    places = len(said.partition(".")[2])
    return f"{float(said) + chance.choice((1, 3, 10)):.{places}f}"


def _data(said: str, apply: Callable[[Draft, str, Element, str, str], object]) -> Change:
    """Return the change of a value of a chart and the cell it comes from."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for part in draft.charts:
            for series in draft.tree(part).iter(name("c:ser")):
                for value, cell in _cells(series):
                    after = _other(value, chance)
                    yield Option(
                        said.format(cell=cell, value=value.text),
                        said.format(cell=cell, value=after),
                        part,
                        lambda p=part, v=value, c=cell, new=after: apply(draft, p, v, c, new),
                    )

    return change


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


def _workbook_removed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Nobody can hold the drawing against its data any more, and its values are changed."""
    for part in draft.charts:
        values = _VALUES(draft.tree(part))
        external = draft.tree(part).find(name("c:externalData"))
        if external is not None and values:
            before, after = values[0].text or "0", _other(values[0], chance)
            yield Option(
                before,
                f"{after}, no workbook",
                part,
                lambda e=external, v=values[0], new=after: (remove(e), setattr(v, "text", new)),
            )


def _categories_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
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


def _series_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
    for part in draft.charts:
        for one, other in pairwise(_SERIES(draft.tree(part))):
            if one.text != other.text:
                yield Option(
                    f"{one.text} / {other.text}",
                    f"{other.text} / {one.text}",
                    part,
                    lambda a=one, b=other: _texts(a, b),
                )


def _series_of_several(chart: Element) -> list[Element]:
    found = list(chart.iter(name("c:ser")))
    return found if len(found) > 1 else []


def _formats(chart: Element) -> Iterator[Element]:
    for shown in chart.iter(name("c:numFmt")):
        if shown.get("formatCode", "") != "General":
            yield shown


def _title(chart: Element) -> list[Element]:
    return chart.findall(f"{name('c:chart')}/{name('c:title')}")


def _words_of(title: Element) -> str:
    return "".join(text.text or "" for text in title.iter(name("a:t")))


def _of_another_unit(text: Element, _: Random) -> str:
    said = text.text or ""
    return said.replace("：", "：万") if "：" in said else f"{said}（万）"


def _of_bars(chart: Element) -> list[Element]:
    """Return how bars stand; of a line beside bars LibreOffice takes no other way."""
    return [
        each for bars in chart.iter(name("c:barChart")) for each in bars.iter(name("c:grouping"))
    ]


def _stacked(grouping: Element, _: Random) -> str:
    return "percentStacked" if grouping.get("val") != "percentStacked" else "standard"


def _axis_changed(draft: Draft, _: Random) -> Iterator[Option]:
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


def _stamp(after: str, apply: Callable[[Element], object]) -> Change:
    def change(draft: Draft, _: Random) -> Iterator[Option]:
        for part, text in _stamps(draft):
            yield Option(text.get("string", ""), after, part, lambda text=text: apply(text))

    return change


_COVER = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln>'

slips(
    chart_deleted=_charts("", _gone),
    charts_exchanged=_charts_exchanged,
    chart_doubled=_charts("twice", _drawn_twice),
    # what nobody can read stands where a chart stood
    chart_made_a_picture=_charts("a picture", _to_picture),
    # a picture, say of a seal, at the end of a paragraph
    picture_added=at_paragraphs(
        _of_the_body, "and a picture", lambda draft, element: element.append(_picture(draft))
    ),
    # in what is drawn alone: the workbook behind it says what it said
    value_of_a_chart_changed=_in_charts(_VALUES, _text, _other, _write),
    # as Word does it: the cell of the workbook and what is drawn from it
    data_of_a_chart_edited=_data("{value}", _both),
    # only the workbook: the chart shows it as soon as somebody opens the data
    workbook_of_a_chart_changed=_data(
        "{cell} {value}",
        lambda draft, part, _, cell, new: _in_workbook(draft, part, cell, new),
    ),
    workbook_of_a_chart_removed=_workbook_removed,
    category_of_a_chart_changed=_in_charts(
        _NAMES, _text, lambda value, _: f"{_text(value)}等", _write
    ),
    categories_of_a_chart_exchanged=_categories_exchanged,
    series_of_a_chart_renamed=together(
        _in_charts(_SERIES, _text, lambda value, _: f"{_text(value)}（累计）", _write),
        _series_exchanged,
    ),
    series_of_a_chart_deleted=_in_charts(
        _series_of_several, lambda _: "a series", lambda *_: "", lambda series, _: remove(series)
    ),
    point_of_a_chart_deleted=_in_charts(
        lambda chart: (value.getparent() for value in _VALUES(chart)),
        lambda point: point.findtext(name("c:v"), ""),
        lambda *_: "",
        lambda point, _: remove(point),
    ),
    axis_of_a_chart_changed=_axis_changed,
    # shares of a hundred where values stood side by side
    bars_of_a_chart_stacked=_in_charts(
        _of_bars,
        lambda grouping: grouping.get("val", ""),
        _stacked,
        lambda grouping, new: grouping.set("val", new),
    ),
    # a format may hold words: it shows 99.99 whatever the value is
    format_of_the_numbers_of_a_chart_changed=_in_charts(
        _formats,
        lambda shown: shown.get("formatCode", ""),
        lambda *_: '"99.99"',
        lambda shown, new: shown.set("formatCode", new),
    ),
    unit_of_a_chart_changed=_in_charts(_named("a:t"), _text, _of_another_unit, _write),
    title_of_a_chart_deleted=_in_charts(
        _title, _words_of, lambda *_: "", lambda title, _: remove(title)
    ),
    # Word lets one type over the label of a single bar: the bar stays, the number lies
    label_typed_over_a_value_of_a_chart=_in_charts(
        _named("c:dLbls"),
        lambda _: "",
        lambda *_: "88.88",
        lambda labels, _: labels.insert(0, _label()),
    ),
    text_box_added=at_paragraphs(
        _of_the_body,
        "and a text box: 应付1,000,000.00元",
        lambda _, element: element.append(
            _box("应付1,000,000.00元", '<w:sz w:val="24"/>', "<a:noFill/>")
        ),
    ),
    # a white box over a paragraph or a cell: nothing is changed, and nobody can read it
    figure_covered_by_a_shape=at_paragraphs(
        _with_digits, "covered", lambda _, element: element.append(_box(" ", "", _COVER))
    ),
    # a text box as WPS and Word 2003 write it
    old_text_box_added=at_paragraphs(
        PROSE,
        "and an old text box: 另计9%",
        lambda _, element: element.append(_old_box("另计9%")),
    ),
    # 示例·草稿 across the page goes: a draft that looks like a final
    watermark_deleted=_stamp("", lambda text: remove(next(text.iterancestors(name("w:r"))))),
    watermark_changed=_stamp("正式", lambda text: text.set("string", "正式")),
)
