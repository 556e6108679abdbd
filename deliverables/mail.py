"""An e-mail that is ready to be looked at and sent: nothing is sent from here."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path
from typing import Final

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
