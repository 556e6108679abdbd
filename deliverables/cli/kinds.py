"""deliverables kinds: the kinds of documents and the names their templates may use."""

from __future__ import annotations

import click

from deliverables.cli.build import unknown_kind
from deliverables.cli.next_step import tell_next
from deliverables.cli.workplace import Workplace, format_option, print_json
from deliverables.kind import kinds
from deliverables.message import say
from deliverables.render.names import SPOKEN, Holds, names_offered


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
        print_json([{"name": field.name, "holds": field.holds.value} for field in offered])
        return
    workplace.table(
        [say("Name"), say("Holds"), say("Write in Word")],
        [[field.name, workplace.spoken(SPOKEN[field.holds]), _tag(field.name, field.holds)]
         for field in offered],
    )  # fmt: skip


def _list(workplace: Workplace, form: str) -> None:
    if form == "json":
        print_json([{"name": kind.name, "title": kind.title} for kind in kinds().values()])
        return
    rows = [[kind.name, kind.title, f"{kind.name}.docx"] for kind in kinds().values()]
    workplace.table([say("Kind"), say("Document"), say("Template")], rows)


def _tag(name: str, holds: Holds) -> str:
    *owner, last = name.split(".")
    match holds:
        case Holds.ROWS:
            return f"{{%tr for row in {name} %}} … {{%tr endfor %}}"
        case Holds.YES_NO:
            return f"{{%p if {name} %}} … {{%p endif %}}"
        case _:
            return f"{{{{ {'.'.join([*owner, last])} }}}}"
