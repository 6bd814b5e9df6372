"""The served site, and people at their browsers."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

DOMAIN = "demo.example.org"


@dataclass(frozen=True)
class Site:
    """A served demonstration: its address and the password of its people."""

    address: str
    password: str
    data: Path


class Visitor:
    """A person at a browser; keeps what the browser complains about on the way."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or message.type == "error":
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        """Opens an address of the site."""
        self.page.goto(self.site.address + path)
        return self.page

    def sign_in(self, name: str, language: str = "en") -> Page:
        """Signs in through the page, as people do."""
        self.go(f"/{language}/sign-in/")
        self.page.locator("input[name=username]").fill(f"{name}@{DOMAIN}")
        self.page.locator("input[name=password]").fill(self.site.password)
        self.page.locator("main form button").click()
        self.page.wait_for_url("**/work/")
        return self.page


class People:
    """Each person at a browser of their own, with scripts switched off; opened when asked for."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.visitors: dict[str, Visitor] = {}

    def __getitem__(self, name: str) -> Visitor:
        """The person of this name, signed in; "the public" is not."""
        if name not in self.visitors:
            visitor = Visitor(self.browser.new_context(java_script_enabled=False), self.site)
            self.visitors[name] = visitor
            if name != "the public":
                visitor.sign_in(name)
        return self.visitors[name]

    def leave(self) -> None:
        """Closes all browsers; fails if one of them complained."""
        for visitor in self.visitors.values():
            visitor.context.close()
        complaints = [one for visitor in self.visitors.values() for one in visitor.complaints]
        # The browser notes each refusal; nothing else may be wrong.
        assert [one for one in complaints if not one.startswith("Failed to load resource")] == []

    def status(self, name: str, path: str) -> int:
        """What the site answers to a person who asks for an address."""
        response = self[name].page.goto(self.site.address + path)
        assert response is not None
        return response.status


def message(page: Page) -> Locator:
    """What the page says about what was just done."""
    return page.get_by_role("alert").or_(page.get_by_role("status"))


def press(page: Page, name: str) -> None:
    """Presses the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def row(page: Page, words: str) -> Locator:
    """The row of a table that has these words."""
    return page.get_by_role("row").filter(has_text=words)
