"""The kinds of document, and the names that a template may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from deliverables.cli.answer import (
    Answer,
    Table,
    Workplace,
    format_option,
)
from deliverables.cli.selection import kind_called, kinds_of, titles_of, unknown_kind
from deliverables.values.problem import Message, say

if TYPE_CHECKING:
    from deliverables.docx.names import FieldName
    from deliverables.kinds import Kind


@click.command("kinds")
@click.argument("name", metavar="[KIND]", required=False)
@format_option
@click.pass_obj
def kinds_command(workplace: Workplace, name: str | None, form: str) -> None:
    """List the kinds of documents; with KIND, the names its template may use.

    \b
    Example: deliverables kinds payment_request
    """
    if name is None:
        workplace.answer(_Kinds(kinds_of(workplace)), form)
        return
    from deliverables.docx.names import names_offered
    from deliverables.letters import names_of as names_of_letter

    known = kinds_of(workplace)
    letter = None if name in known else names_of_letter(name.strip(), workplace.folders)
    offers = letter or known[_known_kind(name, workplace)].offers
    workplace.answer(_TemplateNames(name, tuple(names_offered(offers))), form)


@dataclass(frozen=True, slots=True)
class _Kinds(Answer):
    """Every kind of document."""

    kinds: Mapping[str, Kind]

    def lines(self, language: str) -> Iterator[Table]:
        yield Table(
            [say("Kind"), say("Document"), say("Article"), say("Occasion"), say("Template")],
            [
                [kind.name, kind.title, kind.article or "—", kind.occasion, _template(kind)]
                for kind in self.kinds.values()
            ],
            aside=(4,),
        )

    def facts(self, language: str) -> dict[str, object]:
        return {
            "kinds": [
                {
                    "name": kind.name,
                    "title": kind.title,
                    "article": kind.article,
                    "occasion": kind.occasion.in_language(language) if kind.occasion else "",
                    "template": _template(kind),
                }
                for kind in self.kinds.values()
            ]
        }

    @property
    def next(self) -> Message:
        return say("next: deliverables kinds KIND lists the names its template may use")


def _template(kind: Kind) -> str:
    return f"{kind.name}.docx"


@dataclass(frozen=True, slots=True)
class _TemplateNames(Answer):
    """The names that the template of a kind may use."""

    kind: str
    offered: tuple[FieldName, ...]

    def lines(self, language: str) -> Iterator[Table]:
        from deliverables.docx.names import SPOKEN as HOLDS

        yield Table(
            [say("Name"), say("Holds"), say("Write in Word")],
            [[field.name, HOLDS[field.holds], field.written] for field in self.offered],
        )

    def facts(self, language: str) -> dict[str, object]:
        return {
            "names": [
                {"name": field.name, "holds": field.holds.value, "written": field.written}
                for field in self.offered
            ]
        }

    @property
    def next(self) -> Message:
        return say("next: after a change of the template: deliverables template check {kind}",
                   kind=self.kind)  # fmt: skip


def _known_kind(name: str, workplace: Workplace) -> str:
    known = kinds_of(workplace)
    kind = kind_called(name, known)
    if kind in known:
        return kind
    raise workplace.misused(unknown_kind(name, titles_of(known)))
