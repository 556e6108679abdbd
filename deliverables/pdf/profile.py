"""The profile of a LibreOffice of ours: the macro that serves, and a start without questions."""

from __future__ import annotations

from pathlib import Path

from deliverables.docx.text import escape

MACRO = "macro:///Standard.Press.Serve"
_SOURCE = Path(__file__).with_name("press.bas")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = "http://openoffice.org/2000/library"
_SETTINGS = (
    ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Misc", "CrashReport", "false"),
)


def make_profile(folder: Path, token: str) -> Path:
    """Make a profile whose macro shows `token` when it calls; return its folder."""
    library = folder / "user" / "basic" / "Standard"
    library.mkdir(parents=True, mode=0o700)
    module = escape(_SOURCE.read_text("utf-8").replace("{token}", token))
    _write(
        library / "Press.xba",
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Press"'
        f' script:language="StarBasic">{module}</script:module>',
    )
    _write(
        library / "script.xlb",
        f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard"'
        ' library:readonly="false" library:passwordprotected="false">'
        '<library:element library:name="Press"/></library:library>',
    )
    _write(
        library.parent / "script.xlc",
        f'<library:libraries xmlns:library="{_LIBRARY}">'
        '<library:library library:name="Standard" library:link="false"/></library:libraries>',
    )
    _write(folder / "user" / "registrymodifications.xcu", _settings())
    return folder


def _settings() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _write(path: Path, markup: str) -> None:
    path.write_text(f"{_HEAD}{markup}\n", "utf-8")
