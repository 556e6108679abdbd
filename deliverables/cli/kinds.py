"""deliverables kinds: the kinds of documents and the names their templates may use."""

from __future__ import annotations

import click

from deliverables.cli.answer import Workplace, format_option, print_json, tell_next
from deliverables.cli.build import unknown_kind
from deliverables.docx.names import SPOKEN, names_offered
from deliverables.kinds import kinds
from deliverables.values.problem import say


@click.command("kinds")
@click.argument("name", metavar="[KIND]", required=False)
@format_option
@click.pass_obj
def command(workplace: Workplace, name: str | None, form: str) -> None:
    """List the kinds of documents; with KIND, the names its template may use.

    \b
    Example: deliverables kinds payment_request
    """
    if name is None:
        _list(workplace, form)
        return
    if name not in kinds():
        raise click.UsageError(workplace.spoken(unknown_kind(name)))
    offered = names_offered(kinds()[name].context)
    tell_next(kind=name)
    if form == "json":
        print_json(
            [
                {"name": field.name, "holds": field.holds.value, "written": field.written}
                for field in offered
            ]
        )
        return
    workplace.table(
        [say("Name"), say("Holds"), say("Write in Word")],
        [[field.name, workplace.spoken(SPOKEN[field.holds]), field.written]
         for field in offered],
    )  # fmt: skip


def _list(workplace: Workplace, form: str) -> None:
    if form == "json":
        print_json([{"name": kind.name, "title": kind.title} for kind in kinds().values()])
        return
    rows = [[kind.name, kind.title, f"{kind.name}.docx"] for kind in kinds().values()]
    workplace.table([say("Kind"), say("Document"), say("Template")], rows)
