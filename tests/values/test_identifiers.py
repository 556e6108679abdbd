import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.values.identifiers import (
    CheckedIdentifier,
    IdType,
    check_account,
    check_credit_code,
    check_identity_document,
    check_identity_number,
    check_invoice_number,
    check_tax_code,
    mask,
)

VECTORS: dict[str, Any] = json.loads((TESTS / "vectors" / "id-numbers.json").read_text("utf-8"))
VALID = [*VECTORS["valid_synthetic"], *VECTORS["published_examples_from_standard"]]
NORMALISED = {
    "99999919900101018x": "99999919900101018X",
    "９９９９９９１９９００１０１００１６": "999999199001010016",
}
WRONG = [vector["v"] for vector in VECTORS["invalid"] if vector["v"] not in NORMALISED]

CCB_ACCOUNT = "11050192360000000776"
CREDIT_CODE = "91999999MA0000001N"  # of an area that does not exist


def remarks(checked: CheckedIdentifier) -> list[str]:
    return [str(remark) for remark in checked.remarks]


# --- citizen identity numbers -----------------------------------------------------------


@pytest.mark.parametrize("number", VALID)
def test_right_identity_numbers(number: str) -> None:
    assert check_identity_number(number) == CheckedIdentifier(number)


@pytest.mark.parametrize("number", WRONG)
def test_wrong_identity_numbers(number: str) -> None:
    checked = check_identity_number(number)
    assert checked.value is None
    assert checked.fault is not None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("999999198506151230", "check digit is wrong"),
        ("999999199002300015", "birth date in it does not exist"),
        ("999999000001010012", "birth date in it does not exist"),
        ("99999919850615123", "not this 17-character text"),
        ("999999900101001", "not this 15-character text"),
        ("9999991985061512311", "not this 19-character text"),
        ("X99999198506151231", "not this 18-character text"),
        ("99999919850615123A", "not this 18-character text"),
        ("", "not this 0-character text"),
        (999999198506151231, "not text"),
        (9.99999e17, "not text"),
        (None, "not text"),
    ],
)
def test_why_an_identity_number_is_wrong(number: object, reason: str) -> None:
    assert reason in str(check_identity_number(number).fault)


@pytest.mark.parametrize(
    ("typed", "number", "remark"),
    [
        ("99999919900101018x", "99999919900101018X", "small letters were made capitals"),
        (
            "９９９９９９１９９００１０１００１６",
            "999999199001010016",
            "full-width characters were made half-width",
        ),
        (" 999999 19900101 0016\n", "999999199001010016", "spaces were removed"),
        ("999999199001010016 ", "999999199001010016", "spaces were removed"),
    ],
)
def test_a_number_typed_otherwise_is_normalised_with_a_remark(
    typed: str, number: str, remark: str
) -> None:
    checked = check_identity_number(typed)
    assert (checked.value, checked.fault) == (number, None)
    assert remarks(checked) == [remark]


def test_nobody_is_born_after_today() -> None:
    assert check_identity_number("999999198506151231", as_of=date(1985, 6, 15)).value
    assert check_identity_number("999999198506151231", as_of=date(2026, 4, 29)).value
    unborn = check_identity_number("999999198506151231", as_of=date(1985, 6, 14))
    assert "after 1985-06-14" in str(unborn.fault)


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_noticed(number: str, place: int, letter: str) -> None:
    changed = number[:place] + letter + number[place + 1 :]
    assert (check_identity_number(changed).value is None) == (changed != number)


@given(st.sampled_from(VALID), st.integers(0, 16))
def test_two_characters_exchanged_are_always_noticed(number: str, place: int) -> None:
    one, two = number[place : place + 2]
    changed = number[:place] + two + one + number[place + 2 :]
    assert (check_identity_number(changed).value is None) == (one != two)


# --- documents of other types -----------------------------------------------------------


@pytest.mark.parametrize("id_type", [IdType.RESIDENT, IdType.HONG_KONG_MACAO_TAIWAN_RESIDENT])
def test_residents_have_a_number_with_a_check_digit(id_type: IdType) -> None:
    assert check_identity_document("999999198506151231", id_type).value
    assert check_identity_document("999999198506151230", id_type).fault
    assert check_identity_document("999999198506151231", id_type, date(1980, 1, 1)).fault


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("E00000000", "E00000000"),
        ("e0000 0000", "E00000000"),
        ("H0000", "H0000"),
        ("A" * 18, "A" * 18),
        ("A000", None),
        ("A" * 19, None),
        ("E-0000000", None),
        ("护照E0000000", None),
    ],
)
def test_passports_have_letters_and_digits(number: str, value: str | None) -> None:
    checked = check_identity_document(number, IdType.PASSPORT)
    assert checked.value == value
    assert (checked.fault is None) == (value is not None)


# --- other numbers ----------------------------------------------------------------------


@pytest.mark.parametrize("code", [CREDIT_CODE, "91330100716105852F", "9144030071526726XG"])
def test_right_credit_codes(code: str) -> None:
    assert check_credit_code(code) == CheckedIdentifier(code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (CREDIT_CODE[:-1] + "0", "check character is wrong"),
        (CREDIT_CODE[:-1], "a credit code is 18"),
        (CREDIT_CODE + "0", "a credit code is 18"),
        ("I1999999MA0000001N", "without I, O, S, V and Z"),
        ("91A99999MA0000001N", "a credit code is 18"),
        (919999990000000018, "not text"),
    ],
)
def test_wrong_credit_codes(code: object, reason: str) -> None:
    assert reason in str(check_credit_code(code).fault)


def test_a_credit_code_in_small_letters_is_normalised() -> None:
    checked = check_credit_code(CREDIT_CODE.lower())
    assert checked.value == CREDIT_CODE
    assert remarks(checked) == ["small letters were made capitals"]


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_noticed(place: int, letter: str) -> None:
    changed = CREDIT_CODE[:place] + letter + CREDIT_CODE[place + 1 :]
    assert (check_credit_code(changed).value is None) == (changed != CREDIT_CODE)


@pytest.mark.parametrize(
    ("account", "right"),
    [
        (CCB_ACCOUNT, True),
        ("1" * 8, True),
        ("1" * 30, True),
        ("1" * 7, False),
        ("1" * 31, False),
        ("1.1050192360000000E+19", False),
        ("1105019236000000077X", False),
        ("", False),
    ],
)
def test_accounts(account: str, right: bool) -> None:
    checked = check_account(account)
    assert (checked.value == account) is right
    assert (checked.fault is None) is right


def test_an_account_that_went_through_a_number_cell_is_refused() -> None:
    assert "only 15 digits" in str(check_account(11050192360000000776).fault)


def test_what_was_expected_is_said_in_digits() -> None:
    assert str(check_invoice_number("12").fault) == "expected 20 digits, found 2 characters"
    assert str(check_account("12").fault) == "expected 8 to 30 digits, found 2 characters"


def test_invoice_numbers_and_tax_codes() -> None:
    assert check_invoice_number("26112000000012345678").value == "26112000000012345678"
    assert check_invoice_number("2611200000001234567").fault
    assert check_tax_code("3040203000000000000").value == "3040203000000000000"
    assert check_tax_code("30402030000000000000").fault


# --- secrecy ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("999999198506151231", "**************1231"),
        (CCB_ACCOUNT, "****************0776"),
        ("123456789", "*****6789"),
        ("12345678", "********"),
        ("1234", "****"),
        ("", ""),
        ("9" * 32_000, "**************************9999"),
    ],
)
def test_only_the_last_four_characters_are_shown(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.sampled_from([*VALID, *WRONG, CREDIT_CODE, CCB_ACCOUNT]))
def test_no_message_contains_the_number(number: str) -> None:
    for checked in (
        check_identity_number(number),
        check_identity_number(number, as_of=date(1900, 1, 1)),
        check_credit_code(number),
        check_account(number),
        check_identity_document(f"{number}{number}", IdType.PASSPORT),
    ):
        shown = f"{checked!r} {checked.fault} {remarks(checked)}"
        assert number not in shown
        assert number[:6] not in shown
