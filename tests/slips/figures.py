"""Slips in numbers, dates, units and long numbers: what a tired clerk types."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from random import Random

from slips.draft import Draft, Option
from slips.mutant import replacements, slip

NUMBER = r"(?<![0-9A-Za-z.,-])\d[\d,]*(?:\.\d+)?(?![0-9A-Za-z.,-]|\.\d)"
LONG = r"(?<![0-9A-Za-z])(?=[0-9A-Za-z-]*\d{6})[0-9A-Za-z][0-9A-Za-z-]{8,}(?![0-9A-Za-z])"
DAY = r"\d{4}年\d{1,2}月\d{1,2}日|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
MONTH = r"\d{4}年\d{1,2}月(?!\d)"
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLAIN = "〇一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ALIKE = {"0": "O", "1": "l", "5": "S", "S": "Ѕ", "X": "Х", "B": "В", "8": "B"}


def _other_digit(digit: str, chance: Random) -> str:
    return str((int(digit) + chance.randint(1, 9)) % 10)


def _at(text: str, place: int, new: str) -> str:
    return text[:place] + new + text[place + 1 :]


def _digits(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter.isdecimal()]


@slip
def digit_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """One digit typed wrong."""

    def new(figure: str) -> str:
        place = chance.choice(_digits(figure))
        return _at(figure, place, _other_digit(figure[place], chance))

    yield from replacements(draft.texts(), NUMBER, new)


@slip
def digit_dropped(draft: Draft, chance: Random) -> Iterator[Option]:
    """One digit left out."""

    def new(figure: str) -> str:
        place = chance.choice(_digits(figure))
        return _at(figure, place, "")

    yield from replacements(draft.texts(), r"(?<![\d.,])\d[\d,]*\d(?:\.\d+)?(?![\d.,])", new)


@slip
def digit_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """A key hit twice, or one too many."""

    def new(figure: str) -> str:
        place = chance.choice(_digits(figure))
        return _at(figure, place, figure[place] + chance.choice((figure[place], "0", "7")))

    yield from replacements(draft.texts(), NUMBER, new)


@slip
def neighbouring_digits_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """18 for 81."""

    def new(figure: str) -> str:
        pairs = [
            place
            for place in range(len(figure) - 1)
            if figure[place : place + 2].isdecimal() and figure[place] != figure[place + 1]
        ]
        if not pairs:
            return figure
        place = chance.choice(pairs)
        return f"{figure[:place]}{figure[place + 1]}{figure[place]}{figure[place + 2 :]}"

    yield from replacements(draft.texts(), NUMBER, new)


@slip
def decimal_point_moved(draft: Draft, chance: Random) -> Iterator[Option]:
    """14,683.38 becomes 1,468.338."""

    def new(figure: str) -> list[str]:
        whole, fraction = figure.split(".")
        moved = [f"{whole}{fraction[0]}.{fraction[1:]}" if fraction[1:] else f"{whole}{fraction}"]
        if whole[-1] != "," and len(whole) > 1 and whole[-2] != ",":
            moved.append(f"{whole[:-1]}.{whole[-1]}{fraction}")
        return moved

    yield from replacements(draft.texts(), r"(?<![\d.,])\d[\d,]*\.\d+(?![\d.,])", new)


@slip
def decimal_point_dropped(draft: Draft, chance: Random) -> Iterator[Option]:
    """99.9 becomes 999."""
    pattern = r"(?<![\d.,])\d[\d,]*\.\d+(?![\d.,])"
    yield from replacements(draft.texts(), pattern, lambda figure: figure.replace(".", ""))


@slip
def thousands_separator_made_a_point(draft: Draft, chance: Random) -> Iterator[Option]:
    """1,483 becomes 1.483."""

    def new(figure: str) -> str:
        at = figure.rindex(",")
        return figure[:at] + "." + figure[at + 1 :].replace(".", "")

    yield from replacements(draft.texts(), r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)", new)


@slip
def percent_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """40 % becomes 60 %."""

    def new(figure: str) -> str:
        places = _digits(figure)
        place = chance.choice(places[:2])
        return _at(figure, place, _other_digit(figure[place], chance))

    yield from replacements(draft.texts(), r"(?<![\d.])\d+(?:\.\d+)?%", new)


@slip
def percent_sign_lost_or_made_permille(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from replacements(draft.texts(), r"(?<=\d)%", lambda _: ["", "‰"])


@slip
def full_width_digits(draft: Draft, chance: Random) -> Iterator[Option]:
    """Typed with the input method in the wrong state, and another digit at the end."""

    def new(figure: str) -> str:
        place = _digits(figure)[-1]
        return _at(figure, place, _other_digit(figure[place], chance)).translate(_WIDE)

    yield from replacements(draft.texts(), NUMBER, new)


@slip
def number_in_chinese_with_another_value(draft: Draft, chance: Random) -> Iterator[Option]:
    """12 becomes 十三."""

    def new(figure: str) -> str:
        value = min(int(figure) + chance.randint(1, 3), 99) if int(figure) < 99 else 98
        tens, ones = divmod(value, 10)
        head = "" if not tens else "十" if tens == 1 else f"{_PLAIN[tens]}十"
        return head + (_PLAIN[ones] if ones or not tens else "")

    yield from replacements(draft.prose(), r"(?<![\dA-Za-z.,-])\d{1,2}(?![\dA-Za-z.,%-])", new)


@slip
def capitals_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """壹 becomes 贰 in an amount in words."""

    def new(words: str) -> str:
        places = [place for place, letter in enumerate(words) if letter in _CAPITALS]
        place = chance.choice(places)
        others = _CAPITALS[1:].replace(words[place], "")
        return _at(words, place, chance.choice(others))

    yield from replacements(draft.texts(), r"人民币[壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零]+", new)


@slip
def place_of_capitals_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """佰 becomes 仟, 万 becomes 亿, 角 becomes 分."""
    other = {"拾": "佰", "佰": "仟", "仟": "佰", "万": "亿", "元": "角", "角": "分", "整": ""}

    def new(words: str) -> list[str]:
        return [_at(words, p, other[w]) for p, w in enumerate(words) if w in other and p > 2]

    yield from replacements(draft.texts(), r"人民币[壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零]+", new)


@slip
def day_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    def new(date: str) -> str:
        day = re.search(r"(\d+)日?$", date)
        assert day is not None
        other = int(day[1]) % 28 + chance.choice((1, -1, 3)) or 15
        said = f"{other:02}" if "-" in date else str(other)
        return date[: day.start(1)] + said + date[day.end(1) :]

    yield from replacements(draft.texts(), DAY, new)


@slip
def month_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    def new(date: str) -> str:
        month = re.search(r"[年-](\d+)", date)
        assert month is not None
        other = int(month[1]) % 12 + 1
        said = f"{other:02}" if "-" in date else str(other)
        return date[: month.start(1)] + said + date[month.end(1) :]

    yield from replacements(draft.texts(), f"{DAY}|{MONTH}", new)


@slip
def year_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    def new(date: str) -> str:
        return str(int(date[:4]) + chance.choice((-1, 1, 10))) + date[4:]

    yield from replacements(draft.texts(), f"{DAY}|{MONTH}", new)


@slip
def month_and_day_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """2026-06-11 becomes 2026-11-06."""

    def new(date: str) -> str:
        year, month, day = re.findall(r"\d+", date)
        form = "{}-{}-{}" if "-" in date else "{}年{}月{}日"
        return form.format(year, day, month)

    yield from replacements(draft.texts(), DAY, new)


@slip
def begin_and_end_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """From A to B becomes from B to A."""

    def new(period: str) -> str:
        begin, end = period.split("至")
        return f"{end}至{begin}"

    yield from replacements(draft.texts(), f"(?:{DAY})至(?:{DAY})", new)


@slip
def time_of_day_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    def new(time: str) -> str:
        hours, minutes = time.split(":")
        return chance.choice((f"{(int(hours) + 12) % 24:02}:{minutes}", f"{hours}:{minutes[::-1]}"))

    yield from replacements(draft.texts(), r"(?<!\d)\d{2}:\d{2}(?!\d)", new)


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


@slip
def unit_behind_a_figure_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """10年 becomes 10个月, 70 分钟 becomes 70 小时."""
    yield from replacements(draft.texts(), _AFTER, lambda unit: _UNITS[unit])
    spaced = _AFTER.replace(r"(?<=\d)", r"(?<=\d )")
    yield from replacements(draft.texts(), spaced, lambda unit: _UNITS[unit])


@slip
def unit_in_brackets_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """（单位：元） becomes （单位：万元）, （分钟） becomes （小时）."""
    units = r"(?<=[（：])(?:元|分钟|小时|GB|TB|台|次|条|件|核)(?=）)"
    yield from replacements(draft.texts(), units, lambda unit: _UNITS[unit])


@slip
def unit_typed_beside_a_figure(draft: Draft, chance: Random) -> Iterator[Option]:
    """1,453,654.24元 becomes 1,453,654.24万元; a cell with a bare figure gets 万."""
    pattern = r"(?<=\d)(?=元)|(?<=\.\d\d)$|(?<=^\d)$|(?<=^\d\d)$|(?<=\d%)(?=。|$)"
    for words in draft.texts():
        for match in re.finditer(pattern, words.text):
            yield words.option(*match.span(), "‰" if words.text[match.start() - 1] == "%" else "万")


@slip
def sign_typed_before_a_figure(draft: Draft, chance: Random) -> Iterator[Option]:
    """A credit made of a debit."""
    for words in draft.texts():
        for match in re.finditer(NUMBER, words.text):
            if not words.text[: match.start()] or words.text[match.start() - 1] in "（，为 ":
                yield words.option(match.start(), match.start(), chance.choice("-−－"))


@slip
def sign_dropped(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from replacements(draft.texts(), r"(?<![\w.）])-(?=\d)", lambda _: "")


@slip
def comparison_typed_before_a_figure(draft: Draft, chance: Random) -> Iterator[Option]:
    """5 % becomes 不足 5 %."""
    for words in draft.prose():
        for match in re.finditer(NUMBER + r"(?=[元%]| ?[次件个])", words.text):
            yield words.option(
                match.start(), match.start(), chance.choice(("不足", "超过", "低于"))
            )


@slip
def figure_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from replacements(draft.texts(), NUMBER, lambda _: "")


@slip
def figure_made_a_blank(draft: Draft, chance: Random) -> Iterator[Option]:
    """A line to be filled in by hand where a figure stood."""
    yield from replacements(draft.prose(), f"{DAY}|{NUMBER}", lambda _: "＿＿＿＿")


@slip
def two_figures_of_a_paragraph_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        found = list(re.finditer(NUMBER, words.text))
        for one, two in itertools.pairwise(found):
            if one[0] != two[0]:
                between = words.text[one.end() : two.start()]
                yield words.option(one.start(), two.end(), f"{two[0]}{between}{one[0]}")


@slip
def long_number_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A digit of an account, a contract, an invoice, an identity or a ticket number."""

    def new(number: str) -> str:
        place = chance.choice(_digits(number))
        return _at(number, place, _other_digit(number[place], chance))

    yield from replacements(draft.texts(), LONG, new)


@slip
def long_number_shortened(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from replacements(draft.texts(), LONG, lambda number: [number[:-1], number[1:]])


@slip
def letter_of_a_number_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """SXYSR becomes SXYRS; ZD becomes ZO."""
    prefix = r"(?<![0-9A-Za-z])[A-Z]{2,5}(?=-?\d{4,})"
    yield from replacements(
        draft.texts(), prefix, lambda letters: [letters[:-1] + "O", letters[-1] + letters[:-1]]
    )


@slip
def letters_that_look_alike(draft: Draft, chance: Random) -> Iterator[Option]:
    """O for 0, a Cyrillic letter for a Latin one: nobody sees it, no search finds it."""

    def new(number: str) -> str:
        place = chance.choice([place for place, letter in enumerate(number) if letter in _ALIKE])
        return _at(number, place, _ALIKE[number[place]])

    yield from replacements(draft.texts(), r"(?=[^\n]*[015SXB8])" + LONG, new)
    pattern = r"(?<![\dA-Za-z.,])(?=[\d,]*[01])[\d,]{2,}(?![\dA-Za-z])"
    yield from replacements(
        draft.prose(), pattern, lambda figure: figure.translate({48: "O", 49: "l"})
    )


@slip
def digits_shown_backwards(draft: Draft, chance: Random) -> Iterator[Option]:
    """A character that turns the direction of writing makes 123 read 321."""
    pattern = r"(?<![\dA-Za-z.,-])\d{2,}(?![\dA-Za-z.,-])"

    def new(figure: str) -> str:
        return f"\u202e{figure}\u202c" if figure != figure[::-1] else figure

    yield from replacements(draft.texts(), pattern, new)
