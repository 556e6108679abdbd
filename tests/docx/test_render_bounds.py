"""A rendering is bounded in time and size, and whoever meets a bound is told where."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from rendering import FINAL, PROPERTIES
from small_templates import small

from deliverables.docx import package as package_module
from deliverables.docx import render as render_module
from deliverables.docx.lint import Purpose, lint
from deliverables.docx.names import template_problems
from deliverables.docx.package import parse
from deliverables.docx.render import TemplateError, render
from deliverables.values.problem import Severity


@dataclass(frozen=True)
class Row:
    name: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    title: str = "函"
    rows: tuple[Row, ...] = ()


def said(path: Path, context: Context = Context()) -> str:
    with pytest.raises(TemplateError) as refused:
        render(path, context, FINAL, PROPERTIES)
    (problem,) = refused.value.problems
    return str(problem)


class TestWhatIsRefusedWhenATemplateIsRead:
    @pytest.mark.parametrize(
        "tag",
        [
            "{{ 'a' * 10**10 }}",
            "{{ title * 1000000000 }}",
            "{{ 10 ** 10 ** 10 }}",
            "{{ 'a'.center(10000000000) }}",
            "{{ '%9999999999d' % 1 }}",
            "{% for n in range(10000000000) %}{% endfor %}",
            "{{ title | center(10000000000) }}",
            "{{ " + "9" * 400 + " * 9 }}",
            "{% if " + "(" * 200 + "title" + ")" * 200 + " %}{% endif %}",
            "{% if " + "not " * 120 + "title %}{% endif %}",
        ],
    )
    def test_whatever_computes(self, tag: str, tmp_path: Path) -> None:
        begun = monotonic()
        assert "template-tag" in said(small(tmp_path / "a.docx", tag))
        assert monotonic() - begun < 5

    @pytest.mark.parametrize("tag", ["{{ " + "9" * 5000 + " }}", "{{ '" + "a" * 501 + "' }}"])
    def test_a_tag_without_end(self, tag: str, tmp_path: Path) -> None:
        assert "the tag has more than 500 characters" in said(small(tmp_path / "a.docx", tag))

    @pytest.mark.parametrize("block", ["for", "if"])
    def test_blocks_in_one_another(self, block: str, tmp_path: Path) -> None:
        begin = {"for": "{%%p for r%d in rows %%}", "if": "{%%p if title == '%d' %%}"}[block]
        for deep in (15, 16):
            begins = [begin % number for number in range(deep)]
            ends = [f"{{%p end{block} %}}"] * deep
            path = small(tmp_path / f"{deep}.docx", *begins, "甲", *ends)
            found = template_problems(path, Context)
            assert bool(found) is (deep > 15)
            if not found:
                render(path, Context(rows=(Row("甲"),)), FINAL, PROPERTIES)
        assert "blocks stand in one another more than 15 deep" in str(found[0])

    @pytest.mark.parametrize(
        ("part", "size", "why"),
        [("word/document.xml", 11, "word/document.xml inside it would be larger than 10 MB"),
         ("word/media/image1.png", 101, "unpacked it would be larger than 100 MB")],
    )  # fmt: skip
    def test_a_part_that_inflates(self, part: str, size: int, why: str, tmp_path: Path) -> None:
        made = BytesIO()
        with ZipFile(small(tmp_path / "a.docx", "甲")) as old, ZipFile(made, "w") as new:
            for name in {*old.namelist()} - {part}:
                new.writestr(name, old.read(name))
        with ZipFile(made, "w", ZIP_DEFLATED) as new:
            new.writestr(part, bytes(size * 1_000_000))
        (tmp_path / "a.docx").write_bytes(made.getvalue())
        assert why in said(tmp_path / "a.docx")

    def test_a_file_that_is_too_large(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(package_module, "LARGEST_TEMPLATE", 1_000)
        assert "it is larger than" in said(small(tmp_path / "a.docx", "甲"))


class TestWhatIsStoppedWhenADocumentIsMade:
    NESTED = ("{%p for a in rows %}", "{%p for b in rows %}", "{%p for c in rows %}",
              "{{ c.name }}", "{%p endfor %}", "{%p endfor %}", "{%p endfor %}")  # fmt: skip

    def test_loops_over_the_same_rows_in_one_another(self, tmp_path: Path) -> None:
        rows = tuple(Row(f"示例{number}") for number in range(3_000))
        begun = monotonic()
        problem = said(small(tmp_path / "a.docx", *self.NESTED), Context(rows=rows))
        assert "document: {% for c in rows %}: the loops go through more than 1,000,000" in problem
        assert monotonic() - begun < 20

    def test_loops_that_print_nothing(self, tmp_path: Path) -> None:
        rows = tuple(Row(f"示例{number}") for number in range(3_000))
        silent = (*self.NESTED[:3], "{%p if a.name == '' %}", "甲", "{%p endif %}",
                  *self.NESTED[4:])  # fmt: skip
        assert "the loops go through more" in said(
            small(tmp_path / "a.docx", *silent), Context(rows=rows)
        )

    def test_more_markup_than_any_document_has(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(render_module, "LARGEST_DOCUMENT", 1_000_000)
        rows = (Row("甲" * 30_000),) * 100
        path = small(tmp_path / "a.docx", "{%p for r in rows %}", "{{ r.name }}", "{%p endfor %}")
        problem = said(path, Context(rows=rows))
        assert "document: {% for r in rows %}: the document grows beyond 1 MB" in problem

    def test_rows_of_rows_are_no_fault(self, tmp_path: Path) -> None:
        rows = tuple(Row(f"{number}", ("子", "丑")) for number in range(2_000))
        path = small(tmp_path / "a.docx", "{%p for r in rows %}", "{%p for p in r.parts %}",
                     "{{ p }}", "{%p endfor %}", "{%p endfor %}")  # fmt: skip
        assert render(path, Context(rows=rows), FINAL, PROPERTIES)


class TestMarkupThatWordWouldNotWrite:
    TABLE = (
        "<w:tbl><w:tblPr/><w:tblGrid>{}</w:tblGrid><w:tr>"
        "<w:tc><w:p><w:r><w:t>{{%tc for r in rows %}}</w:t></w:r></w:p></w:tc>"
        "<w:tc>{}<w:p><w:r><w:t>{{{{ r.name }}}}</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>{{%tc endfor %}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
    )
    COLUMNS = '<w:gridCol w:w="{}"/><w:gridCol w:w="2000"/>'
    SPAN = '<w:tcPr><w:gridSpan w:val="{}"/></w:tcPr>'

    @pytest.mark.parametrize("odd", ["x", "-1", "1e999999", "9" * 5000, "NaN", ""])
    def test_measures_that_make_no_sense_are_none(self, odd: str, tmp_path: Path) -> None:
        wide = self.TABLE.format(self.COLUMNS.format(odd), "")
        spanning = self.TABLE.format(self.COLUMNS.format("2000"), self.SPAN.format(odd))
        path = small(tmp_path / "a.docx", wide, spanning)
        made = render(path, Context(rows=(Row("甲"),) * 3), FINAL, PROPERTIES)
        assert parse(package_module.Package.of(made).parts["word/document.xml"]) is not None

    def test_the_grid_that_a_tracked_change_keeps_does_not_travel(self, tmp_path: Path) -> None:
        inner = '<w:tblGrid><w:gridCol w:w="9"/></w:tblGrid>'
        change = f'<w:tblGridChange w:id="1">{inner}</w:tblGridChange>'
        table = self.TABLE.format(self.COLUMNS.format("2000") + change, "")
        path = small(tmp_path / "a.docx", table)
        made = render(path, Context(rows=(Row("甲"),) * 3), FINAL, PROPERTIES)
        body = package_module.Package.of(made).parts["word/document.xml"]
        assert len(list(parse(body).iter(f"{package_module.W}gridCol"))) == 3

    def test_a_document_without_a_body_is_damaged(self, tmp_path: Path) -> None:
        path = small(tmp_path / "a.docx", "甲")
        package = package_module.Package.read(path)
        package.parts["word/document.xml"] = package.parts["word/document.xml"].replace(
            b"w:body", b"w:other"
        )
        path.write_bytes(package.to_bytes())
        assert "word/document.xml has no text" in said(path)

    def test_a_row_without_a_table_is_a_paragraph(self, tmp_path: Path) -> None:
        row = "<w:tr><w:tc><w:p><w:r><w:t>{{ nobody }}</w:t></w:r></w:p></w:tc></w:tr>"
        assert "there is no nobody" in said(small(tmp_path / "a.docx", row))

    def test_what_no_rule_foresees_is_found_by_the_check_too(self, tmp_path: Path) -> None:
        path = small(tmp_path / "a.docx", "<w:p>{{ title }}</w:p>")
        told = [problem for problem in lint(path, Purpose(Context, sealed=False))
                if problem.severity is Severity.ERROR]  # fmt: skip
        assert [str(problem) for problem in told] == [said(path)]
        assert "a value can only stand in the text of a run" in said(path)
