"""The served site, and people at their browsers."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

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
