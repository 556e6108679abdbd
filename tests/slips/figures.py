"""Slips in numbers, dates, units and long numbers: what a tired clerk types."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from random import Random

from slips.draft import Draft, Option
from slips.mutant import PROSE, TEXTS, exchanged, rewritten, slips, together, typed

NUMBER = r"(?<![0-9A-Za-z.,-])\d[\d,]*(?:\.\d+)?(?![0-9A-Za-z.,-]|\.\d)"
LONG = r"(?<![0-9A-Za-z])(?=[0-9A-Za-z-]*\d{6})[0-9A-Za-z][0-9A-Za-z-]{8,}(?![0-9A-Za-z])"
DAY = r"\d{4}年\d{1,2}月\d{1,2}日|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
MONTH = r"\d{4}年\d{1,2}月(?!\d)"
_AMOUNT_IN_WORDS = r"人民币[壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零]+"
_FRACTION = r"(?<![\d.,])\d[\d,]*\.\d+(?![\d.,])"
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLAIN = "〇一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ALIKE = {"0": "O", "1": "l", "5": "S", "S": "Ѕ", "X": "Х", "B": "В", "8": "B"}
_PLACES = {"拾": "佰", "佰": "仟", "仟": "佰", "万": "亿", "元": "角", "角": "分", "整": ""}
_UNITS = {
    "元": ["万元", "角"],
    "年": ["个月"],
    "个月": ["年", "天"],
    "个工作日": ["个月", "日"],
    "日": ["个月"],
    "天": ["个月"],
    "分钟": ["小时", "秒"],
    "小时": ["分钟"],
    "GB": ["TB", "MB"],
    "TB": ["GB"],
    "核": ["台"],
    "台": ["套"],
    "次": ["起"],
    "条": ["万条"],
    "件": ["百件"],
    "人": ["组"],
    "份": ["套"],
}
_AFTER = r"(?<=\d)(?:个月|个工作日|分钟|小时|GB|TB|元|年(?!\d)|天|台|次|条|件|人|份)(?!修订)"
_IN_BRACKETS = r"(?<=[（：])(?:元|分钟|小时|GB|TB|台|次|条|件|核)(?=）)"


def _other_digit(digit: str, chance: Random) -> str:
    return str((int(digit) + chance.randint(1, 9)) % 10)


def _at(text: str, place: int, new: str) -> str:
    return text[:place] + new + text[place + 1 :]


def _digits(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter.isdecimal()]


def _changed(figure: str, chance: Random) -> str:
    place = chance.choice(_digits(figure))
    return _at(figure, place, _other_digit(figure[place], chance))


def _added(figure: str, chance: Random) -> str:
    """Return a figure with a key hit twice, or one too many."""
    place = chance.choice(_digits(figure))
    return _at(figure, place, figure[place] + chance.choice((figure[place], "0", "7")))


def _neighbours_exchanged(figure: str, chance: Random) -> str:
    pairs = [
        place
        for place in range(len(figure) - 1)
        if figure[place : place + 2].isdecimal() and figure[place] != figure[place + 1]
    ]
    if not pairs:
        return figure
    place = chance.choice(pairs)
    return f"{figure[:place]}{figure[place + 1]}{figure[place]}{figure[place + 2 :]}"


def _point_moved(figure: str, _: Random) -> list[str]:
    whole, fraction = figure.split(".")
    moved = [f"{whole}{fraction[0]}.{fraction[1:]}" if fraction[1:] else f"{whole}{fraction}"]
    if whole[-1] != "," and len(whole) > 1 and whole[-2] != ",":
        moved.append(f"{whole[:-1]}.{whole[-1]}{fraction}")
    return moved


def _separator_made_a_point(figure: str, _: Random) -> str:
    at = figure.rindex(",")
    return figure[:at] + "." + figure[at + 1 :].replace(".", "")


def _percent(figure: str, chance: Random) -> str:
    place = chance.choice(_digits(figure)[:2])
    return _at(figure, place, _other_digit(figure[place], chance))


def _full_width(figure: str, chance: Random) -> str:
    """Return a figure typed with the input method in the wrong state, another digit at its end."""
    place = _digits(figure)[-1]
    return _at(figure, place, _other_digit(figure[place], chance)).translate(_WIDE)


def _in_chinese(figure: str, chance: Random) -> str:
    value = min(int(figure) + chance.randint(1, 3), 99) if int(figure) < 99 else 98
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_PLAIN[tens]}十"
    return head + (_PLAIN[ones] if ones or not tens else "")


def _capital(words: str, chance: Random) -> str:
    place = chance.choice([at for at, letter in enumerate(words) if letter in _CAPITALS])
    return _at(words, place, chance.choice(_CAPITALS[1:].replace(words[place], "")))


def _place_of_capitals(words: str, _: Random) -> list[str]:
    return [_at(words, p, _PLACES[w]) for p, w in enumerate(words) if w in _PLACES and p > 2]


def _part_of_a_date(date: str, pattern: str, other: int) -> str:
    part = re.search(pattern, date)
    assert part is not None
    said = f"{other:02}" if "-" in date else str(other)
    return date[: part.start(1)] + said + date[part.end(1) :]


def _day(date: str, chance: Random) -> str:
    day = int(re.findall(r"\d+", date)[-1])
    return _part_of_a_date(date, r"(\d+)日?$", day % 28 + chance.choice((1, -1, 3)) or 15)


def _month(date: str, _: Random) -> str:
    return _part_of_a_date(date, r"[年-](\d+)", int(re.findall(r"\d+", date)[1]) % 12 + 1)


def _month_and_day(date: str, _: Random) -> str:
    year, month, day = re.findall(r"\d+", date)
    form = "{}-{}-{}" if "-" in date else "{}年{}月{}日"
    return form.format(year, day, month)


def _time(time: str, chance: Random) -> str:
    hours, minutes = time.split(":")
    return chance.choice((f"{(int(hours) + 12) % 24:02}:{minutes}", f"{hours}:{minutes[::-1]}"))


def _unit_beside(draft: Draft, _: Random) -> Iterator[Option]:
    """1,453,654.24元 becomes 1,453,654.24万元; a cell with a bare figure gets 万."""
    pattern = r"(?<=\d)(?=元)|(?<=\.\d\d)$|(?<=^\d)$|(?<=^\d\d)$|(?<=\d%)(?=。|$)"
    for words in draft.texts():
        for match in re.finditer(pattern, words.text):
            yield words.option(*match.span(), "‰" if words.text[match.start() - 1] == "%" else "万")


def _sign_before(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.texts():
        for match in re.finditer(NUMBER, words.text):
            if not words.text[: match.start()] or words.text[match.start() - 1] in "（，为 ":
                yield words.option(match.start(), match.start(), chance.choice("-−－"))


def _two_of_a_paragraph(draft: Draft, _: Random) -> Iterator[Option]:
    for words in draft.prose():
        for one, two in itertools.pairwise(re.finditer(NUMBER, words.text)):
            if one[0] != two[0]:
                between = words.text[one.end() : two.start()]
                yield words.option(one.start(), two.end(), f"{two[0]}{between}{one[0]}")


def _alike(number: str, chance: Random) -> str:
    place = chance.choice([place for place, letter in enumerate(number) if letter in _ALIKE])
    return _at(number, place, _ALIKE[number[place]])


def _backwards(figure: str, _: Random) -> str:
    """Return a figure behind a character that turns the direction of writing: 123 reads 321."""
    return f"\u202e{figure}\u202c" if figure != figure[::-1] else figure


slips(
    digit_changed=rewritten(TEXTS, NUMBER, _changed),
    digit_dropped=rewritten(
        TEXTS,
        r"(?<![\d.,])\d[\d,]*\d(?:\.\d+)?(?![\d.,])",
        lambda figure, chance: _at(figure, chance.choice(_digits(figure)), ""),
    ),
    digit_added=rewritten(TEXTS, NUMBER, _added),
    neighbouring_digits_exchanged=rewritten(TEXTS, NUMBER, _neighbours_exchanged),
    decimal_point_moved=rewritten(TEXTS, _FRACTION, _point_moved),
    decimal_point_dropped=rewritten(TEXTS, _FRACTION, lambda figure, _: figure.replace(".", "")),
    thousands_separator_made_a_point=rewritten(
        TEXTS, r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)", _separator_made_a_point
    ),
    percent_changed=rewritten(TEXTS, r"(?<![\d.])\d+(?:\.\d+)?%", _percent),
    percent_sign_lost_or_made_permille=rewritten(TEXTS, r"(?<=\d)%", ["", "‰"]),
    full_width_digits=rewritten(TEXTS, NUMBER, _full_width),
    number_in_chinese_with_another_value=rewritten(
        PROSE, r"(?<![\dA-Za-z.,-])\d{1,2}(?![\dA-Za-z.,%-])", _in_chinese
    ),
    capitals_changed=rewritten(TEXTS, _AMOUNT_IN_WORDS, _capital),
    place_of_capitals_changed=rewritten(TEXTS, _AMOUNT_IN_WORDS, _place_of_capitals),
    day_changed=rewritten(TEXTS, DAY, _day),
    month_changed=rewritten(TEXTS, f"{DAY}|{MONTH}", _month),
    year_changed=rewritten(
        TEXTS,
        f"{DAY}|{MONTH}",
        lambda date, chance: str(int(date[:4]) + chance.choice((-1, 1, 10))) + date[4:],
    ),
    month_and_day_exchanged=rewritten(TEXTS, DAY, _month_and_day),
    begin_and_end_exchanged=rewritten(
        TEXTS, f"(?:{DAY})至(?:{DAY})", lambda period, _: "至".join(reversed(period.split("至")))
    ),
    time_of_day_changed=rewritten(TEXTS, r"(?<!\d)\d{2}:\d{2}(?!\d)", _time),
    unit_behind_a_figure_changed=together(
        exchanged(TEXTS, _UNITS, _AFTER),
        exchanged(TEXTS, _UNITS, _AFTER.replace(r"(?<=\d)", r"(?<=\d )")),
    ),
    unit_in_brackets_changed=exchanged(TEXTS, _UNITS, _IN_BRACKETS),
    unit_typed_beside_a_figure=_unit_beside,
    sign_typed_before_a_figure=_sign_before,
    sign_dropped=rewritten(TEXTS, r"(?<![\w.）])-(?=\d)", ""),
    comparison_typed_before_a_figure=typed(
        PROSE,
        f"(?={NUMBER}" + r"(?=[元%]| ?[次件个]))",
        lambda chance: chance.choice(("不足", "超过", "低于")),
    ),
    figure_deleted=rewritten(TEXTS, NUMBER, ""),
    figure_made_a_blank=rewritten(PROSE, f"{DAY}|{NUMBER}", "＿＿＿＿"),
    two_figures_of_a_paragraph_exchanged=_two_of_a_paragraph,
    long_number_changed=rewritten(TEXTS, LONG, _changed),
    long_number_shortened=rewritten(TEXTS, LONG, lambda number, _: [number[:-1], number[1:]]),
    letter_of_a_number_changed=rewritten(
        TEXTS,
        r"(?<![0-9A-Za-z])[A-Z]{2,5}(?=-?\d{4,})",
        lambda letters, _: [letters[:-1] + "O", letters[-1] + letters[:-1]],
    ),
    # O for 0, a Cyrillic letter for a Latin one: nobody sees it, no search finds it
    letters_that_look_alike=together(
        rewritten(TEXTS, r"(?=[^\n]*[015SXB8])" + LONG, _alike),
        rewritten(
            PROSE,
            r"(?<![\dA-Za-z.,])(?=[\d,]*[01])[\d,]{2,}(?![\dA-Za-z])",
            lambda figure, _: figure.translate({48: "O", 49: "l"}),
        ),
    ),
    digits_shown_backwards=rewritten(
        TEXTS, r"(?<![\dA-Za-z.,-])\d{2,}(?![\dA-Za-z.,-])", _backwards
    ),
)
