"""A real browser for pages: Chromium, driven by Playwright, with everything it says written down.

Without Chromium a test is skipped on a person's machine and fails on CI, as with office programs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import office
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def program() -> str:
    """Return where the browser is."""
    found = filter(None, map(shutil.which, NAMES))
    return next(found, None) or office.missing("chromium is not installed (apt install chromium)")


@contextmanager
def opened() -> Iterator[Browser]:
    """Start the browser; its own sandbox does not work for root."""
    arguments = ["--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    executable = program()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page that was opened, every address that was asked for, and every fault that was told."""

    page: Page
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def js(self, code: str) -> Any:
        return self.page.evaluate(code)


@contextmanager
def visit(browser: Browser, file: Path, **wishes: Any) -> Iterator[Visit]:
    """Open the file, as a double click would, in a window of its own."""
    with browser.new_context(**{"viewport": DESK, **wishes}) as context:
        seen = Visit(context.new_page())
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("pageerror", lambda fault: seen.faults.append(str(fault)))
        seen.page.on("console", lambda said: seen.faults.append(f"{said.type}: {said.text}"))
        seen.page.on("dialog", lambda dialog: seen.faults.append(f"dialog: {dialog.message}"))
        seen.page.goto(file.resolve().as_uri())
        yield seen
