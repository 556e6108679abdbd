"""Letters without programming: found, declared, bound to their texts, beside the kinds in Python.

A letter is a text with its declaration, or a Word template with a .yaml of its name: among the
shipped templates, in the user's own (--templates), or in the `letters` folder of one contract,
which is nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from deliverables import cache
from deliverables.files.digest import sha256_of
from deliverables.folders import SHIPPED, Folders, template_in
from deliverables.kinds import Kind, kinds
from deliverables.letters.case import Lives, cases, untaken
from deliverables.letters.declaration import SUFFIXES, LetterDeclaration, read_declaration
from deliverables.letters.kind import Bound, Used, bind, clauses_missing, every_name, kind_of
from deliverables.letters.vocabulary import fact_problems
from deliverables.model.book import ContractBook
from deliverables.read.files import LETTERS, find_contracts
from deliverables.register import Life, lives, read_register
from deliverables.values.figure import Line
from deliverables.values.problem import Problem, error, say

__all__ = [
    "every_kind",
    "kind_named",
    "known_kinds",
    "letter_problems",
    "letters_of",
    "names_of",
    "problems_of",
]


@dataclass(frozen=True, slots=True)
class Found:
    """The letters of a folder: those that are sound, and what is wrong with the others."""

    letters: tuple[Bound, ...]
    problems: tuple[Problem, ...]


_MOST_FOLDERS: Final = 64


def every_kind(folders: Folders, contract: str = "") -> Mapping[str, Kind]:
    """Return every kind by name, the declared letters too; those of one contract if it is named."""
    return {**kinds(), **letters_of(folders, contract)}


def kind_named(name: str, folders: Folders, contract: str = "") -> Kind | None:
    """Return the kind of that name, None if there is none."""
    return kinds().get(name) or letters_of(folders, contract).get(name)


def known_kinds(folders: Folders) -> Mapping[str, Kind]:
    """Return every kind that any contract has, by name."""
    found = dict(every_kind(folders))
    for folder in find_contracts(folders.data):
        if (folder / LETTERS).is_dir():
            found |= every_kind(folders, folder.name)
    return found


def letters_of(folders: Folders, contract: str = "") -> Mapping[str, Kind]:
    """Return the declared letters by name; the nearer of two with one name or title is taken."""
    places = folders.letter_places(contract)
    return _letters(folders, tuple(map(_state, places)))


@lru_cache(maxsize=_MOST_FOLDERS)
def _letters(folders: Folders, states: tuple[_State, ...]) -> Mapping[str, Kind]:
    return {
        bound.declaration.name: kind_of(bound, partial(_lives, folders))
        for bound in _nearest(states).values()
        if bound.declaration.name not in kinds()
    }


def names_of(name: str, folders: Folders) -> type | None:
    """Return the type of everything that a declared letter may say, its text be sound or not.

    None where no contract has a letter of that name or title.
    """
    contracts = (folder.name for folder in find_contracts(folders.data))
    places = [place for one in ("", *contracts) for place in folders.letter_places(one)]
    for path in (path for place in dict.fromkeys(places) for path in _texts(place)):
        declaration = read_declaration(path, [])
        if declaration is not None and name in (declaration.name, declaration.title):
            return every_name(declaration)
    return None


def problems_of(name: str, folders: Folders) -> tuple[Problem, ...]:
    """Return what is wrong with the letter of a name, of whatever contract; nothing if it is sound.

    Those of its declaration, its text or its Word file.
    """
    contracts = (folder.name for folder in find_contracts(folders.data))
    places = dict.fromkeys(one for each in ("", *contracts) for one in folders.letter_places(each))
    told = (one for place in places if place != SHIPPED for one in _found(_state(place)).problems)
    return tuple(one for one in told if Path(one.source.file).stem == name)


def _texts(place: Path) -> Iterator[Path]:
    paths = sorted(place.iterdir()) if place.is_dir() else []
    return (path for path in paths if path.suffix in SUFFIXES and not path.name.startswith("."))


def declared(folders: Folders, contract: str = "") -> Mapping[str, LetterDeclaration]:
    """Return what is declared of each letter, by its name."""
    states = tuple(map(_state, folders.letter_places(contract)))
    return {name: bound.declaration for name, bound in _nearest(states).items()}


def _nearest(states: tuple[_State, ...]) -> dict[str, Bound]:
    found: dict[str, Bound] = {}
    for state in reversed(states):
        letters = _found(state).letters
        titles = {bound.declaration.title for bound in letters}
        farther = {name: one for name, one in found.items() if one.declaration.title not in titles}
        found = farther | {bound.declaration.name: bound for bound in letters}
    return dict(sorted(found.items()))


_State = tuple[Path, tuple[tuple[str, int, int], ...]]
"""A folder and the files of letters in it, each with its time and size."""


def _state(folder: Path) -> _State:
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in (*SUFFIXES, ".docx") and not path.name.startswith((".", "~$")):
            stat = path.stat()
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
    return folder, tuple(found)


@lru_cache(maxsize=_MOST_FOLDERS)
def _found(state: _State) -> Found:
    """Return every letter of a folder, as it was kept by the command before if nothing changed."""
    folder, files = state
    if not files:
        return Found((), ())
    key = _key([folder / name for name, _, _ in files])
    kept = cache.load(key)
    if isinstance(kept, _KeptLetters):
        return Found(tuple(Bound(*each) for each in kept.letters), kept.problems)
    found = _read(state)
    letters = tuple((one.declaration, one.used, one.paths, one.places) for one in found.letters)
    cache.keep(key, _KeptLetters(letters, found.problems))
    return found


_LIBRARY: Final = re.compile(r"(jinja2|lxml|ruamel.yaml)-.*-info\Z", re.IGNORECASE)
_ROOMS: Final = (".", "docx", "values", "read", "compute", "kinds", "letters", "model")


def _key(paths: list[Path]) -> str:
    """Return what names the state of some files, and of who reads them."""
    digest = sha256(cache.makers(_LIBRARY, _ROOMS).encode())
    for path in paths:
        digest.update(f"{path.as_posix()}\0{sha256_of(path)}\n".encode())
    return f"letters-{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class _KeptLetters:
    """What is kept of the letters of a folder for the next command."""

    letters: tuple[tuple[LetterDeclaration, Used, tuple[str, ...], Mapping[str, Line]], ...]
    problems: tuple[Problem, ...]


def _read(state: _State) -> Found:
    """Read and bind every letter of a folder."""
    folder, files = state
    names = {name for name, _, _ in files}
    letters: list[Bound] = []
    problems: list[Problem] = []
    for name in sorted(names):
        path = folder / name
        if path.suffix not in SUFFIXES:
            continue
        declaration = read_declaration(path, problems)
        if declaration is None:
            continue
        if path.stem in kinds():
            problems.append(
                error("letter-declaration", declaration.file,
                      say("{name} is the name of another kind of document", name=path.stem),
                      say("give the letter another name"))
            )  # fmt: skip
            continue
        template = template_in(folder, f"{path.stem}.docx")
        if template is None and path.suffix == ".yaml":
            problems.append(
                error("letter-declaration", declaration.file,
                      say("its Word file {name} is not there", name=f"{path.stem}.docx"),
                      say("put it beside it, or write the letter as a text"))
            )  # fmt: skip
            continue
        bound = bind(declaration, template, problems, shipped=folder == SHIPPED)
        if bound is not None:
            letters.append(bound)
    found = list(_one_file(letters))
    shared = {problem.source for problem in found}
    alone = tuple(bound for bound in letters if bound.declaration.file not in shared)
    return Found(alone, tuple(sorted((*problems, *found), key=_position)))


def _position(problem: Problem) -> tuple[str, int, int]:
    place = problem.source
    return (place.file, place.line, place.column) if isinstance(place, Line) else (place.file, 0, 0)


def _one_file(letters: list[Bound]) -> Iterator[Problem]:
    """Yield an error for each letter that would be written to the file of another."""
    taken: dict[tuple[str, str], LetterDeclaration] = {}
    for bound in letters:
        one = bound.declaration
        other = taken.setdefault((one.folder, one.stem or one.title), one)
        if other is not one:
            yield error(
                "letter-file",
                one.file,
                say("{one} and {other} would be written to one file", one=one.name,
                    other=other.name),
                say("say under file how its file is called"),
            )  # fmt: skip


def _one_title(letters: list[Bound]) -> Iterator[Problem]:
    """Yield an error for each letter called as another document is: rows name letters by title."""
    taken = {kind.title: kind.name for kind in kinds().values()}
    for bound in letters:
        one = bound.declaration
        other = taken.setdefault(one.title, one.name)
        if other != one.name:
            yield error(
                "letter-declaration",
                one.file,
                say("{title} is the title of {other} already", title=one.title, other=other),
                say("give the letter another title"),
            )  # fmt: skip


def letter_problems(
    folders: Folders, contract: str, book: ContractBook | None
) -> Iterator[Problem]:
    """Yield what is wrong with the letters a contract can have, and with what is asked for them.

    The shipped ones are sound; their tests say so.
    """
    places = folders.letter_places(contract)
    for place in places:
        yield from _found(_state(place)).problems
    together = _nearest(tuple(map(_state, places))).values()
    nearest_last = sorted(together, key=lambda one: _nearness(one, places))
    yield from _one_file(nearest_last)
    yield from _one_title(nearest_last)
    if book is None:
        return
    for bound in _found(_state(places[0])).letters if contract else ():
        yield from clauses_missing(bound, book)
    if book.letters is None:
        return
    for declaration in declared(folders, contract).values():
        seen = date.max
        for case in cases(declaration, book, seen, dict):
            yield from fact_problems(case)
        yield from untaken(declaration, book)


def _nearness(bound: Bound, places: tuple[Path, ...]) -> int:
    """Return how near a letter's folder is: what is wrong with two is told of the nearer one."""
    return -places.index(Path(bound.declaration.file.file).parent)


def _lives(folders: Folders, book: ContractBook, as_of: date) -> Lives:
    """Return what the register knew of the contract's documents at the end of a day."""

    def known() -> Mapping[str, Life]:
        path = folders.register(book.number)
        state = path.stat() if path.exists() else None
        key = ("register", path, state.st_mtime_ns if state else 0, state.st_size if state else 0)
        entries = book.remembered(key, lambda: read_register(path)[0])
        return lives(one for one in entries if one.as_of <= as_of)

    return known
