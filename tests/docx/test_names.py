"""The names a template uses are told apart, resolved through loops, and found in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from deliverables.docx.names import FieldName, Holds, names_offered, names_used, template_problems
from deliverables.docx.style import REPORT, blank
from deliverables.model.content import Chart
from deliverables.values.figure import Figure


@dataclass(frozen=True)
class Step:
    done: Figure[str]


@dataclass(frozen=True)
class Outage:
    started: Figure[str]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Party:
    name: Figure[str]


@dataclass(frozen=True)
class Context:
    title: str
    client: Party
    urgent: bool
    outages: tuple[Outage, ...]
    notes: tuple[str, ...]
    amounts: tuple[Figure[int], ...]
    trend: Chart


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    def make(*paragraphs: str, header: str = "", footer: str = "", cell: str = "") -> Path:
        document = blank(REPORT)
        for text in paragraphs:
            document.add_paragraph(text)
        if header:
            document.sections[0].header.paragraphs[0].text = header
        if footer:
            document.sections[0].footer.paragraphs[0].text = footer
        if cell:
            document.add_table(2, 2).cell(1, 1).text = cell
        path = tmp_path / "report.docx"
        document.save(str(path))
        return path

    return make


def used(template: Path) -> set[str]:
    return {use.name for use in names_used(template)}


def test_a_context_offers_its_fields_groups_rows_and_their_fields() -> None:
    assert names_offered(Context) == (
        FieldName("title", Holds.TEXT),
        FieldName("client.name", Holds.TEXT),
        FieldName("urgent", Holds.YES_NO),
        FieldName("outages", Holds.ROWS),
        FieldName("outages[].started", Holds.TEXT),
        FieldName("outages[].steps", Holds.ROWS),
        FieldName("outages[].steps[].done", Holds.TEXT),
        FieldName("notes", Holds.ROWS, Holds.TEXT),
        FieldName("amounts", Holds.ROWS, Holds.TEXT),
        FieldName("trend", Holds.CHART),
    )


def test_a_field_is_written_with_the_name_of_its_row() -> None:
    assert {field.name: field.written for field in names_offered(Context)} == {
        "title": "{{ title }}",
        "client.name": "{{ client.name }}",
        "urgent": "{%p if urgent %} … {%p endif %}",
        "outages": "{%tr for row in outages %} … {%tr endfor %}",
        "outages.started": "{{ row.started }}",
        "outages.steps": "{%tr for row2 in row.steps %} … {%tr endfor %}",
        "outages.steps.done": "{{ row2.done }}",
        "notes": "{%p for row in notes %} {{ row }} {%p endfor %}",
        "amounts": "{%p for row in amounts %} {{ row }} {%p endfor %}",
        "trend": "{{ trend }}",
    }


def test_a_context_cannot_offer_what_a_document_cannot_print() -> None:
    @dataclass(frozen=True)
    class Wrong:
        total: float

    with pytest.raises(TypeError, match="total"):
        names_offered(Wrong)


@pytest.mark.parametrize(
    ("paragraphs", "names"),
    [
        (["{{ title }}{{ client.name }}"], {"title", "client.name"}),
        (["{{title}}", "{%p if urgent and not outages %}", "{%p endif %}"],
         {"title", "urgent", "outages"}),
        (["{%p for o in outages %}", "{{ o.started }}{{ loop.index }}", "{%p endfor %}"],
         {"outages", "outages.started"}),
        (["{% for o in outages %}{% for s in o.steps %}{{ s.done }}{% endfor %}{% endfor %}"],
         {"outages", "outages.steps", "outages.steps.done"}),
        (["{% for n in notes %}{% if n %}{{ n }}{{ title }}{% endif %}{% endfor %}"],
         {"notes", "title"}),
        (["{% for title in notes %}{{ title }}{% endfor %}"], {"notes"}),
        (["{{ outages|length }}"], {"outages"}),
        (["{% for o in outages %}{% endfor %}{{ o.started }}"], {"outages", "o.started"}),
        (["没有标签也没有名称"], set()),
        (["{# {{ title }} #}"], set()),
    ],
)  # fmt: skip
def test_names_are_resolved_through_loops(
    template: Callable[..., Path], paragraphs: list[str], names: set[str]
) -> None:
    assert used(template(*paragraphs)) == names


def test_names_are_found_in_every_story_with_their_place(template: Callable[..., Path]) -> None:
    path = template("甲 {{ a }}", header="{{ b }}", footer="{{ c }}", cell="{{ d }}")
    places = {use.name: str(use.place) for use in names_used(path)}
    assert places == {
        "a": "body, paragraph “甲 {{ a }}”",
        "b": "header (header1), paragraph “{{ b }}”",
        "c": "footer (footer1), paragraph “{{ c }}”",
        "d": "body, table 1, row 2, cell 2",
    }


def test_a_tag_that_word_has_split_into_runs_is_one_tag(template: Callable[..., Path]) -> None:
    import docx

    path = template("")
    document = docx.Document(str(path))
    for piece in ("{", "{ ti", "tle }", "}"):
        document.paragraphs[0].add_run(piece)
    document.save(str(path))
    assert used(path) == {"title"}


def test_typographic_quotes_do_not_break_a_tag(template: Callable[..., Path]) -> None:
    assert used(template("{% if title == “甲” %}{% endif %}")) == {"title"}


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("{{ titel }}", "there is no titel; the nearest name is title"),
        ("{{ client }}", "client is a group of names"),
        ("{{ outages }}", "outages cannot be printed, it holds rows"),
        ("{{ urgent }}", "urgent cannot be printed, it holds yes/no"),
        ("{% for x in title %}{% endfor %}", "title holds no rows"),
        ("{% if qqq %}{% endif %}", "there is no qqq"),
        ("{{ title|upper }}", "filter"),
        ("{{ title.text }}", "there is no title.text"),
    ],
)
def test_a_name_used_against_its_nature_is_a_problem(
    template: Callable[..., Path], tag: str, why: str
) -> None:
    (problem,) = template_problems(template(tag), Context)
    assert why in str(problem)
    assert "body, paragraph" in str(problem)


def test_what_a_context_offers_can_all_be_used(template: Callable[..., Path]) -> None:
    path = template(
        "{{ title }}{{ client.name }}{{ trend }}{% if urgent %}{% endif %}",
        "{% for o in outages %}{{ o.started }}{% for s in o.steps %}{{ s.done }}{% endfor %}"
        "{% endfor %}",
        "{% for n in notes %}{{ n }}{% endfor %}{% for a in amounts %}{{ a }}{% endfor %}",
    )
    assert template_problems(path, Context) == ()
    assert used(path) == {field.name for field in names_offered(Context)}
