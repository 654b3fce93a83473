"""The figures to drag: by keyboard, mouse and finger, with the numbers that the library gives for the same place."""

import json
import re
from contextlib import contextmanager

import pytest

from seeing import recorded
from seeing.fairness import (
    AcceptanceRule,
    ScoreCounts,
    fit_demographic_parity,
    fit_equal_opportunity,
    fit_equalized_odds,
    fit_maximum_profit,
    fit_single_threshold,
    implied_false_positive_rate,
)
from seeing.fairness.thresholds.acceptance_rule import AcceptanceSteps

NAMES = ["impossibility", "thresholds"]
GAIN, COST = 0.18, 0.82
RULES = {
    "profit": fit_maximum_profit,
    "one threshold": fit_single_threshold,
    "opportunity": fit_equal_opportunity,
    "odds": fit_equalized_odds,
    "parity": fit_demographic_parity,
}
each_figure = pytest.mark.parametrize("name", NAMES)


@contextmanager
def figure(visit, name, scheme="light", **options):
    """The page of a figure once its script has run; at the end, nothing may have gone wrong or been asked outside."""
    with visit(f"fairness/{name}.html", scheme, **options) as seen:
        seen.page.locator(f'[data-ready="{name}"]').wait_for()
        yield seen.page
    assert seen.errors == []
    assert seen.outside == []


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def press(page, name, *keys):
    slider(page, name).focus()
    for key in keys:
        page.keyboard.press(key)


def centre(page, handle):
    """Where the handle of a group is on the screen."""
    grip = page.locator(f'[data-handle="{handle}"]')
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, handle, dx, dy):
    x, y = centre(page, handle)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


# Impossibility


def check_forced_rates(page):
    """The printed rates are those of the library for where the sliders are."""
    at = {
        name: slider(page, name).evaluate("input => input.valueAsNumber")
        for name in ("base rate, Black", "base rate, White", "PPV of both", "FNR of both")
    }
    said = page.locator(".drag-said").inner_text()
    rates = implied_false_positive_rate(list(at.values())[:2], at["PPV of both"], at["FNR of both"])
    for group, rate in zip(("Black", "White"), rates, strict=True):
        printed, impossible = re.search(rf"{group} (\d+\.\d+)(, impossible)?", said).groups()
        assert float(printed) == pytest.approx(rate, abs=0.00051)
        assert bool(impossible) == (rate > 1)
    gap = re.search(r"gap ([\d.]+)\.$", said)
    assert bool(gap) == (max(rates) <= 1)
    if gap:
        assert float(gap[1]) == pytest.approx(abs(rates[0] - rates[1]), abs=0.00051)
    assert said in page.locator(".drag svg").get_attribute("aria-label")
    return at


def test_impossibility_by_keyboard(visit):
    with figure(visit, "impossibility") as page:
        before = check_forced_rates(page)
        press(page, "base rate, White", *["ArrowRight"] * 12)
        after = check_forced_rates(page)
        assert after["base rate, White"] == pytest.approx(before["base rate, White"] + 0.12)
        assert "gap 0.000" in page.locator(".drag-said").inner_text()  # equal base rates
        for name, key in (("PPV of both", "Home"), ("FNR of both", "End"), ("base rate, Black", "End")):
            press(page, name, key, "ArrowLeft" if key == "End" else "ArrowRight")
            check_forced_rates(page)
        press(page, "FNR of both", "Home")
        check_forced_rates(page)
        assert "impossible" in page.locator(".drag-said").inner_text()


def test_impossibility_by_mouse(visit):
    with figure(visit, "impossibility") as page:
        before = check_forced_rates(page)
        drag(page, "White", -60, 40)
        after = check_forced_rates(page)
        assert after["base rate, White"] < before["base rate, White"] - 0.05
        drag(page, "Black", 2000, 0)  # far outside the drawing
        assert check_forced_rates(page)["base rate, Black"] == 0.99


def test_impossibility_by_finger(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}/fairness/impossibility.html")
    page.locator('[data-ready="impossibility"]').wait_for()
    x, y = centre(page, "White")
    scrolled = page.evaluate("scrollY")
    touch = context.new_cdp_session(page)
    for kind, dx, dy in (("touchStart", 0, 0), ("touchMove", 20, -30), ("touchMove", 40, -60), ("touchEnd", 0, 0)):
        points = [] if kind == "touchEnd" else [{"x": x + dx, "y": y + dy}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert check_forced_rates(page)["base rate, White"] > 0.5
    assert page.evaluate("scrollY") == scrolled
    context.close()


# Thresholds


@pytest.fixture(scope="module")
def fico() -> dict:
    record = recorded.load("thresholds")
    return {
        group: ScoreCounts.from_rates(
            record["thresholds"],
            rates["fpr"],
            rates["tpr"],
            negatives=rates["people"] * (1 - rates["repay"]),
            positives=rates["people"] * rates["repay"],
        )
        for group, rates in record["fico"].items()
    }


def check_rule(page, fico, rule):
    """The printed table and profit are those that the library expects of a rule."""
    expected = rule.expected_rates(fico)
    best = fit_maximum_profit(fico, false_positive_cost=COST, false_negative_cost=GAIN).expected_rates(fico)
    for k, group in enumerate(fico):
        row = page.locator(".drag-table tbody tr").filter(has=page.get_by_role("rowheader", name=group, exact=True))
        for rate, values in (
            ("selection", expected.selection_rate),
            ("tpr", expected.tpr),
            ("fpr", expected.fpr),
        ):
            assert float(row.locator(f'[data-rate="{rate}"]').inner_text()) == pytest.approx(values[k], abs=0.00051)
    share = 100 * expected.profit(GAIN, COST) / best.profit(GAIN, COST)
    said = page.locator(".drag-said").inner_text()
    assert float(re.fullmatch(r"Profit: (-?[\d.]+)% of the most\.", said)[1]) == pytest.approx(share, abs=0.051)


def plain_rule(page, fico):
    """The rule without coins that the sliders show."""
    thresholds = recorded.load("thresholds")["thresholds"]
    at = {group: thresholds[slider(page, group).evaluate("input => input.valueAsNumber")] for group in fico}
    for group, threshold in at.items():
        assert slider(page, group).get_attribute("aria-valuetext") == f"from {threshold}"
    return AcceptanceRule({g: AcceptanceSteps.from_mixture([t], [1]) for g, t in at.items()})


def test_every_rule_by_keyboard(visit, fico):
    with figure(visit, "thresholds") as page:
        for name, fit in RULES.items():
            button = page.get_by_role("button", name=name, exact=True)
            button.focus()
            page.keyboard.press("Enter")
            assert button.get_attribute("aria-pressed") == "true"
            assert page.locator('.drag-buttons [aria-pressed="true"]').count() == 1
            check_rule(page, fico, fit(fico, false_positive_cost=COST, false_negative_cost=GAIN))


def test_thresholds_by_keyboard(visit, fico):
    with figure(visit, "thresholds") as page:
        check_rule(page, fico, plain_rule(page, fico))  # the most profitable thresholds need no coins
        moves = {"Black": ["ArrowLeft"] * 9, "Asian": ["End"], "White": ["Home"], "Hispanic": ["PageUp", "ArrowLeft"]}
        for group, keys in moves.items():
            press(page, group, *keys)
            check_rule(page, fico, plain_rule(page, fico))
        assert page.locator('.drag-buttons [aria-pressed="true"]').count() == 0


def test_thresholds_by_mouse(visit, fico):
    with figure(visit, "thresholds") as page:
        before = slider(page, "Black").evaluate("input => input.valueAsNumber")
        drag(page, "Black", 60, -150)
        assert slider(page, "Black").evaluate("input => input.valueAsNumber") < before
        check_rule(page, fico, plain_rule(page, fico))


# Both


@each_figure
def test_without_scripts_the_picture_stays(browser, site, name):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/fairness/{name}.html")
    picture = page.locator(f"#fig-{name}-drag img")
    assert picture.is_visible()
    assert len(picture.get_attribute("alt")) > 80
    assert page.locator(".drag").count() == 0
    context.close()


@each_figure
def test_the_picture_is_printed(visit, name):
    with figure(visit, name) as page:
        picture, drawing = page.locator(f"#fig-{name}-drag img"), page.locator(".drag")
        assert drawing.is_visible()
        assert not picture.is_visible()
        page.emulate_media(media="print")
        assert picture.is_visible()
        assert not drawing.is_visible()


@each_figure
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_and_inside_the_screen_after_use(visit, axe, name, scheme):
    with figure(visit, name, scheme, width=320) as page:
        for at in page.get_by_role("slider").all():
            at.focus()
            page.keyboard.press("ArrowRight")
        assert axe(page, f"{name}, {scheme}") == []
        box = page.locator(".drag").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert page.evaluate("document.querySelector('.drag').getAnimations({subtree: true}).length") == 0


@each_figure
def test_the_numbers_are_only_on_their_page(visit, name):
    with figure(visit, name) as page:
        scripts = page.evaluate("[...document.scripts].map(script => script.src).filter(src => src.includes('drag_'))")
        assert [f"drag_{name}.mjs" in script for script in scripts] == [True]
        json.loads(page.locator(f'script[data-drag="{name}"]').text_content())
