"""A dataclass that is written lazily behaves as one of the standard library does."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from threading import Barrier
from typing import Any, ClassVar, Generic, TypeVar

import pytest

import deliverables
from deliverables import lazily
from deliverables.values.problem import Message, listed, say

T = TypeVar("T")
Decorator = Callable[..., Callable[[type], Any]]


def classes(maker: Decorator) -> dict[str, Any]:
    """Return classes as the toolkit has them, made by one of the two decorators."""

    @maker(frozen=True, slots=True)
    class Place:
        """A place."""

        file: str
        line: int = 1
        seen: list[str] = field(default_factory=list, compare=False, repr=False)
        sheet: ClassVar[str] = "places"

        @property
        def first(self) -> bool:
            return self.line == 1

    @maker(frozen=True, slots=True)
    class Cell(Place):
        """A place within a place."""

        line: int = 7
        column: str = "A"

    @maker(frozen=True, kw_only=True, slots=True)
    class Span:
        """A span that must not be empty."""

        first: int
        last: int
        days: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            if self.last < self.first:
                raise ValueError("ends before it begins")
            object.__setattr__(self, "days", self.last - self.first + 1)

    @maker(frozen=True, slots=True)
    class Shown(Generic[T]):
        """A value of any type that says itself what it looks like."""

        value: T

        def __repr__(self) -> str:
            return f"<{self.value}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Shown)

        __hash__ = None  # type: ignore[assignment]

    return {"Place": Place, "Cell": Cell, "Span": Span, "Shown": Shown}


def outcome(work: Callable[[], object]) -> object:
    """Return what comes of it, or which exception with which words."""
    try:
        return work()
    except Exception as fault:  # noqa: BLE001  # whatever it is, both raise the same
        return type(fault), str(fault).replace("__create_fn__.<locals>.", "")


def matched(thing: object, kind: Any) -> object:
    match thing:
        case kind(file, line):
            return file, line


def facts(cls: Any) -> list[tuple[str, object]]:
    return [(one.name, one.init, one.kw_only, one.compare, one.repr) for one in fields(cls)]


BEHAVIOUR: dict[str, Callable[[dict[str, Any]], object]] = {
    "it is made by position": lambda of: repr(of["Place"]("a", 2)),
    "it is made by name, with defaults": lambda of: repr(of["Place"](file="a")),
    "a default is made anew each time": lambda of: (
        of["Place"]("a").seen is not of["Place"]("a").seen
    ),
    "one that lacks a value is refused": lambda of: of["Place"](),
    "one that has a value too many is refused": lambda of: of["Place"]("a", 1, [], 2),
    "values by position are refused where they need names": lambda of: of["Span"](1, 2),
    "what it says of itself after it was made is heard": lambda of: of["Span"](first=2, last=1),
    "what is worked out after it was made is there": lambda of: of["Span"](first=1, last=3).days,
    "a subclass has the fields of both, its own defaults": lambda of: repr(of["Cell"]("a")),
    "equal ones are equal": lambda of: of["Place"]("a", 1, ["x"]) == of["Place"]("a"),
    "other ones are not": lambda of: of["Place"]("a") == of["Place"]("b"),
    "one of another class is not": lambda of: of["Place"]("a", 7) == of["Cell"]("a", 7),
    "equal ones have one hash": lambda of: len({of["Place"]("a"), of["Place"]("a")}),
    "its own way to be shown is kept": lambda of: repr(of["Shown"](1)),
    "its own way to be compared is kept": lambda of: of["Shown"](1) == of["Shown"](2),
    "one with its own way to be compared has a hash too": lambda of: (
        hash(of["Shown"](1)) == hash(of["Shown"](1))
    ),
    "a field cannot be set": lambda of: setattr(of["Place"]("a"), "file", "b"),
    "a field cannot be deleted": lambda of: delattr(of["Cell"]("a"), "line"),
    "it has no dictionary": lambda of: hasattr(of["Cell"]("a"), "__dict__"),
    "its slots are its own fields": lambda of: of["Cell"].__slots__,
    "a field it does not have is missed": lambda of: of["Place"]("a").column,
    "its fields are told": lambda of: facts(of["Cell"]),
    "those of a thing are told too": lambda of: facts(of["Span"](first=1, last=2)),
    "it is a dataclass": lambda of: is_dataclass(of["Shown"]),
    "it is replaced": lambda of: repr(replace(of["Cell"]("a"), column="B")),
    "it is matched": lambda of: matched(of["Cell"]("a", 3), of["Cell"]),
    "what is matched by position is told": lambda of: (
        of["Cell"].__match_args__, of["Span"].__match_args__,
    ),
    "it is copied": lambda of: repr(copy.deepcopy(of["Cell"]("a", 3))),
    "its state is what is pickled": lambda of: of["Cell"]("a", 3).__getstate__(),
    "its constant is the class's": lambda of: of["Cell"].sheet,
    "its property is kept": lambda of: of["Place"]("a").first,
    "its signature is told": lambda of: str(inspect.signature(of["Cell"])),
    "its names are told": lambda of: (of["Cell"].__qualname__, of["Cell"].__init__.__qualname__),
    "it says what it is": lambda of: of["Cell"].__doc__,
}  # fmt: skip


@pytest.mark.parametrize("behaviour", BEHAVIOUR)
def test_a_lazy_dataclass_does_what_one_of_the_standard_library_does(behaviour: str) -> None:
    work = BEHAVIOUR[behaviour]
    lazy, standard = classes(lazily._dataclass), classes(dataclass)
    assert outcome(lambda: work(lazy)) == outcome(lambda: work(standard))


def test_all_in_any_order_too() -> None:
    lazy, standard = classes(lazily._dataclass), classes(dataclass)
    for work in reversed(BEHAVIOUR.values()):
        assert outcome(lambda: work(lazy)) == outcome(lambda: work(standard))  # noqa: B023


def test_where_the_standard_library_trips_over_its_slots_a_lazy_dataclass_does_not() -> None:
    lazy = classes(lazily._dataclass)
    with pytest.raises(FrozenInstanceError):
        lazy["Place"]("a").other = "b"
    assert repr(lazy["Shown"][int](3)) == "<3>"


def test_methods_wait_for_use_and_are_then_those_of_the_standard_library() -> None:
    place = classes(lazily._dataclass)["Place"]
    waiting = {name for name, one in vars(place).items() if isinstance(one, lazily._Later)}
    assert {"__init__", "__repr__", "__eq__", "__hash__"} <= waiting
    place("a")
    assert inspect.isfunction(vars(place)["__init__"])
    assert isinstance(vars(place)["__repr__"], lazily._Later)


def test_a_subclass_that_calls_its_base_reaches_it() -> None:
    place = classes(lazily._dataclass)["Place"]

    class Named(place):  # type: ignore[misc,valid-type]
        def __init__(self, name: str) -> None:
            super().__init__(name.upper(), 3)

        def __repr__(self) -> str:
            return f"Named {super().__repr__()}"

    assert repr(Named("a")).endswith("Named(file='A', line=3)")


def test_threads_that_make_the_first_ones_at_the_same_time_all_make_one() -> None:
    for _ in range(20):
        cell, start = classes(lazily._dataclass)["Cell"], Barrier(4)

        def first(line: int, cell: Any = cell, start: Barrier = start) -> int:
            start.wait()
            return int(cell("a", line).line)

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(first, range(4))) == [0, 1, 2, 3]


@pytest.mark.parametrize("asked", [{"slots": True}, {"frozen": True}, {}])
def test_a_class_that_may_change_or_has_no_slots_is_written_at_once(asked: dict[str, bool]) -> None:
    made = lazily._dataclass(**asked)(type("Made", (), {"__annotations__": {"a": "int"}}))
    assert inspect.isfunction(vars(made)["__init__"])


def slotted() -> Iterator[Any]:
    """Yield every frozen dataclass of the toolkit that has slots."""
    for found in walk_packages(deliverables.__path__, "deliverables."):
        if not found.name.endswith("__main__"):
            for one in vars(import_module(found.name)).values():
                if inspect.isclass(one) and is_dataclass(one) and hasattr(one, "__setstate__"):
                    yield one


def test_every_dataclass_of_the_toolkit_pickles_each_of_its_fields() -> None:
    found = set(slotted())
    assert len(found) > 200
    for cls in found:
        names = [one.name for one in fields(cls)]
        thing = object.__new__(cls)
        thing.__setstate__(list(range(len(names))))
        assert [getattr(thing, name) for name in names] == list(range(len(names))), cls
        assert thing.__getstate__() == list(range(len(names))), cls


def test_what_is_pickled_comes_back() -> None:
    message = say("{count} of {all}", count=1, all=listed(["a", "b"]))
    again = pickle.loads(pickle.dumps(message))  # noqa: S301  # our own
    assert (again, type(again)) == (message, Message)


AT_ONCE = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
COULD_WAIT = re.compile(r"@dataclass\(frozen=True, (?:kw_only=True, )?slots=True\)")


def could_wait(source: str) -> bool:
    """Return whether classes that could be written lazily are written at once."""
    return bool(AT_ONCE.search(source) and COULD_WAIT.search(source))


def test_every_class_that_can_wait_does(root: Path) -> None:
    sources = (root / "deliverables").rglob("*.py")
    assert [path.name for path in sources if could_wait(path.read_text("utf-8"))] == []


def test_a_class_that_does_not_wait_is_seen() -> None:
    planted = "from dataclasses import dataclass, field\n\n@dataclass(frozen=True, slots=True)\n"
    assert could_wait(planted)
    assert not could_wait(planted.replace("from dataclasses", "from deliverables.lazily"))
