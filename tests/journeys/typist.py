"""A person without a mouse: whatever leads on is reached by Tab, pressed by a key, and seen."""

from playwright.sync_api import Locator

from tests.journeys.visitor import Visitor

MOST = 250  # presses of Tab on one page
IS_HERE = "control => control === document.activeElement"
# Whether what has the focus shows it, on the screen and under nothing else.
UNSEEN = """() => {
    const here = document.activeElement, look = getComputedStyle(here);
    if (here === document.body || here.type === "date") return "";  // rings of the browser's own
    const box = here.getClientRects()[0], name = here.outerHTML.slice(0, 120);
    if (!box) return "not drawn: " + name;
    if (look.outlineStyle === "none" && look.boxShadow === "none") return "no ring: " + name;
    const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;  // of what shows
    const top = document.elementFromPoint(
        middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
    return top && (here.contains(top) || top.contains(here)) ? "" : "covered: " + name;
}"""
STEPS = """(choice, words) =>
    [...choice.options].findIndex(line => line.text.startsWith(words)) - choice.selectedIndex"""


class Typist(Visitor):
    def reach(self, control: Locator) -> None:
        for _press in range(MOST):
            if control.evaluate(IS_HERE):
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(UNSEEN) == "", self.page.url
        raise AssertionError(f"Tab does not lead to {control}")

    def push(self, control: Locator) -> None:
        """A box is ticked by the space bar; Enter would send its form."""
        self.reach(control)
        self.clicks += 1
        is_box = control.get_attribute("type") in ("checkbox", "radio")
        self.page.keyboard.press("Space" if is_box else "Enter")

    def write(self, control: Locator, words: str) -> None:
        """Into a field, or down a choice to the first line that begins so."""
        self.reach(control)
        keys = self.page.keyboard
        if control.evaluate("control => control.localName") != "select":
            keys.insert_text(words)
            return
        steps = control.evaluate(STEPS, words)
        for _step in range(abs(steps)):
            keys.press("ArrowDown" if steps > 0 else "ArrowUp")
