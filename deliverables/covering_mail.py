"""The e-mail that a document goes to the client with: whom to, its words, what is attached."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path
from typing import Final

from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.plan import Planned
from deliverables.register import PDF
from deliverables.status import Stage
from deliverables.values.calendar import show_day

SUFFIX: Final = ".eml"


@dataclass(frozen=True, slots=True)
class CoveringMail:
    """A mail that nobody has sent yet; `to` is None where contract.yaml has no address."""

    subject: str
    text: str
    attached: Path
    to: tuple[str, str] | None

    @property
    def file(self) -> bytes:
        """The message as an .eml file, the same for the same words and document."""
        return unsent_mail(self.subject, self.text, (self.attached,), to=self.to)


def recipient(book: ContractBook) -> tuple[str, str] | None:
    """Return the client's contact with the address that contract.yaml has, None without one."""
    contact = book.contract.client.contact
    known = isinstance(contact.email, str) and contact.email
    return (str(contact.figure("name")), str(contact.email)) if known else None


def covering_mail(
    planned: Planned, book: ContractBook, folders: Folders, day: date
) -> CoveringMail | None:
    """Return the mail of a document as far as it has come, dated a day; None where none was made.

    The scan of a sealed paper is attached, of a final one its PDF, else the draft. What is not
    sealed yet says so in its subject.
    """
    life, one, contract = planned.life, planned.deliverable, book.contract
    current = not life.redrafted
    entry = (current and (life.sealed or life.final)) or life.made
    if entry is None:
        return None
    pdf = entry.details.get(PDF) if entry.event == Stage.FINAL else ""
    attached = folders.contract(one.contract) / (pdf or entry.file)
    form, mark, note = "草稿", "【草稿】", "（文件尚未定稿，请勿作为正式文件使用。）"
    if current and life.sealed:
        form, mark, note = "盖章扫描件", "", ""
    elif current and life.final:
        form, mark, note = "定稿", "", ""
        if one.sealed:
            mark, note = "【未盖章】", "（文件尚未盖章，以盖章件为准。）"
    elif one.blockers:
        why = "；".join(each.on_document for each in one.blockers)
        note = f"（条件尚未成就：{why}。仅供预审，不作为正式文件。）"
    if one.sample:
        mark, note = f"【示例】{mark}", "（以下内容由示例数据生成，不得发送。）"
    client, own = contract.client.contact, contract.contractor.contact
    text = f"""\
{client.figure("name")}老师：

您好！
{note}
现将{contract.service.name}项目（合同号{book.number}）的《{one.title}》（{form}）发送给您，请查收。

附件：{attached.name}

如有不明之处，请与我联系。

{own.figure("name")}　{own.figure("phone")}
{contract.contractor.name}
{show_day(day)}
"""
    subject = f"{mark}{one.title}（合同号{book.number}）"
    return CoveringMail(subject, text, attached, recipient(book))


_UNKNOWN: Final = "application/octet-stream"
_BOUNDARY: Final = "=_deliverables_"


def unsent_mail(
    subject: str, text: str, attachments: Sequence[Path], *, to: tuple[str, str] | None = None
) -> bytes:
    """Return a message as an .eml file (RFC 5322), the same for the same words and files.

    `to` is a name and an address; without it the field is left for a person to fill. X-Unsent has
    Outlook and Foxmail open it as a draft: they put in sender and date when it is sent.

    Raises:
        OSError: An attachment cannot be read.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(subject.split())
    if to is not None:
        name, address = to
        message["To"] = Address(" ".join(name.split()), addr_spec=address)
    message["X-Unsent"] = "1"
    message.set_content(text, cte="base64")
    for file in attachments:
        kind, _ = mimetypes.guess_type(file.name)
        main, _, sub = (kind or _UNKNOWN).partition("/")
        message.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=file.name)
    if message.is_multipart():  # drawn at random otherwise
        said = "\n".join((subject, text, *(file.name for file in attachments)))
        message.set_boundary(_BOUNDARY + sha256(said.encode()).hexdigest()[:32])
    return message.as_bytes()
