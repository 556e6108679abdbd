import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import TESTS

from deliverables.values.capitals import (
    LARGEST,
    CapitalsError,
    read_capitals,
    read_capitals_with_remarks,
    write_capitals,
    write_payment_capitals,
)

FEN = Decimal("0.01")
ANY_AMOUNT = st.integers(0, int(LARGEST * 100)).map(lambda fen: fen * FEN)
SPARSE = st.lists(st.sampled_from("0000123456789"), min_size=1, max_size=14).map(
    lambda digits: int("".join(digits)) * FEN
)


def vectors() -> Iterator[tuple[str, str, list[str]]]:
    path = TESTS / "vectors" / "amounts-in-words.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row["amount"], row["canonical"], row["accepted_variants"].split("|")


WITHIN = [vector for vector in vectors() if Decimal(vector[0]) <= LARGEST]


@pytest.mark.parametrize(("amount", "canonical", "variants"), WITHIN)
def test_vectors(amount: str, canonical: str, variants: list[str]) -> None:
    assert write_capitals(Decimal(amount)) == canonical
    for words in (canonical, *filter(None, variants)):
        assert str(read_capitals(words)) == amount


def test_the_vector_beyond_the_range_is_refused() -> None:
    beyond = [vector for vector in vectors() if Decimal(vector[0]) > LARGEST]
    assert [amount for amount, _, _ in beyond] == ["1000000000000.00"]
    with pytest.raises(CapitalsError, match="above the largest amount"):
        write_capitals(Decimal(beyond[0][0]))
    with pytest.raises(CapitalsError):
        read_capitals(beyond[0][1])


def test_the_largest_amount() -> None:
    words = "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"
    assert write_capitals(Decimal("999999999999.99")) == words
    assert read_capitals(words) == LARGEST


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (1.5, "float"),
        (True, "bool"),
        (Decimal("0.005"), "more than two decimals"),
        (Decimal("5.000"), "more than two decimals"),
        (Decimal("-0.01"), "negative"),
        (Decimal("NaN"), "not a number"),
        (Decimal("1E+30"), "too large"),
        (LARGEST + FEN, "above the largest amount"),
    ],
)
def test_what_cannot_be_written_is_refused(amount: Decimal, reason: str) -> None:
    for write in (write_capitals, write_payment_capitals):
        with pytest.raises(CapitalsError, match=reason):
            write(amount)


def test_a_payment_is_more_than_zero() -> None:
    assert write_capitals(Decimal(0)) == "零元整"
    assert write_payment_capitals(FEN) == "壹分"
    with pytest.raises(CapitalsError, match="zero"):
        write_payment_capitals(Decimal("0.00"))


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("人民币壹佰贰拾元整", "120.00"),
        ("壹佰貳拾圓正", "120.00"),
        ("壹佰贰拾圆整", "120.00"),
        ("陸仟零柒元壹角肆分", "6007.14"),
        ("參億元整", "300000000.00"),
        ("叄萬元正", "30000.00"),
        ("伍角正", "0.50"),
        ("壹亿零壹佰万元整", "101000000.00"),
        ("壹拾亿零贰仟万壹仟元整", "1020001000.00"),
    ],
)
def test_variants_in_use_are_read_without_remark(words: str, amount: str) -> None:
    reading = read_capitals_with_remarks(words)
    assert (str(reading.amount), reading.remarks) == (amount, ())


@pytest.mark.parametrize(
    "words", ["人民币 壹元整", " 人民币壹元整", "壹 元\u3000整", "壹元整\n", "壹\u200b元整"]
)
def test_spaces_are_read_with_a_remark(words: str) -> None:
    reading = read_capitals_with_remarks(words)
    assert reading.amount == 1
    assert [str(remark) for remark in reading.remarks] == ["there are spaces in the amount"]


def test_a_zero_too_many_is_read_with_a_remark() -> None:
    reading = read_capitals_with_remarks("壹拾万零柒仟元零伍角叁分")
    assert reading.amount == Decimal("107000.53")
    assert [str(remark) for remark in reading.remarks] == [
        "the official form is 壹拾万柒仟元零伍角叁分"
    ]


@pytest.mark.parametrize(
    ("words", "position", "reason"),
    [
        # misreadable: 1.1 亿, or 100,001,000?
        ("壹亿壹仟元整", 2, "official form is 壹亿零壹仟元整"),
        ("壹亿壹仟", 4, "元, 角 or 分 is missing"),
        ("人民币壹亿壹仟元整", 5, "壹亿零壹仟元整"),
        ("人民币 壹亿壹仟元整", 6, "壹亿零壹仟元整"),
        # 整 missing, superfluous or misplaced
        ("壹佰元", 3, "壹佰元整"),
        ("壹佰元 ", 4, "壹佰元整"),
        ("壹拾元零伍分整", 6, "壹拾元零伍分"),
        ("壹佰元整整", 4, "壹佰元整"),
        ("壹佰元整伍角", 3, "壹佰元零伍角整"),
        ("壹佰整", 3, "is missing"),
        # 零 missing, superfluous or misplaced
        ("壹拾元伍分", 3, "壹拾元零伍分"),
        ("壹元零壹角整", 2, "壹元壹角整"),
        ("陆仟柒元壹角肆分", 2, "陆仟零柒元壹角肆分"),
        ("陆仟零零柒元壹角肆分", 3, "陆仟零柒元壹角肆分"),
        ("壹万伍佰元整", 2, "壹万零伍佰元整"),
        ("壹拾壹万零壹仟元整", 4, "壹拾壹万壹仟元整"),
        ("壹亿零贰仟万元整", 2, "壹亿贰仟万元整"),
        ("零伍分", 0, "伍分"),
        ("零元伍角", 0, "伍角整"),
        ("零元", 2, "零元整"),
        ("零壹元整", 0, "壹元整"),
        ("伍零元整", 1, "零 cannot stand here"),
        # numerals and units that cannot follow each other
        ("拾伍元整", 0, "拾 cannot stand here"),
        ("壹佰拾元整", 2, "拾 cannot stand here"),
        ("壹佰贰仟元整", 3, "仟 cannot stand here"),
        ("壹佰贰佰元整", 3, "佰 cannot stand here"),
        ("壹壹元整", 1, "壹 cannot stand here"),
        ("壹万万元整", 2, "万 cannot stand here"),
        ("万元整", 0, "万 cannot stand here"),
        ("壹元角整", 2, "角 cannot stand here"),
        ("壹元贰元整", 3, "元 cannot stand here"),
        ("壹万亿元整", 2, "亿 cannot stand here"),
        ("壹万贰亿元整", 3, "亿 cannot stand here"),
        ("壹拾角", 1, "壹元整"),
        ("壹分壹角", 3, "角 cannot stand here"),
        ("元整", 0, "零元整"),
        ("整", 0, "零元整"),
        # other characters
        ("一百元整", 0, "一 is not used"),
        ("壹佰念元整", 2, "念 is not used"),
        ("伍毛", 1, "毛 is not used"),
        ("￥5", 0, "￥ is not used"),
        ("负壹元整", 0, "负 is not used"),
        ("壹元整（大写）", 3, "（ is not used"),
        ("壹元人民币整", 2, "人 is not used"),
        ("", 0, "no words"),
        ("人民币", 3, "no words"),
        ("  ", 2, "no words"),
    ],
)
def test_a_wrong_form_is_refused_at_its_fault(words: str, position: int, reason: str) -> None:
    with pytest.raises(CapitalsError, match=re.escape(reason)) as caught:
        read_capitals(words)
    assert caught.value.position == position
    assert str(caught.value) == str(caught.value.message)


def test_a_fault_of_writing_has_no_position_to_speak_of() -> None:
    with pytest.raises(CapitalsError) as caught:
        write_capitals(Decimal("-1.00"))
    assert caught.value.position == 0


@given(ANY_AMOUNT | SPARSE)
def test_round_trip_over_the_whole_range(amount: Decimal) -> None:
    reading = read_capitals_with_remarks(write_capitals(amount))
    assert (reading.amount, reading.remarks) == (amount, ())


@given(ANY_AMOUNT | SPARSE, st.data())
def test_one_wrong_character_never_reads_as_the_same_amount(
    amount: Decimal, data: st.DataObject
) -> None:
    words = write_capitals(amount)
    place = data.draw(st.integers(0, len(words) - 1))
    letter = data.draw(st.sampled_from("零壹贰叁玖拾佰仟万亿元角分整"))
    changed = words[:place] + letter + words[place + 1 :]
    if changed != words:
        try:
            assert read_capitals(changed) != amount
        except CapitalsError as fault:
            assert 0 <= fault.position <= len(changed)


@pytest.mark.thorough
@pytest.mark.thorough
def test_every_digit_pattern_up_to_a_hundred_thousand() -> None:
    """Every pattern of zeros with every numeral, and steps of 0.97 through all the rest."""
    patterns = (
        int("".join("0" if zero else numeral for zero in zeros))
        for numeral in "123456789"
        for zeros in product((False, True), repeat=7)
    )
    written = {}
    for fen in {*range(0, 10_000_001, 97), *patterns, 10_000_000}:
        words = write_capitals(fen * FEN)
        assert read_capitals(words) == fen * FEN
        assert words not in written
        written[words] = fen


def mechanical(yuan: int) -> str:
    """Write every digit with its unit, then strike out what the rules drop: another road."""
    units = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟"]
    digits = reversed(list(zip(reversed(str(yuan)), units, strict=False)))
    words = "".join("零壹贰叁肆伍陆柒捌玖"[int(digit)] + unit for digit, unit in digits) + "元整"
    words = re.sub("零[拾佰仟]", "零", words)
    words = re.sub("零+(?=[万亿元])", "", words)
    words = words.replace("亿万", "亿零")
    return re.sub("零+", "零", words).replace("零元", "元")


@given(st.integers(1, 999_999_999_999) | SPARSE.map(int).filter(bool))
def test_whole_yuan_agree_with_striking_out_zeros_mechanically(yuan: int) -> None:
    assert write_capitals(Decimal(yuan)) == mechanical(yuan)
