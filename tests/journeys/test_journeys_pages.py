"""Every page for everybody: its width, direction and headings, and what axe and the browser say."""

import pytest
from playwright.sync_api import Page
from walk import LANGUAGES, MISSING, PUBLIC, SIGNED_IN, faults


def expect_sound(visitor, paths, status: int = 200) -> None:
    """Visits each page in each language; fails with all that is wrong and where."""
    found = []
    for language in LANGUAGES:
        for path in paths:
            response = visitor.page.goto(f"{visitor.site.address}/{language}/{path}")
            if response.status != status:
                found.append(f"{language} {path} answers {response.status}")
            found += [f"{language} {path} {fault}" for fault in faults(visitor.page, language)]
    assert not found, "\n".join(found)


def first_submission(page: Page, address: str) -> str:
    """The path of the first submission in the queue, without the language."""
    page.goto(f"{address}/en/submissions/")
    found = page.locator("main tbody a").first.get_attribute("href")
    return str(found).removeprefix("/en/")


class TestEveryPage:
    def test_is_sound_for_the_public(self, scripted):
        expect_sound(scripted, PUBLIC)

    @pytest.mark.parametrize("name", sorted(SIGNED_IN))
    def test_is_sound_for_somebody_signed_in(self, scripted, name):
        scripted.sign_in(name)
        expect_sound(scripted, SIGNED_IN[name])

    @pytest.mark.parametrize("name", ["urcdb.approve", "qa"])
    def test_is_sound_when_it_shows_one_submission(self, scripted, name):
        page = scripted.sign_in(name)
        expect_sound(scripted, [first_submission(page, scripted.site.address)])

    def test_is_sound_when_there_is_no_such_page(self, scripted):
        expect_sound(scripted, [MISSING], status=404)
        # The browser itself notes that the page was not found, once a language.
        assert ["404" in complaint for complaint in scripted.complaints] == [True, True]
        scripted.complaints.clear()
