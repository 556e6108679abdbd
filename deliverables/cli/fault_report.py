"""What is told of faults of the program: one line, and a file that can be sent away."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from deliverables.cache import user_folder
from deliverables.files.disk import OWNER_ONLY, OWNER_ONLY_FOLDER, disk
from deliverables.files.placement import write_atomically
from deliverables.values.fault import Fault
from deliverables.values.problem import say
from deliverables.version import __version__


def tell_faults(faults: Iterable[Fault], command: str, language: str) -> None:
    """Write down where each fault lies, and say what to send to whom."""
    for name, fault in {one.name: one for one in faults}.items():
        told = _told(fault, command)
        file = _written(f"fault-{name}.txt", told.encode())
        if file is None:
            click.echo(told, err=True)
            message = say("a fault of the program, not of your data ({name}): send the lines above "
                          "to whoever looks after deliverables for you; they hold no data of yours",
                          name=name)  # fmt: skip
        else:
            message = say("a fault of the program, not of your data ({name}): send {file} to "
                          "whoever looks after deliverables for you; it holds no data of yours",
                          name=name, file=file)  # fmt: skip
        click.echo(message.in_language(language), err=True)


def _told(fault: Fault, command: str) -> str:
    system = f"deliverables {__version__}, Python {platform.python_version()}, {sys.platform}"
    return f"{system}\n{command}\n\n{fault.way}"


def _written(name: str, data: bytes) -> Path | None:
    """Return the file, private, in the user's folder or else in that of temporary files."""
    own = user_folder()
    if own is not None:
        with suppress(OSError):
            folder = own / "faults"
            disk().make_folder(folder, OWNER_ONLY_FOLDER)
            write_atomically(folder / name, data, private=True)
            return folder / name
    with suppress(OSError):
        elsewhere = Path(tempfile.gettempdir()) / f"deliverables-{os.urandom(4).hex()}-{name}"
        with disk().create(elsewhere, OWNER_ONLY) as file:
            disk().write(file, data)
        return elsewhere
    return None
