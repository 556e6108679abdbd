"""The table styles of the house: data with thin rules, facts with shaded names, key figures."""

from __future__ import annotations

from deliverables.render.palette import FILL, PRIMARY, RULE

_STRONG = f'w:val="single" w:sz="8" w:space="0" w:color="{PRIMARY}"'
_THIN = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
_SHADE = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{FILL}"/></w:tcPr>'
_TOTAL = f"<w:tcPr><w:tcBorders><w:top {_STRONG}/></w:tcBorders></w:tcPr>"
_PADDING = (
    '<w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
)
_WITHOUT_STYLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>"
)


def table_styles() -> str:
    """Return all table styles; a table switches their parts on by its w:tblLook."""
    rows, columns = f"<w:insideH {_THIN}/>", f"<w:insideV {_THIN}/>"
    return (
        _WITHOUT_STYLE
        + _style("HouseTable", "数据表", rows, firstRow=_SHADE, lastRow=_TOTAL)
        + _style("HouseFacts", "信息表", rows + columns, firstRow=_SHADE, firstCol=_SHADE)
        + _style("HousePanel", "指标栏", columns)
    )


def _style(style_id: str, name: str, inside: str, **parts: str) -> str:
    conditional = "".join(
        f'<w:tblStylePr w:type="{part}">{look}</w:tblStylePr>' for part, look in parts.items()
    )
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{style_id}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {_STRONG}/><w:bottom {_STRONG}/>{inside}</w:tblBorders>"
        f'{_PADDING}</w:tblPr><w:tcPr><w:vAlign w:val="center"/></w:tcPr>{conditional}</w:style>'
    )
