"""The language of messages: the one asked for, else the system's, else English."""

from __future__ import annotations

import locale
import os


def system_language() -> str:
    """Return "zh" on a Chinese system, "en" elsewhere."""
    named = next((os.environ[name] for name in _LOCALE_NAMES if os.environ.get(name)), "")
    tag = named or locale.getlocale()[0] or ""
    return "zh" if tag.lower().startswith(("zh", "chinese")) else "en"


_LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
