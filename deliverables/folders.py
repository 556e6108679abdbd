"""Where things lie: data in, documents out, templates between."""

from __future__ import annotations

import atexit
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from deliverables.cache import place as kept_in
from deliverables.files.digest import sha256_of
from deliverables.files.placement import write_atomically
from deliverables.kinds import Deliverable
from deliverables.read.files import LETTERS
from deliverables.values.problem import Message, say

FINAL_FOLDER: Final = "定稿"
"""The folder, below that of a document, for what is final and for what came back sealed."""

_PACKAGE = Path(__file__).parent
SHIPPED = next(
    folder for folder in (_PACKAGE / "_templates", _PACKAGE.parent / "templates") if folder.is_dir()
)
"""The templates that come with the program."""


_DECLARED = (".yaml", ".md")
"""What may declare a letter beside its Word template."""


@lru_cache(64)
def _sha256(template: Path, changed: int, size: int) -> str:
    return sha256_of(template)


def _sha256_now(template: Path) -> str:
    state = template.stat()
    digest = _sha256(template, state.st_mtime_ns, state.st_size)
    declared = "".join(map(_declared, map(template.with_suffix, _DECLARED)))
    return sha256(f"{digest}{declared}".encode()).hexdigest() if declared else digest


def _declared(file: Path) -> str:
    """Return the hash of a file that declares a letter; nothing for any other."""
    try:
        state = file.stat()
    except OSError:
        return ""
    return _sha256(file, state.st_mtime_ns, state.st_size) if _declares(file, state) else ""


def _declares(file: Path, state: os.stat_result) -> bool:
    return file.suffix != ".md" or _is_letter(file, state.st_mtime_ns, state.st_size)


@lru_cache(64)
def _is_letter(text: Path, changed: int, size: int) -> bool:
    """Return whether a text says before its page what it is a letter for."""
    head = text.read_bytes().split(b"\n---", 1)[0]
    return head.startswith(b"---") and b"\nper:" in head


def template_in(place: Path, name: str) -> Path | None:
    """Return the template of that name in a folder; of a letter's text alone, one drafted from it.

    None where there is none, or its text is not sound.
    """
    template = place / name
    if template.exists():
        return template
    text = template.with_suffix(".md")
    return drafted(text) if text.exists() and _declared(text) else None


def drafted(text: Path) -> Path | None:
    """Return the Word template that a text says, kept for the next command; None if it is faulty.

    Beside the text nothing is written: `template draft` does that when somebody asks for it.
    """
    from deliverables.docx.house_text import page_at  # noqa: PLC0415  # slow to import
    from deliverables.docx.page import Page  # noqa: PLC0415
    from deliverables.docx.word_draft import draft  # noqa: PLC0415

    page = page_at(text, SHIPPED.joinpath)
    if not isinstance(page, Page):
        return None
    content = draft(page)
    name = f"{sha256(content).hexdigest()}/{text.stem}.docx"
    kept = kept_in()
    if kept is not None:
        with suppress(OSError):  # a cache that is full, or may not be written, is no error
            return _holding(kept.with_name("drafts") / name, content)
    return _holding(_until_the_end() / name, content)


def _holding(file: Path, content: bytes) -> Path:
    """Return a file that holds the content, whatever it held before."""
    if not file.is_file() or file.read_bytes() != content:
        write_atomically(file, content, private=True)
    return file


@cache
def _until_the_end() -> Path:
    """Return a folder that lies there until the program ends."""
    from tempfile import mkdtemp  # noqa: PLC0415  # slow to import, and seldom needed

    folder = mkdtemp(prefix="deliverables-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def overlap(data: Path, out: Path) -> Message | None:
    """Return why two folders cannot be that of the data and that of the documents.

    What is made would be read as data, or data would lie among what is handed out.
    """
    if _is_inside(out, data):
        if _is_inside(data, out):
            return say("{data} is the folder of the data: documents belong in a folder of their "
                       "own, beside it", data=data.as_posix())  # fmt: skip
        return say("{out} lies in {data}: documents belong in a folder of their own, beside the "
                   "data", out=out.as_posix(), data=data.as_posix())  # fmt: skip
    if _is_inside(data, out):
        return say("{data} lies in {out}: documents belong in a folder of their own, beside the "
                   "data", out=out.as_posix(), data=data.as_posix())  # fmt: skip
    return None


def _is_inside(inner: Path, outer: Path) -> bool:
    whole = inner.resolve()
    return any(_is_same(one, outer) for one in (whole, *whole.parents))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other.resolve()


@dataclass(frozen=True, slots=True)
class Folders:
    """The data folder, the output folder, and the user's own templates if there are any."""

    data: Path
    out: Path
    templates: Path | None = None

    def template(self, kind: str, contract: str = "", suffix: str = ".docx") -> Path:
        """Return the template of a kind: the contract's or the user's own, else the shipped one."""
        places = self.letter_places(contract)
        found = (template_in(place, f"{kind}{suffix}") for place in places)
        return next(filter(None, found), SHIPPED / f"{kind}{suffix}")

    def letter_places(self, contract: str = "") -> tuple[Path, ...]:
        """Return the folders in which letters are declared, the nearest first."""
        own = (self.data / contract / LETTERS,) if contract else ()
        users = (self.templates,) if self.templates else ()
        return (*own, *users, SHIPPED)

    def template_with(self, kind: str, sha256: str, contract: str = "") -> Path | None:
        """Return a template of a kind with a hash, the nearest there is; None without one."""
        found = (template_in(place, f"{kind}.docx") for place in self.letter_places(contract))
        return next((one for one in found if one and _sha256_now(one) == sha256), None)

    def template_sha256(self, kind: str, contract: str = "") -> str:
        """Return the hash of the template of a kind, which is read anew only when it changed.

        The declaration of a letter is part of it.
        """
        return _sha256_now(self.template(kind, contract))

    def contract(self, number: str) -> Path:
        """Return the folder that holds a contract's documents and their register."""
        return self.out / number

    def register(self, number: str) -> Path:
        """Return the register of a contract."""
        return self.contract(number) / "register.jsonl"

    def bases(self, number: str) -> Path:
        """Return what the documents of a contract said when they were made."""
        return self.contract(number) / "bases.jsonl"

    def inputs(self, number: str) -> Path:
        """Return the input files of the documents of a contract as they were."""
        return self.contract(number) / "inputs"

    def document(self, deliverable: Deliverable) -> Path:
        """Return where the draft of a deliverable lies; its name says that it is a draft."""
        marks = "_示例_草稿" if deliverable.sample else "_草稿"
        name = f"{deliverable.stem}{marks}.docx"
        return self.out.joinpath(deliverable.contract, deliverable.folder, name)

    def final(self, deliverable: Deliverable) -> Path:
        """Return where the final document lies, with everything that belongs to it beside it."""
        folder = self.contract(deliverable.contract) / deliverable.folder
        return folder / FINAL_FOLDER / f"{deliverable.stem}.docx"
