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
from typing import Any, Literal

import office
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, ViewportSize, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


def program() -> str:
    """Return where the browser is."""
    found = filter(None, map(shutil.which, NAMES))
    return next(found, None) or office.missing("chromium is not installed (apt install chromium)")


class Browser:
    """Chromium with a window for pages that may run their script, and one for those that may not.

    A page takes the place of the one before: a window of its own would take longer than the page.
    """

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._windows: dict[bool, Page] = {}

    def window(self, *, java_script: bool) -> Page:
        """Return the window, empty and without anybody's wishes."""
        if java_script not in self._windows:
            context = self._chromium.new_context(java_script_enabled=java_script)
            self._windows[java_script] = context.new_page()
        page = self._windows[java_script]
        page.goto("about:blank")
        page.mouse.move(0, 0)
        return page


@contextmanager
def opened() -> Iterator[Browser]:
    """Start the browser; its own sandbox does not work for root."""
    arguments = ["--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    executable = program()
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=arguments)
        try:
            yield Browser(chromium)
        finally:
            chromium.close()


@dataclass
class Visit:
    """A page that was opened, every address that was asked for, and every fault that was told."""

    page: Page
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def js(self, code: str) -> Any:
        return self.page.evaluate(code)


@contextmanager
def visit(
    browser: Browser,
    file: Path,
    *,
    viewport: ViewportSize = DESK,
    color_scheme: Literal["light", "dark"] = "light",
    java_script: bool = True,
) -> Iterator[Visit]:
    """Open the file, as a double click would, in a window in which nothing was done before."""
    seen = Visit(browser.window(java_script=java_script))
    heard = {
        "request": lambda request: seen.asked.append(request.url),
        "pageerror": lambda fault: seen.faults.append(str(fault)),
        "console": lambda said: seen.faults.append(f"{said.type}: {said.text}"),
        "dialog": lambda dialog: seen.faults.append(f"dialog: {dialog.message}"),
    }
    seen.page.set_viewport_size(viewport)
    seen.page.emulate_media(color_scheme=color_scheme)
    for event, listener in heard.items():
        seen.page.on(event, listener)
    try:
        seen.page.goto(file.resolve().as_uri())
        yield seen
    finally:
        for event, listener in heard.items():
            seen.page.remove_listener(event, listener)
