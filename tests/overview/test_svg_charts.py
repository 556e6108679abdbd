"""Charts drawn as SVG: to scale, told apart by shape, and words never become markup."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import html

from deliverables.overview.svg_charts import (
    WIDTH,
    Bars,
    ChartCaption,
    Dot,
    bars,
    dots,
    floor_below,
    place,
)

CAPTION = ChartCaption("c", "title", "description")


@pytest.mark.parametrize(
    ("value", "x"),
    [("99.8", "100.0"), ("99.9", "150.0"), ("100", "200.0"), ("99.9343", "167.1"), ("98", "100.0")],
)
def test_a_value_has_its_place_on_the_scale_and_never_leaves_it(value: str, x: str) -> None:
    found = place(Decimal(value), Decimal("99.8"), Decimal(100), 100, 200)
    assert found == Decimal(x)


@pytest.mark.parametrize(
    ("lowest", "scale"),
    [("99.95", "99.8"), ("99.8", "99.5"), ("99.7", "99.5"), ("98.2", "98"), ("80", "0")],
)
def test_the_scale_starts_below_the_lowest_value(lowest: str, scale: str) -> None:
    assert floor_below(Decimal(lowest)) == Decimal(scale)


def test_a_quarter_below_its_target_differs_in_shape() -> None:
    rows = [
        Dot("Q1", Decimal("99.95"), "99.95%", met=True),
        Dot("Q2", Decimal("99.85"), "99.85%", met=False),
        Dot("Q3", None, "—", met=True),
    ]
    drawn = html.fromstring(dots(rows, Decimal("99.9"), "99.9%", Decimal("99.8"), CAPTION))
    assert len(drawn.xpath("//circle[@class='met']")) == 1
    assert len(drawn.xpath("//polygon[@class='missed']")) == 1
    assert drawn.xpath("//text[contains(@class, 'missed')]/text()") == ["99.85%"]


def test_bars_begin_at_zero_and_share_one_scale() -> None:
    amounts = {"1": (400, 200, 0), "2": (800, 0, 800)}
    groups = [
        Bars(name, tuple((str(one), Decimal(one), str(one)) for one in three))
        for name, three in amounts.items()
    ]
    drawn = html.fromstring(bars(groups, CAPTION))
    first, second = (Decimal(one) for one in drawn.xpath("//rect[@class='due']/@width"))
    assert second == 2 * first
    assert len(drawn.xpath("//line[@class='empty']")) == 2
    assert all(Decimal(x) <= WIDTH for x in drawn.xpath("//@x2"))


def test_words_in_a_chart_are_escaped() -> None:
    rows = [Dot("<b>", Decimal(100), "&", met=True)]
    drawn = dots(rows, Decimal(99), "x", Decimal(98), CAPTION)
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn
