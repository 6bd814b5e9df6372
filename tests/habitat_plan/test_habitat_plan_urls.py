"""The addresses of the site as wired: language first, probes outside, designed errors."""

import pytest
from django.urls import get_resolver, resolve

from habitat_plan import views


class TestAddresses:
    def test_of_probes_carry_no_language(self):
        assert resolve("/healthz").func is views.healthz
        assert resolve("/readyz").func is views.readyz
        assert resolve("/").func is views.best_language

    @pytest.mark.parametrize(
        ("status", "view"),
        [
            (400, views.bad_request),
            (403, views.permission_denied),
            (404, views.page_not_found),
            (500, views.server_error),
        ],
    )
    def test_that_fail_lead_to_designed_pages(self, status, view):
        assert get_resolver().resolve_error_handler(status) is view

    @pytest.mark.parametrize("code", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_unknown_ones_say_so_in_their_language(self, client, code):
        response = client.get(f"/{code}/no-such-page/")
        assert response.status_code == 404
        assert f'<html lang="{code}"' in response.content.decode()
