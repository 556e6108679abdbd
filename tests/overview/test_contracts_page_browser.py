"""The overview as people meet it: in a browser, by keyboard, on a phone, on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import browser as chromium
import finished
import office
import pytest
from browser import PHONE, Browser, visit
from pypdf import PdfReader

ATTACK = "<script>document.title='entered'</script><img src=x onerror=alert(1)>项目"
FOCUSABLE = "a[href], summary, button, input"
VISIBLE = "element => element.checkVisibility({visibilityProperty: true})"
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
WIDTH = "document.documentElement.scrollWidth"
AS_OF = "2026-11-02"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.opened() as running:
        yield running


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of one contract with its documents made."""
    folder = tmp_path_factory.mktemp("一份合同")
    finished.put_into(folder)
    return written(folder)


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of three contracts: one is sound, one is called like markup, one is broken."""
    folder = tmp_path_factory.mktemp("several contracts")
    finished.put_into(folder)
    data = folder / "data"
    shutil.copytree(data / "HT-2026-001", data / "HT 中文%2")
    contract = data / "HT 中文%2" / "contract.yaml"
    text = contract.read_text("utf-8").replace("HT-2026-001", "HT 中文%2")
    contract.write_text(text.replace("示范单位政务云运维服务项目", ATTACK), "utf-8")
    (data / "HT-2026-003").mkdir()
    (data / "HT-2026-003" / "contract.yaml").write_text("identity: [", "utf-8")
    return written(folder)


def written(folder: Path, language: str = "zh") -> Path:
    words = ("--lang", language, "--data", str(folder / "data"), "--out", str(folder / "out"))
    finished.run(*words, "overview", "--as-of", AS_OF)
    return folder / "out" / "index.html"


@pytest.fixture(params=["one", "several"])
def page(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


def planted(page: Path, old: str, new: str) -> Path:
    """Return a copy of the page, beside it, in which something was changed."""
    text = page.read_text("utf-8")
    assert old in text
    copy = page.with_name("planted.html")
    copy.write_text(text.replace(old, new, 1), "utf-8")
    return copy


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Browser, page: Path) -> None:
    with visit(browser, page) as seen:
        seen.js(OPEN_ALL)
        assert seen.asked == [page.resolve().as_uri()]
        assert seen.faults == []


@pytest.mark.parametrize(
    "intruder",
    [
        "<script>document.title = 'entered'</script>",
        "<img src='x' onerror=\"document.title = 'entered'\">",
        "<script src='entered.js'></script>",
        "<iframe srcdoc=\"<script>parent.document.title = 'entered'</script>\"></iframe>",
    ],
)
def test_a_script_that_is_not_the_pages_own_does_not_run(
    browser: Browser, one: Path, intruder: str
) -> None:
    (one.parent / "entered.js").write_text("document.title = 'entered'", "utf-8")
    with visit(browser, planted(one, "</main>", f"{intruder}</main>")) as seen:
        seen.page.wait_for_timeout(100)
        assert seen.page.title() != "entered"
        assert any("Content Security Policy" in fault for fault in seen.faults)


def test_it_is_the_policy_that_keeps_such_a_script_out(browser: Browser, one: Path) -> None:
    intruder = "<script>document.title = 'entered'</script>"
    copy = planted(one, "</main>", f"{intruder}</main>")
    bare = copy.read_text("utf-8").replace("Content-Security-Policy", "X-Nothing")
    copy.write_text(bare, "utf-8")
    with visit(browser, copy) as seen:
        assert seen.page.title() == "entered"


def test_a_changed_style_is_refused(browser: Browser, one: Path) -> None:
    with visit(browser, planted(one, "</style>", "body { color: red }</style>")) as seen:
        assert any("Content Security Policy" in fault for fault in seen.faults)


def test_a_title_that_looks_like_markup_is_shown_as_it_is_written(
    browser: Browser, several: Path
) -> None:
    with visit(browser, several) as seen:
        assert seen.page.title().startswith("交付总览")
        assert seen.page.locator("article h2 .name", has_text=ATTACK).count() == 1
        assert seen.page.locator("img").count() == 0


def test_the_keyboard_reaches_everything_in_its_order_and_shows_where_it_is(
    browser: Browser, page: Path
) -> None:
    with visit(browser, page) as seen:
        seen.js(OPEN_ALL)
        wanted = seen.js(
            f"[...document.querySelectorAll('{FOCUSABLE}')].filter({VISIBLE})"
            ".map((element, n) => (element.dataset.n = n, n))"
        )
        reached = []
        for _ in wanted:
            seen.page.keyboard.press("Tab")
            number, outline = seen.js(
                "[Number(document.activeElement.dataset.n),"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
            assert outline == "solid"
            reached.append(number)
        assert reached == wanted


def test_the_first_key_offers_to_skip_to_the_contents(browser: Browser, page: Path) -> None:
    with visit(browser, page) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.js("document.activeElement.textContent") == "跳到正文"
        seen.page.keyboard.press("Enter")
        assert seen.js("document.activeElement.id") == "main"


def test_the_keyboard_opens_what_is_folded(browser: Browser, one: Path) -> None:
    with visit(browser, one) as seen:
        fold = seen.page.locator("details.data").first
        fold.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        assert fold.get_attribute("open") is not None
        assert fold.locator("table").is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_needs_to_scroll_sideways_neither_on_a_phone_nor_at_a_desk(
    browser: Browser, tmp_path: Path, several: Path, language: str
) -> None:
    shutil.copytree(several.parents[1], tmp_path / "copy")
    with visit(browser, written(tmp_path / "copy", language)) as seen:
        for width in (360, 480, 700, 760, 900, 1180, 1600):
            seen.page.set_viewport_size({"width": width, "height": 800})
            assert seen.js(WIDTH) <= width
            seen.js(OPEN_ALL)
            assert seen.js(WIDTH) <= width


def test_something_too_wide_for_a_phone_would_be_noticed(browser: Browser, one: Path) -> None:
    copy = planted(one, "</main>", f"<pre>{'w' * 100}</pre></main>")
    with visit(browser, copy, viewport=PHONE) as seen:
        assert seen.js(WIDTH) > PHONE["width"]


def test_every_link_leads_to_a_file_or_to_a_place_in_the_page(browser: Browser, page: Path) -> None:
    with visit(browser, page) as seen:
        addresses = seen.js("[...document.querySelectorAll('a')].map(link => link.href)")
        files = [Path(unquote(urlsplit(one).path)) for one in addresses if "#" not in one]
        assert [file for file in files if not file.is_file()] == []
        assert [file for file in files if file.suffix == ".docx"]
        places = [unquote(urlsplit(one).fragment) for one in addresses if "#" in one]
        found = set(seen.js("[...document.querySelectorAll('[id]')].map(element => element.id)"))
        assert set(places) <= found


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_link_to_a_contract_unfolds_it(browser: Browser, several: Path, script: bool) -> None:
    with visit(browser, several, java_script=script) as seen:
        body = seen.page.locator("article .body").last
        assert not body.is_visible()
        seen.page.locator(".summary tbody th a").last.click()
        body.wait_for(state="visible")


def test_one_state_can_be_picked_and_let_go_again(browser: Browser, one: Path) -> None:
    with visit(browser, one) as seen:
        rows = seen.page.locator("[data-state]")
        seen.js("document.querySelectorAll('details.group').forEach(fold => fold.open = true)")
        pick = seen.page.get_by_role("button", name="受阻")
        pick.click()
        shown = [row.get_attribute("data-state") for row in rows.all() if row.is_visible()]
        assert shown == ["blocked", "blocked"]
        assert pick.get_attribute("aria-pressed") == "true"
        assert seen.page.get_by_role("status").inner_text() == "显示： 2"
        pick.click()
        assert all(row.is_visible() for row in rows.all())
        assert seen.page.get_by_role("status").inner_text() == ""


def test_contracts_are_found_by_words_and_by_what_is_wrong_with_them(
    browser: Browser, several: Path
) -> None:
    with visit(browser, several) as seen:
        names = seen.page.locator(".summary tbody th a")
        seen.page.get_by_role("searchbox").fill("示范 003")
        assert [name for name in names.all() if name.is_visible()] == []
        seen.page.get_by_role("searchbox").fill("003")
        assert [name.inner_text() for name in names.all() if name.is_visible()] == ["HT-2026-003"]
        seen.page.get_by_role("searchbox").fill("")
        seen.page.get_by_role("button", name="错误").click()
        assert [name.inner_text() for name in names.all() if name.is_visible()] == ["HT-2026-003"]


def test_without_script_everything_is_there_and_nothing_is_dead(
    browser: Browser, several: Path
) -> None:
    with visit(browser, several, java_script=False) as seen:
        assert seen.page.locator(".summary tbody tr").count() == 3
        assert seen.page.locator("button").count() == 0
        assert not seen.page.locator("input").is_visible()


CONTRASTS = """
() => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3) return colour;
    }
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = {};
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const ink = element.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(parts(ink)), light(behind(element))].sort((x, y) => y - x);
    found[`${ink} on ${behind(element)}`] = (a + 0.05) / (b + 0.05);
  }
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser: Browser, page: Path, scheme: str) -> None:
    with visit(browser, page, color_scheme=scheme) as seen:
        seen.js(OPEN_ALL)
        contrasts = seen.js(CONTRASTS)
        assert len(contrasts) > 3
        assert {pair: ratio for pair, ratio in contrasts.items() if ratio < 4.5} == {}


def test_faint_text_would_be_noticed(browser: Browser, one: Path) -> None:
    with visit(browser, one) as seen:
        seen.js("document.querySelector('h1').style.color = 'rgb(170, 170, 170)'")
        assert min(seen.js(CONTRASTS).values()) < 4.5


def test_dark_and_light_differ(browser: Browser, one: Path) -> None:
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    with visit(browser, one, color_scheme="light") as light:
        bright = light.js(colour)
    with visit(browser, one, color_scheme="dark") as dark:
        assert dark.js(colour) != bright


@pytest.mark.office
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_on_paper_everything_folded_is_printed(
    browser: Browser, several: Path, tmp_path: Path, script: bool
) -> None:
    with visit(browser, several, java_script=script) as seen:
        paper = tmp_path / "paper.pdf"
        seen.page.pdf(path=str(paper), prefer_css_page_size=True)
    (width, height) = PdfReader(paper).pages[0].mediabox[2:]
    assert (int(width), int(height)) in {(594, 841), (595, 841), (595, 842)}
    text = "".join("".join(office.pdf_pages_text(paper)).split())
    assert "working-days" in text
    assert "阿卜杜拉" not in text
    assert "600,000.00" in text
    assert "跳到正文" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headings_descend_one_by_one_and_landmarks_are_named(
    browser: Browser, tmp_path: Path, several: Path, language: str
) -> None:
    shutil.copytree(several.parents[1], tmp_path / "copy")
    with visit(browser, written(tmp_path / "copy", language)) as seen:
        seen.js(OPEN_ALL)
        levels = seen.js("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
        steps = [after - before for before, after in pairwise(levels)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert max(steps) == 1
        assert seen.js("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
        for role in ("banner", "navigation", "main", "contentinfo"):
            assert seen.page.get_by_role(role).count() == 1
        ids = seen.js("[...document.querySelectorAll('[id]')].map(element => element.id)")
        assert len(ids) == len(set(ids))
        named = "[...document.querySelectorAll('[aria-labelledby]')].flatMap(element => "
        named += "element.getAttribute('aria-labelledby').split(' '))"
        assert set(seen.js(named)) <= set(ids)
        assert seen.page.get_by_role(
            "img", name="可用性" if language == "zh" else "Availab"
        ).count()
