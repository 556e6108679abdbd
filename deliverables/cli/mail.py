"""The e-mail of a document, ready to be looked at and sent by a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from deliverables.cli.answer import Answer, Workplace, as_of_option, existing_file, format_option
from deliverables.cli.recorded import known
from deliverables.covering_mail import SUFFIX, CoveringMail, covering_mail
from deliverables.files.placement import Transaction, at_work
from deliverables.values.problem import Message, say


@click.command("mail")
@click.argument("file", type=existing_file())
@as_of_option
@format_option
@click.pass_obj
def mail_command(workplace: Workplace, file: Path, as_of: date, form: str) -> None:
    """Write the e-mail that a document goes to the client with, as an .eml file; send nothing.

    It is addressed to the client's contact of contract.yaml. The scan of a sealed paper is
    attached, of a final one its PDF, else the draft. Outlook and Foxmail open it as a draft.

    \b
    Example: deliverables mail out/HT-1/letters/定稿/HT-1_催款函_1.docx
    """
    found = known(workplace, file)
    examined, planned = found.examined, found.planned
    folders, one = workplace.folders, planned.deliverable
    if one.private:
        raise workplace.misused(
            say("{file} holds identity numbers: it is handed over, not mailed", file=file.name)
        )
    mail = covering_mail(planned, examined.book, folders, as_of) if examined.book else None
    if mail is None or not mail.attached.is_file():
        raise workplace.misused(say("{file}: there is nothing to attach", file=file.name))
    folder = folders.contract(one.contract)
    to = folder / one.folder / f"{one.stem}_邮件{SUFFIX}"
    with at_work(folder), Transaction(folder) as change:
        aside = change.put(to, mail.file)
    workplace.answer(_Mail(to, mail, aside, sample=one.sample), form)


@dataclass(frozen=True, slots=True)
class _Mail(Answer):
    """The e-mail that was written; one that was there and said something else is `aside`."""

    file: Path
    mail: CoveringMail
    aside: str
    sample: bool = False

    def lines(self, language: str) -> Iterator[str | Message]:
        yield self.file.as_posix()
        if self.aside:
            yield say("the older one is {name}", name=self.aside)
        yield say("subject: {subject}", subject=self.mail.subject)
        name, address = self.mail.to or ("", "")
        yield (
            say("to: {name} <{address}>", name=name, address=address)
            if address
            else say(
                "to: contract.yaml has no address of the client's contact (client.contact.email)"
            )
        )
        yield say("attached: {name}", name=self.mail.attached.name)

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.file.as_posix(),
            "subject": self.mail.subject,
            "to": self.mail.to and {"name": self.mail.to[0], "address": self.mail.to[1]},
            "attached": self.mail.attached.as_posix(),
            "set_aside": self.aside or None,
        }

    @property
    def next(self) -> Message:
        return after(self.file, sample=self.sample)


def after(file: Path, *, sample: bool) -> Message:
    """Return what one does with a mail: one made of the sample says itself that it is not sent."""
    if sample:
        return say("next: look at {file}; it was made of the sample and is not to be sent",
                   file=file.as_posix())  # fmt: skip
    return say("next: open {file} in Outlook or Foxmail, look at it, and send it",
               file=file.as_posix())  # fmt: skip
