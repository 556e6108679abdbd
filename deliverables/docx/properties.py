"""What a document says about itself: title, contract, maker and day, and nothing of any machine."""

from __future__ import annotations

from datetime import date

from deliverables.docx.text import escape
from deliverables.lazily import dataclass
from deliverables.render.package import Package

CORE = "docProps/core.xml"
APP = "docProps/app.xml"
CUSTOM = "docProps/custom.xml"
FORMAT = "1"
"""The version of what is said of a document's identity."""

CORE_RELATION = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_ANY_NAME = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Properties:
    """The document properties; `made_on` stands for both creation and last change.

    Kind, part, as-of day and the digest of the printed values say, with the contract's number,
    which document it is, wherever it goes and under whatever name.
    """

    title: str
    subject: str
    contract_number: str
    creator: str
    made_on: date
    kind: str = ""
    part: str = ""
    day: date | None = None
    digest: str = ""


def write_properties(package: Package, properties: Properties) -> None:
    """Replace whatever properties the template has by those of this document."""
    for part in [name for name in package.parts if name.startswith("docProps/")]:
        package.drop(part)
    package.add(CORE, core(properties).encode(), _CORE_TYPE)
    package.relate("", CORE_RELATION, CORE)
    package.add(APP, app(properties).encode(), _APP_TYPE)
    package.relate("", "extended-properties", APP)
    package.add(CUSTOM, custom(properties).encode(), _CUSTOM_TYPE)
    package.relate("", "custom-properties", CUSTOM)


def core(properties: Properties) -> str:
    """Return what the core properties say."""
    made = f"{properties.made_on.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(properties.title)}</dc:title>"
        f"<dc:subject>{escape(properties.subject)}</dc:subject>"
        f"<dc:creator>{escape(properties.creator)}</dc:creator>"
        f"<cp:keywords>{escape(properties.contract_number)}</cp:keywords>"
        f"<cp:lastModifiedBy>{escape(properties.creator)}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language>"
        "</cp:coreProperties>"
    )


def app(properties: Properties) -> str:
    """Return what the extended properties say: the organisation."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<Properties"
        ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{escape(properties.creator)}</Company>"
        "</Properties>"
    )


def custom(properties: Properties) -> str:
    """Return what the custom properties say: which document it is, as far as that is known."""
    day = properties.day.isoformat() if properties.day else ""
    told = {
        "contract": properties.contract_number,
        "kind": properties.kind,
        "part": properties.part,
        "day": day,
        "digest": properties.digest,
        "format": FORMAT,
    }
    said = (f'name="deliverables.{name}"><vt:lpwstr>{escape(text)}' for name, text in told.items()
            if text)  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<Properties"
        ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        + "".join(
            f'<property fmtid="{_ANY_NAME}" pid="{number}" {one}</vt:lpwstr></property>'
            for number, one in enumerate(said, 2)
        )
        + "</Properties>"
    )
