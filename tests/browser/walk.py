"""A walk over many pages: each is looked at as it opens and once more in a window of 320 pixels."""

from django.urls import reverse

from tests.browser.conftest import Person

NARROW = {"width": 320, "height": 640}
SEND = """([address, typed]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: address });
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of Object.entries({ ...typed, csrfmiddlewaretoken: token }))
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(form);
    form.submit();
}"""
TOO_WIDE = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const scrolls = (node) => node && (getComputedStyle(node).overflowX !== "visible" || scrolls(node.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter(
        (node) => node.getBoundingClientRect().right > root.clientWidth && !scrolls(node.parentElement));
    return [`${root.scrollWidth} px wide: ${wide.slice(-2).map((node) => node.outerHTML.slice(0, 160)).join(" | ")}`];
}"""


class Walk:
    """A walk that goes on after a page with a problem, so that one run names all `problems`."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.problems: list[str] = []
        self.seen = 0

    def to(self, name: str, *args: object, query: str = "", status: int = 200):
        """Opens a page by the name of its address, or by the address itself."""
        address = name if name.startswith("/") else reverse(name, args=args)
        response = self.page.goto(self.person.base + address + (f"?{query}" if query else ""))
        return self._check(response.status, status)

    def send(self, name: str, *args: object, query: str = "", status: int = 422, **typed: str):
        """Sends a form as it may come from any browser, and stays where the answer leads."""
        address = reverse(name, args=args) + (f"?{query}" if query else "")
        typed = {field: str(value) for field, value in typed.items()}
        with self.page.expect_navigation() as going:
            self.page.evaluate(SEND, [address, typed])
        return self._check(going.value.status, status)

    def press(self, button: str, *, status: int = 200):
        with self.page.expect_navigation() as going:
            self.page.locator(button).first.click()
        return self._check(going.value.status, status)

    def check(self):
        """Checks the page as it stands, when it has changed by itself."""
        return self._check(200, 200)

    def _check(self, status: int, wanted: int):
        self.seen += 1
        found = self.person.problems()
        self.page.set_viewport_size(NARROW)
        found += self.page.evaluate(TOO_WIDE)
        self.page.set_viewport_size({"width": 1366, "height": 768})
        if status != wanted:
            found.append(f"answered {status}, not {wanted}")
        where = self.page.url.removeprefix(self.person.base)
        self.problems += [f"{self.seen}. {where}: {problem}" for problem in found]
        return self
