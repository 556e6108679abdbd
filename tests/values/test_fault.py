"""A fault of the program is told by where it happened, without a value of the data."""

from __future__ import annotations

from deliverables.values.fault import Fault


def refuse(number: str) -> None:
    raise ValueError(f"no number: {number}")


def of(number: str) -> Fault:
    try:
        refuse(number)
    except ValueError as fault:
        return Fault.of(fault)


def test_it_tells_the_exception_and_the_line() -> None:
    way = of("x").way
    assert way.startswith("ValueError: no number: x\n")
    assert "tests/values/test_fault.py:" in way
    assert 'raise ValueError(f"no number' in way


def test_it_tells_what_is_behind_it() -> None:
    try:
        try:
            refuse("999999199003071234")
        except ValueError as behind:
            raise RuntimeError("lost") from behind
    except RuntimeError as fault:
        way = Fault.of(fault).way
    assert way.index("RuntimeError: lost") < way.index("ValueError: no number: …")


def test_it_tells_no_value() -> None:
    values = ("999999199003071234", "王小明", "'Wang Xiaoming'", "Wang Xiaoming",
              "6222 0200 0000 1234", "1,957,783.48", "2026-08-03", '"S001"')  # fmt: skip
    for value in values:
        way = of(value).way
        assert value.strip("'\"") not in way, value
        assert value.split()[0].strip("'\"") not in way, value


def test_the_same_fault_has_the_same_name_whatever_the_data_were() -> None:
    assert of("1").name == of("2").name
    assert len(of("1").name) == 8


def test_a_recursion_without_end_is_told_on_a_page() -> None:
    def again() -> None:
        again()

    try:
        again()
    except RecursionError as fault:
        assert len(Fault.of(fault).way.splitlines()) < 50
