"""What the first page costs on a slow line."""

import urllib.request

import pytest
from playwright.sync_api import Page, Response
from walk import LANGUAGES, PUBLIC

KILOBYTE = 1024
MOST = 60 * KILOBYTE
REQUESTS = 4


def first_load(page: Page, address: str) -> list[Response]:
    """Every answer that the page waits for when nothing is cached."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    return answers


def weight(answers: list[Response]) -> int:
    """Bytes of all bodies as they came over the line."""
    return sum(answer.request.sizes()["responseBodySize"] for answer in answers)


def compressed(answers: list[Response]) -> set[str]:
    """Kinds of answers that came compressed."""
    return {a.request.resource_type for a in answers if a.header_value("content-encoding")}


class TestFirstLoad:
    def test_of_the_home_page_is_light(self, scripted):
        answers = first_load(scripted.page, f"{scripted.site.address}/en/")
        assert 2 <= len(answers) <= REQUESTS
        assert 5 * KILOBYTE < weight(answers) < MOST
        assert compressed(answers) >= {"document", "stylesheet"}

    def test_of_the_entry_grid_is_light(self, scripted, browser):
        scripted.sign_in("roap.enter")
        context = browser.new_context(storage_state=scripted.context.storage_state())
        address = f"{scripted.site.address}/en/offices/ROAP/2017/"
        answers = first_load(context.new_page(), address)
        assert 2 <= len(answers) <= REQUESTS
        assert 5 * KILOBYTE < weight(answers) < MOST
        assert compressed(answers) >= {"document", "stylesheet"}
        context.close()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_public_pages_has_no_script_and_sets_no_cookie(self, site, language):
        for path in PUBLIC[:-1]:
            with urllib.request.urlopen(f"{site.address}/{language}/{path}") as answer:
                assert b"<script" not in answer.read(), path
                assert answer.headers["Set-Cookie"] is None, path
