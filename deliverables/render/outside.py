"""What in a package points to files and addresses outside of it."""

from __future__ import annotations

import posixpath
from typing import Final
from urllib.parse import unquote, urlsplit

from deliverables.lazily import dataclass
from deliverables.render.package import Package, parse

HYPERLINK: Final = "hyperlink"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SETTINGS = ("attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData")
_ORDINARY = ("http", "https", "mailto")


@dataclass(frozen=True, slots=True)
class Outside:
    """A relation to something outside: of which part, its id there, its kind and its target."""

    part: str
    id: str
    relation: str
    target: str

    @property
    def is_setting(self) -> bool:
        """Whether it belongs to a setting of the file (template, mail merge), not to its words."""
        return self.relation in _SETTINGS

    @property
    def is_ordinary(self) -> bool:
        """Whether it is a link that a reader may follow, to a page, an e-mail or a tag."""
        if self.relation != HYPERLINK:
            return False
        scheme = urlsplit(unquote(self.target).strip()).scheme.lower()
        return scheme in _ORDINARY or self.target.startswith("#") or "{{" in unquote(self.target)


def outside(package: Package, part: str | None = None) -> tuple[Outside, ...]:
    """Return what a package, or one part of it, points to outside."""
    return tuple(
        Outside(
            owner,
            relation.get("Id", ""),
            relation.get("Type", "").rsplit("/", 1)[-1],
            relation.get("Target", ""),
        )
        for name in package.parts
        if name.endswith(".rels")
        for owner in (_owner(name),)
        if part in (None, owner)
        for relation in parse(package.parts[name]).iter(_RELATION)
        if relation.get("TargetMode") == "External"
    )


def _owner(relations: str) -> str:
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
