"""A document just made is held against its context by code that does not render."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import documents
import pytest
from documents import EVERY_KIND, makeable
from papers import BODY, edited, figure, made, packed, paragraph, retold, row, table, unpacked

from deliverables.docx.render import Rendered
from deliverables.kinds import Kind
from deliverables.model.content import Chart, ChartForm, Series
from deliverables.values.figure import Figure
from deliverables.values.problem import Severity
from deliverables.values.trace import CLOSE, OPEN, SPLIT, Trace, without_tokens
from deliverables.verify import Finding, prove
from deliverables.verify.base import Base, base_of


@dataclass(frozen=True)
class Outage:
    cause: Figure[str]
    minutes: Figure[int]


@dataclass(frozen=True)
class Report:
    first: Figure[str]
    last: Figure[str]
    late: bool
    outages: tuple[Outage, ...]
    notes: tuple[str, ...]


CONTEXT = Report(
    first=figure("起始日期", "7月30日"),
    last=figure("截止日期", "10月29日"),
    late=False,
    outages=tuple(Outage(figure("原因", cause), figure("分钟", minutes))
                  for cause, minutes in (("线路", "52"), ("断电", "35"))),
    notes=("依合同", "另见"),
)  # fmt: skip
TEMPLATE = (
    paragraph("{{ first }}至{{ last }}{% if late %}（{{ last }}届满）{% endif %}")
    + table(
        row("原因", "分钟"),
        row("{%tr for one in outages %}", ""),
        row("{{ one.cause }}", "{{ one.minutes }}"),
        row("{%tr endfor %}", ""),
    )
    + paragraph("{%p for note in notes %}")
    + paragraph("{{ loop.index }}. {{ note }}")
    + paragraph("{%p endfor %}")
    + paragraph("（盖章处）")
)


def errors(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.code} {one.key}" for one in findings if one.severity is Severity.ERROR]


def test_a_sound_document_has_no_findings(tmp_path: Path) -> None:
    document, base = made(tmp_path, TEMPLATE, CONTEXT)
    assert prove(bytes(document), base, CONTEXT) == ()
    assert prove(bytes(document), Base.of_records(*base.records())) == ()


def faulty(
    folder: Path, render_wrongly: Callable[[str], str], said: Report = CONTEXT
) -> tuple[bytes, Base]:
    """Return a document of a renderer that errs, in the document and its trace alike."""
    document, _ = made(folder, TEMPLATE, said)
    wrong = render_wrongly(document.trace.stories[BODY])
    assert wrong != document.trace.stories[BODY]
    trace = Trace({**document.trace.stories, BODY: wrong}, document.trace.sites)
    parts = {**unpacked(document), BODY: without_tokens(wrong).encode()}
    erring = packed(parts)
    return erring, base_of(erring, trace, said, template=folder / "template.docx")


def rows(markup: str) -> list[str]:
    return [f"<w:tr>{one.split('</w:tr>')[0]}</w:tr>" for one in markup.split("<w:tr>")[1:]]


def token(site: str, text: str) -> str:
    return f"{OPEN}{site}{SPLIT}{text}{CLOSE}"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lambda story: story.replace(f"{SPLIT}52", f"{SPLIT}25"),
         ["misprinted outages[0].minutes"]),
        (lambda story: story.replace(rows(story)[2], ""),
         ["misprinted outages[1].cause", "misprinted outages[1].minutes"]),
        (lambda story: story.replace(rows(story)[1], rows(story)[1] * 2),
         ["misprinted outages[0].cause", "misprinted outages[0].minutes"]),
        (lambda story: story.replace(rows(story)[1] + rows(story)[2],
                                     rows(story)[2] + rows(story)[1]),
         ["misprinted outages[1].cause", "misprinted outages[1].minutes"] * 2),
        (lambda story: story.replace("另见", "依合同"), ["misprinted notes[1]"]),
    ],
    ids=["value altered", "row dropped", "row repeated", "rows exchanged", "another text"],
)  # fmt: skip
def test_a_fault_of_the_renderer_is_an_error(
    tmp_path: Path, fault: Callable[[str], str], expected: list[str]
) -> None:
    document, base = faulty(tmp_path, fault)
    assert errors(prove(document, base, CONTEXT)) == expected


def test_the_neighbours_figure_printed_under_its_own_name_is_an_error(tmp_path: Path) -> None:
    def neighbour(story: str) -> str:
        site = next(one for one in story.split(OPEN)[1:] if "10月29日" in one)
        first = next(one for one in story.split(OPEN)[1:] if "7月30日" in one)
        return story.replace(
            token(first.split(SPLIT)[0], "7月30日"), token(site.split(SPLIT)[0], "10月29日")
        )

    document, base = faulty(tmp_path, neighbour)
    assert errors(prove(document, base, CONTEXT)) == ["misprinted first", "misprinted last"]


def test_a_row_dropped_is_noticed_in_a_frame_that_was_proved_before(tmp_path: Path) -> None:
    shorter = replace(CONTEXT, outages=CONTEXT.outages[:1])
    document, base = made(tmp_path, TEMPLATE, shorter)
    assert prove(bytes(document), base, shorter) == ()
    dropped, wrong = faulty(tmp_path, lambda story: story.replace(rows(story)[2], ""))
    assert errors(prove(dropped, wrong, CONTEXT)) == [
        "misprinted outages[1].cause", "misprinted outages[1].minutes"
    ]  # fmt: skip


def test_a_document_unlike_its_trace_is_an_error_in_a_proved_frame_too(tmp_path: Path) -> None:
    document, base = made(tmp_path, TEMPLATE, CONTEXT)
    assert prove(bytes(document), base, CONTEXT) == ()
    assert errors(prove(edited(bytes(document), (">52<", ">25<")), base, CONTEXT)) == [
        "figure-changed outages[0].minutes"
    ]
    struck = retold(
        bytes(document), lambda text: text.replace("<w:r>", "<w:r><w:rPr><w:strike/></w:rPr>", 1)
    )
    assert errors(prove(struck, base, CONTEXT)) == ["hard-to-see first"]


def test_another_member_than_the_one_that_was_proved_is_looked_at(tmp_path: Path) -> None:
    document, base = made(tmp_path, TEMPLATE, CONTEXT)
    assert prove(bytes(document), base, CONTEXT) == ()
    styles = "word/styles.xml"
    hidden = edited(
        bytes(document),
        ('<w:name w:val="Normal"/>', '<w:name w:val="Normal"/><w:rPr><w:vanish/></w:rPr>'),
        part=styles,
    )
    assert errors(prove(hidden, base, CONTEXT))


CHART = Chart(
    form=ChartForm.LINES, title="可用性", description="", unit="%", categories=("5月", "6月"),
    series=(Series("平台", (Decimal("99.93"), Decimal("99.98"))),),
    threshold=Series("合同要求", (Decimal("99.9"), Decimal("99.9"))),
)  # fmt: skip


@dataclass(frozen=True)
class Charts:
    trend: Chart


DRAWN = paragraph("{{ trend }}") + paragraph("（盖章处）")


@pytest.mark.parametrize(
    "shown",
    [
        replace(CHART, categories=("5月", "7月")),
        replace(CHART, unit="‰"),
        replace(CHART, form=ChartForm.COLUMNS),
        replace(CHART, series=(Series("平台", (Decimal("99.93"), Decimal("99.89"))),)),
        replace(CHART, threshold=None),
    ],
    ids=["category", "unit", "form", "value", "threshold"],
)
def test_a_chart_shows_what_the_data_hold(tmp_path: Path, shown: Chart) -> None:
    document, base = made(tmp_path, DRAWN, Charts(CHART))
    assert prove(bytes(document), base, Charts(CHART)) == ()
    document, base = made(tmp_path, DRAWN, Charts(shown))
    assert set(errors(prove(bytes(document), base, Charts(CHART)))) == {"chart-misdrawn "}


@pytest.mark.parametrize("part", ["word/charts/chart1.xml", "word/embeddings/chart1.xlsx"])
def test_a_chart_that_was_edited_is_an_error(tmp_path: Path, part: str) -> None:
    document, base = made(tmp_path, DRAWN, Charts(CHART))
    parts = unpacked(document)
    if part.endswith(".xlsx"):
        sheet = "xl/worksheets/sheet1.xml"
        changed = edited(parts[part], ("99.98", "99.99"), part=sheet)
        found = errors(prove(packed({**parts, part: changed}), base))
        assert found == ["chart-changed ", "chart-data "]
    else:
        assert errors(prove(edited(bytes(document), ("99.98", "99.99"), part=part), base)) == [
            "chart-changed ", "chart-data "
        ]  # fmt: skip


def test_a_chart_that_was_deleted_is_an_error(tmp_path: Path) -> None:
    document, base = made(tmp_path, DRAWN, Charts(CHART))

    def without(text: str) -> str:
        begin, end = text.index("<w:drawing>"), text.index("</w:drawing>") + len("</w:drawing>")
        return text[:begin] + text[end:]

    assert errors(prove(retold(bytes(document), without), base)) == ["chart-missing "]


def test_what_is_no_document_is_a_finding(tmp_path: Path) -> None:
    _, base = made(tmp_path, TEMPLATE, CONTEXT)
    assert errors(prove(b"nothing", base)) == ["unreadable "]


def rendered(kind: Kind, number: int = 0) -> tuple[Rendered, Base, object]:
    one = makeable(kind)[number]
    document, context = documents.made(kind, one)
    return document, documents.base(kind, one), context


@EVERY_KIND
def test_every_kind_is_proved_as_it_is_made_and_as_it_is_read_again(kind: Kind) -> None:
    document, base, context = rendered(kind)
    again = Base.of_records(*base.records())
    for findings in (prove(bytes(document), base, context), prove(bytes(document), again)):
        assert [str(one) for one in findings if one.severity is not Severity.GAP] == []
