"""What a tag may print beside words: runs, pictures, charts and whole documents."""

from __future__ import annotations

from deliverables.message import say
from deliverables.model.chart import Chart
from deliverables.model.insert import Insert
from deliverables.model.picture import Picture
from deliverables.model.rich_text import RichText
from deliverables.model.subdocument import Subdocument
from deliverables.render import picture
from deliverables.render.chart import Gallery
from deliverables.render.package import Package
from deliverables.render.printable import UnprintableError
from deliverables.render.rich_text import rich_text_markup
from deliverables.render.subdocument import take_in


class Inserter:
    """Puts values into one part of a document where its template names them."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._gallery = Gallery(package, part)
        self._taken_in: dict[Subdocument, str] = {}

    def markup(self, value: Insert) -> str:
        """Return the markup that takes the place of a tag, with the package made ready for it."""
        match value:
            case Chart():
                return self._gallery.draw(value)
            case Picture():
                return picture.draw(self._package, self._part, value)
            case RichText():
                return rich_text_markup(value)
            case Subdocument():
                return self._taken(value)

    def _taken(self, value: Subdocument) -> str:
        """Return the words of a document, which is taken in once however often it is printed."""
        if self._part != self._package.document:
            raise UnprintableError(say("a document can only be taken into the body"))
        if value not in self._taken_in:
            self._taken_in[value] = take_in(self._package, value)
        return self._taken_in[value]
