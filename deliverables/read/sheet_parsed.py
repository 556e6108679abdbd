"""A worksheet that is not written as office programs do, looked through by parsing it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from deliverables.read.package import DamagedError
from deliverables.read.reach import letters_of, number_of
from deliverables.read.sheet_xml import Look, fault_of


def parsed_look(pieces: Iterator[bytes]) -> Look:
    """Return what a sheet tells; raises DamagedError, or TooLargeError where it reaches too far."""
    return _Parser().look(pieces)


class _Parser:
    """Looks at a sheet by parsing it: any prefix, any order of attributes, cells without place."""

    def __init__(self) -> None:
        self._found = Look()
        self._path: list[str] = []
        self._row = 0
        self._column = 0
        self._kind = ""
        self._filled = self._formula = False
        self._value: list[str] | None = None

    def look(self, pieces: Iterator[bytes]) -> Look:
        """Return what the sheet tells."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for piece in pieces:
                parser.Parse(piece)
            parser.Parse(b"", True)  # noqa: FBT003  # expat's own word for the end
        except (expat.ExpatError, ValueError) as fault:
            raise DamagedError from fault
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if _hides(attributes, "ht"):
                self._found.rows.append(self._row)
        elif tag == "col" and _hides(attributes, "width"):
            span = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._found.columns.append(span)
        elif tag == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = number_of(letters.upper()) if letters else self._column + 1
            self._row = int(attributes.get("r", "")[len(letters) :] or self._row)
            self._kind = attributes.get("t", "")
            self._filled = self._formula = False
            self._value = None
        elif tag in ("v", "is", "f"):
            self._filled = True
            self._formula |= tag == "f"
            self._value = [] if tag == "v" else self._value

    def _text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2] != "c" or not self._filled:
            return
        reach = self._found.reach
        reach.include(self._row, self._column)
        reach.check()
        value = None if self._value is None else "".join(self._value)
        if self._kind == "e" or self._formula:
            fault = fault_of(self._kind, value)
            if fault:
                self._found.faults[self._row, letters_of(self._column)] = fault
        self._value = None


def _hides(attributes: dict[str, str], size: str) -> bool:
    if attributes.get("hidden") in ("1", "true"):
        return True
    return attributes.get(size, "").rstrip("0") in ("0.", "") and size in attributes


def _refuse_doctype(*_: object) -> None:
    raise DamagedError
