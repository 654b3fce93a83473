"""What every page of the book is held to, at a desk and on a phone, light and dark."""

import pytest

STILL = "*, *::before, *::after { animation: none !important; transition: none !important; }"

# By the second frame after a change of size, what observes it (seeing.js does) has been told.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

PICTURES = """() => [...document.querySelectorAll('article img, article svg, article video, article canvas')]
    .filter(picture => !picture.closest('[aria-hidden=true], button'))  // icons: the control has the name
    .map(picture => ({
        html: picture.outerHTML.slice(0, 160),
        file: (picture.getAttribute('src') ?? '').startsWith('data:') ? '' : (picture.getAttribute('src') ?? ''),
        name: picture.getAttribute(picture.tagName === 'IMG' ? 'alt' : 'aria-label') ?? '',
        caption: picture.closest('figure')?.querySelector('figcaption')?.textContent.trim() ?? '',
        loaded: picture.tagName !== 'IMG' || picture.naturalWidth > 0,
    }))"""

UNSET_MATH = """() => [...document.querySelectorAll('article .math')]
    .filter(math => !math.querySelector('mjx-container') || math.querySelector('mjx-merror'))
    .map(math => math.textContent.trim().slice(0, 160))"""

WIDER = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const wide = [...document.querySelectorAll('main .bd-article-container *')]
        .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('pre, mjx-container'));
    return `${root.scrollWidth - root.clientWidth} px, by ` +
        (wide.map(e => e.outerHTML.slice(0, 120)).slice(-3).join(' | ') || 'an element of no size');
}"""

OUT_OF_SIGHT = """() => [...document.querySelectorAll('.results td.verdict')]
    .filter(cell => cell.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(cell => `${cell.previousElementSibling.textContent}: ${cell.textContent}`)"""

CUT_IN_PRINT = """() => [...document.querySelectorAll('article :is(pre, table, img, .results)')]
    .filter(box => box.clientWidth > 0 && !box.closest('figcaption'))
    .filter(box => box.scrollWidth > box.clientWidth + 1
        || box.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(box => `${box.tagName} ${box.textContent.trim().slice(0, 80)}`)"""

CLOSED_IN_PRINT = """() => [...document.querySelectorAll('article details.solution > section')]
    .filter(answer => answer.getBoundingClientRect().height === 0)
    .map(answer => answer.parentElement.textContent.trim().slice(0, 80))"""

STRETCHED = """() => [...document.querySelectorAll('article img')]
    .filter(picture => picture.naturalWidth > 0 && picture.clientWidth > 0)
    .filter(picture => !picture.getAttribute('src').endsWith('.svg'))
    .filter(picture => {
        const style = getComputedStyle(picture);  // dark pages draw pictures on a card, with a margin inside
        const inside = (size, a, b) => size - parseFloat(style[`padding${a}`]) - parseFloat(style[`padding${b}`]);
        const width = inside(picture.clientWidth, 'Left', 'Right');
        const height = inside(picture.clientHeight, 'Top', 'Bottom');
        return Math.abs(height - width * picture.naturalHeight / picture.naturalWidth) > 2 + height / 50;
    })
    .map(picture => picture.outerHTML.slice(0, 160))"""

PAPER = {"width": 700, "height": 1000}  # CSS pixels of an A4 page less its margins


def picture_problems(pictures: list[dict]) -> list[str]:
    """What the page's pictures lack: an alt text that says something, a caption, or the file."""
    found = []
    for picture in pictures:
        name = picture["name"].strip()
        if len(name.split()) < 3 or "/" in name or name.endswith((".png", ".svg", ".jpg")):
            found.append(f"alt text {name!r} does not say what the picture shows: {picture['html']}")
        if not picture["caption"]:
            found.append(f"no caption: {picture['html']}")
        if not picture["loaded"]:
            found.append(f"the file is missing or broken: {picture['html']}")
    return found


def scroll_problems(page, width: int) -> list[str]:
    """Whether the page as a whole scrolls sideways at a width."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(TWO_FRAMES)
    wider = page.evaluate(WIDER)
    return [f"at {width} px the page scrolls sideways by {wider}"] if wider else []


def stretched_problems(page, width: int) -> list[str]:
    """Pictures whose sides are no longer in proportion."""
    return [f"at {width} px it is stretched: {picture}" for picture in page.evaluate(STRETCHED)]


def verdict_problems(page, width: int) -> list[str]:
    """Verdicts of tables that a phone shows only after scrolling."""
    return [f"at {width} px the verdict is off the screen: {row}" for row in page.evaluate(OUT_OF_SIGHT)]


def print_problems(page) -> list[str]:
    """What paper would not show: code and tables that are cut off, answers that stay folded."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    page.evaluate(TWO_FRAMES)
    problems = [f"in print it is cut off: {box}" for box in page.evaluate(CUT_IN_PRINT)]
    return problems + [f"in print it stays folded: {answer}" for answer in page.evaluate(CLOSED_IN_PRINT)]


def test_nothing_is_cut_off_in_print(page_name, visit):
    with visit(page_name, "light") as seen:
        problems = print_problems(seen.page)
    assert not problems, f"{page_name} on paper, {len(problems)} problems:\n" + "\n".join(problems)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_complete_quiet_and_accessible(page_name, scheme, visit, axe):
    with visit(page_name, scheme) as seen:
        page = seen.page
        page.add_style_tag(content=STILL)
        # Folded answers and code are part of the page: open them, so that they are checked too.
        page.evaluate("document.querySelectorAll('article details').forEach(fold => { fold.open = true; })")
        problems = scroll_problems(page, 1280) + axe(page, f"{scheme}, 1280 px")
        problems += scroll_problems(page, 390) + axe(page, f"{scheme}, 390 px")
        problems += verdict_problems(page, 390) + stretched_problems(page, 390)
        problems += scroll_problems(page, 320) + verdict_problems(page, 320)
        problems += picture_problems(page.evaluate(PICTURES))
        problems += [f"math not set: {math}" for math in page.evaluate(UNSET_MATH)]
        problems += [f"asks another host: {url} (copy the file into the book, or drop it)" for url in seen.outside]
        problems += [f"console: {error}" for error in seen.errors]
    assert not problems, f"{page_name} in {scheme} mode, {len(problems)} problems:\n" + "\n".join(problems)
