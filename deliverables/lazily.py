"""Dataclasses whose methods are written when one of them is first used.

The standard library writes and compiles the methods of a dataclass when the class is defined, which
takes most of a millisecond. A command defines two hundred classes, makes things of a third of them,
and compares or shows hardly any.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

__all__ = ["dataclass"]

_MAKING: Final = {"repr": False, "eq": False}
_SHOWING: Final = {"init": False, "eq": False}
_COMPARING: Final = {"init": False, "repr": False}
_WRITTEN: Final[Mapping[str, Mapping[str, bool]]] = {
    "__init__": _MAKING,
    "__match_args__": _MAKING,
    "__dataclass_fields__": _MAKING,
    "__dataclass_params__": _MAKING,
    "__repr__": _SHOWING,
    "__eq__": _COMPARING,
    "__hash__": _COMPARING,
}
"""What the standard library writes into a class, and how it is told to write that and no more."""

_GIVEN_ANEW: Final = frozenset({"__dict__", "__weakref__"})
_one_at_a_time: Final = RLock()


def _dataclass(
    *, frozen: bool = False, slots: bool = False, order: bool = False, kw_only: bool = False
) -> Callable[[type], type]:
    """Return what makes a class a dataclass: lazily one that is to be frozen and to have slots."""
    if not frozen or not slots or order:
        return dataclasses.dataclass(frozen=frozen, slots=slots, order=order, kw_only=kw_only)
    return lambda plain: _slotted(plain, kw_only=kw_only)


def _slotted(plain: type, *, kw_only: bool) -> type:
    """Return the class with a slot for each field and methods that wait to be written."""
    told = {name: value for name, value in vars(plain).items() if name not in _GIVEN_ANEW}
    told["__qualname__"] = plain.__qualname__
    annotations: Mapping[str, str] = told.get("__annotations__", {})
    own = [name for name, kind in annotations.items() if not kind.startswith("ClassVar[")]
    inherited = [name for base in plain.__mro__[:0:-1] for name in vars(base).get("__slots__", ())]
    namespace = {name: value for name, value in told.items() if name not in own}
    namespace["__slots__"] = tuple(name for name in own if name not in inherited)
    made = type(plain)(plain.__name__, plain.__bases__, namespace)

    def write(how: Mapping[str, bool]) -> None:
        blank = type(plain)(plain.__name__, plain.__bases__, dict(told))
        written = vars(dataclasses.dataclass(frozen=True, kw_only=kw_only, **how)(blank))
        for name in _WRITTEN:
            if _WRITTEN[name] is how and isinstance(vars(made).get(name), _Later):
                setattr(made, name, written[name])

    for name in _WRITTEN:
        if namespace.get(name) is None:
            setattr(made, name, _Later(name, made, write))
    _freeze(made, (*inherited, *namespace["__slots__"]))
    return made


class _Later:
    """Stands in a class for an attribute that is written when somebody asks for it."""

    def __init__(self, name: str, made: type, write: Callable[[Mapping[str, bool]], None]) -> None:
        self._name, self._made, self._write = name, made, write

    def __get__(self, thing: object, owner: type) -> Any:
        with _one_at_a_time:
            if vars(self._made)[self._name] is self:
                self._write(_WRITTEN[self._name])
        written = vars(self._made)[self._name]
        return written.__get__(thing, owner) if hasattr(written, "__get__") else written


def _freeze(made: Any, names: tuple[str, ...]) -> None:
    """Let nobody change a field, and let its instances be copied and pickled nevertheless."""

    def refuse_to_set(self: object, name: str, value: object) -> None:
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(made, self).__setattr__(name, value)

    def refuse_to_delete(self: object, name: str) -> None:
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(made, self).__delattr__(name)

    def state(self: object) -> list[object]:
        return [getattr(self, name) for name in names]

    def restore(self: object, state: Iterable[object]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    made.__setattr__, made.__delattr__ = refuse_to_set, refuse_to_delete
    made.__getstate__, made.__setstate__ = state, restore


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass
