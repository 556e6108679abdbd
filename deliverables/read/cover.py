"""The 说明 sheet: facts by label, and the paragraphs that people wrote for the chapters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from deliverables.message import say
from deliverables.model.operations import CHAPTERS, Paragraph
from deliverables.model.record import Declaration, Record, declarations, has_default
from deliverables.model.values import TEXT, NotOfTypeError, Raw
from deliverables.problem import Problem, error, warning
from deliverables.read import complaints
from deliverables.read.columns import column_letters, is_blank
from deliverables.read.sheet import Sheet, Values
from deliverables.read.wording import nearest, plain, quoted
from deliverables.source import Source

C = TypeVar("C", bound=Record)

SHEET = "说明"
GUIDE = "填写说明"  # the sheet that explains the workbook; nothing is read from it
ITEM, CONTENT, HINT = "项目", "内容", "填写说明"
NARRATIVE = "正文："


class CoverSheet:
    """Reads the rows of one 说明 sheet."""

    def __init__(self, sheet: Sheet, problems: list[Problem]) -> None:
        self._sheet = sheet
        self._problems = problems
        self._content_letters = "B"

    def read(
        self, cover_type: type[C], *, narrative: bool
    ) -> tuple[C | None, tuple[Paragraph, ...]]:
        """Return the cover, None if a fact is absent or unfit, and the paragraphs in order."""
        before, rows = len(self._problems), self._sheet.rows
        columns = self._columns(rows)
        if columns is None:
            return None, ()
        facts: dict[str, tuple[int, Raw]] = {}
        paragraphs: list[Paragraph] = []
        by_label = {plain(item.label): name for name, item in declarations(cover_type).items()}
        for number, row in enumerate(rows[1:], 2):
            item, content = row[columns[0]], row[columns[1]]
            name = by_label.get(plain(item))
            if narrative and plain(item).startswith(plain(NARRATIVE)):
                paragraphs.extend(self._paragraphs(number, str(item), content))
            elif name is None:
                self._refuse_unknown(number, item, content, cover_type)
            elif name in facts:
                self._problems.append(self._duplicate(number, str(item), facts[name][0]))
            else:
                facts[name] = (number, content)
        values, places = self._values(facts, cover_type)
        if any(problem.severity == "error" for problem in self._problems[before:]):
            return None, ()
        return cover_type(**values, places=places), tuple(paragraphs)

    def _columns(self, rows: Sequence[Values]) -> tuple[int, int] | None:
        headers = [plain(raw) for raw in rows[0]] if rows else []
        if ITEM in headers and CONTENT in headers:
            self._content_letters = column_letters(headers.index(CONTENT))
            return headers.index(ITEM), headers.index(CONTENT)
        self._problems.append(
            error(
                "cover-headers",
                self._sheet.cell("A", 1),
                say("expected the headers {item} and {content}", item=ITEM, content=CONTENT),
                say("copy the first row from a blank workbook"),
            )
        )
        return None

    def _values(
        self, facts: Mapping[str, tuple[int, Raw]], cover_type: type[Record]
    ) -> tuple[dict[str, Any], dict[str, Source]]:
        values: dict[str, Any] = {}
        places: dict[str, Source] = {"": self._sheet.place}
        for name, declared in declarations(cover_type).items():
            if name not in facts:
                if not has_default(cover_type.__dataclass_fields__[name]):
                    self._problems.append(self._absent(declared.label))
                continue
            number, raw = facts[name]
            place = places[name] = self._sheet.cell(self._content_letters, number)
            fault = self._sheet.faults.get((number, self._content_letters))
            if fault:
                self._problems.append(complaints.no_value(place, declared.label, fault))
            elif not is_blank(raw):
                try:
                    values[name] = declared.type.parse(raw)
                except NotOfTypeError as misfit:
                    self._problems.append(complaints.not_of_type(place, declared, raw, misfit))
            elif not declared.optional:
                self._problems.append(complaints.item_empty(place, declared.label))
        return values, places

    def _paragraphs(self, number: int, item: str, content: Raw) -> list[Paragraph]:
        named = re.split("[：:]", item, maxsplit=1)[1].strip()
        written = plain(named)
        chapters = {plain(chapter): chapter for chapter in CHAPTERS}
        place = self._sheet.cell(self._content_letters, number)
        fault = self._sheet.faults.get((number, self._content_letters))
        if written not in chapters:
            self._problems.append(self._unknown_chapter(number, named))
        elif fault:
            self._problems.append(complaints.no_value(place, item, fault))
        elif not is_blank(content):
            try:
                text = TEXT.parse(content)
            except NotOfTypeError as misfit:
                declared = Declaration(item.strip(), TEXT)
                self._problems.append(complaints.not_of_type(place, declared, content, misfit))
                return []
            return [
                Paragraph(chapter=chapters[written], text=line.strip(), source=place)
                for line in text.splitlines()
                if line.strip()
            ]
        return []

    def _refuse_unknown(
        self, number: int, item: Raw, content: Raw, cover_type: type[Record]
    ) -> None:
        if is_blank(content):
            return
        labels = [declared.label for declared in declarations(cover_type).values()]
        likely = nearest(str(item), [*labels, NARRATIVE])
        self._problems.append(
            warning(
                "item-unknown",
                self._sheet.cell("A", number),
                say("the item {item} is not known and was not read", item=quoted(item)),
                say("rename it to {likely} if that is meant, or leave it", likely=likely)
                if likely
                else say("leave it if it is a note of your own"),
            )
        )

    def _unknown_chapter(self, number: int, named: str) -> Problem:
        likely = nearest(named, CHAPTERS)
        return error(
            "chapter-unknown",
            self._sheet.cell("A", number),
            say("no chapter of the report is called {chapter}", chapter=quoted(named)),
            say("write {item}", item=f"{NARRATIVE}{likely}")
            if likely
            else say("use one of: {chapters}", chapters="、".join(CHAPTERS)),
        )

    def _duplicate(self, number: int, item: str, first: int) -> Problem:
        return error(
            "item-duplicate",
            self._sheet.cell("A", number),
            say("the item {item} stands here and in row {first}", item=item.strip(), first=first),
            say("delete one of the two rows"),
        )

    def _absent(self, label: str) -> Problem:
        return error(
            "item-missing",
            self._sheet.place,
            say("the item {item} is missing", item=label),
            say("add a row with {item} in the column {column}", item=label, column=ITEM),
        )
