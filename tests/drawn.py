"""A picture and a chart, to be put into documents."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from PIL import Image

from deliverables.model.content import Chart, ChartForm, Picture, Series

MONTHS = ("7月", "8月", "9月")


CHART = Chart(
    form=ChartForm.COLUMNS,
    title="各月 <可用性>",
    description='三个月的可用性："A" & B',
    unit="%",
    categories=MONTHS,
    series=(Series("可用性 & 其他", (Decimal("99.9712"), None, Decimal("99.99"))),),
    threshold=Series("合同要求", (Decimal("99.9"),) * 3),
    number_format="0.0000",
)


def painted(colour: str, form: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, colour).save(drawn, form, dpi=(96, 96))
    return drawn.getvalue()


def picture(colour: str = "green", form: str = "PNG", **size: int | None) -> Picture:
    return Picture(content=painted(colour, form), description="机房", **{"width": 31, **size})
