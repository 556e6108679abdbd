"""What the rules look at: one template, taken apart once."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.render.drift import Drift, drifts, layout_of
from deliverables.render.look import Layout
from deliverables.render.package import Package
from deliverables.render.place import Place, Story, W, stories
from deliverables.render.tag import tags_at
from deliverables.render.tags import source_of
from deliverables.source import Line


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a template is for: the names it may use, and whether its documents are sealed."""

    context: type
    sealed: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """A template; `layout` is None where it has the styles of neither."""

    path: Path
    purpose: Purpose
    package: Package
    layout: Layout | None
    stories: tuple[Story, ...]
    drifts: tuple[Drift, ...]

    @property
    def source(self) -> Line:
        """How a problem names the template."""
        return source_of(self.path)


def subject_of(path: Path, package: Package, purpose: Purpose) -> Subject:
    """Take the template at `path`, whose parts were read, apart."""
    layout = layout_of(package)
    drifted = drifts(package, layout) if layout else ()
    return Subject(path, purpose, package, layout, stories(package), drifted)


def first_place(story: Story, element: etree._Element) -> Place:
    """Return the place of an element: of its first paragraph, or of the one it stands in."""
    inside = next(element.iter(f"{W}p"), None)
    paragraph = inside if inside is not None else next(element.iterancestors(f"{W}p"), None)
    return Place(story.label, "") if paragraph is None else story.place(paragraph)


def with_tags(place: Place) -> Message:
    """Return a place with the tags that stand there, as far as there are any."""
    tags = " ".join(tags_at(place))
    return say("{place}: {tag}", place=place.message, tag=tags) if tags else place.message
