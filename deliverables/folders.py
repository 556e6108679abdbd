"""Where things lie: data in, documents out, templates between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from deliverables.files import sha256_of
from deliverables.kinds import Deliverable

FINAL_FOLDER: Final = "定稿"
"""The folder, below that of a document, for what is final and for what came back sealed."""

_PACKAGE = Path(__file__).parent
_SHIPPED = next(
    folder for folder in (_PACKAGE / "_templates", _PACKAGE.parent / "templates") if folder.is_dir()
)


@lru_cache(64)
def _sha256(template: Path, changed: int, size: int) -> str:
    return sha256_of(template)


def _sha256_now(template: Path) -> str:
    state = template.stat()
    return _sha256(template, state.st_mtime_ns, state.st_size)


@dataclass(frozen=True, slots=True)
class Folders:
    """The data folder, the output folder, and the user's own templates if there are any."""

    data: Path
    out: Path
    templates: Path | None = None

    def template(self, kind: str, suffix: str = ".docx") -> Path:
        """Return the template of a kind: the user's own, else the shipped one."""
        name = f"{kind}{suffix}"
        own = self.templates / name if self.templates else None
        return own if own and own.exists() else _SHIPPED / name

    def template_with(self, kind: str, sha256: str) -> Path | None:
        """Return the user's own or the shipped template of a kind with a hash; None without one."""
        places = (self.templates, _SHIPPED) if self.templates else (_SHIPPED,)
        found = (place / f"{kind}.docx" for place in places)
        return next((one for one in found if one.exists() and _sha256_now(one) == sha256), None)

    def template_sha256(self, kind: str) -> str:
        """Return the hash of the template of a kind, which is read anew only when it changed."""
        return _sha256_now(self.template(kind))

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
