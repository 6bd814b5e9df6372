"""The character NUL never reaches the database."""

import pytest
from django.test import Client


class TestNul:
    @pytest.mark.parametrize(
        "path",
        [
            "/en/results/%00/",
            "/en/plan/wordings/%00/",
            "/en/offices/%00/2017/",
            "/en/offices/ROAP/%00/",
            "/en/periods/%00/",
            "/api/v1/indicators/%00/",
        ],
    )
    def test_in_an_address_is_not_found(self, site: dict[str, object], path: str) -> None:
        client = Client()
        client.force_login(site["qa"])  # type: ignore[arg-type]
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("path", ["/en/results/?period=%00", "/en/overview/?office=%00"])
    def test_in_a_query_is_refused(self, site: dict[str, object], path: str) -> None:
        client = Client()
        client.force_login(site["manager"])  # type: ignore[arg-type]
        assert client.get(path).status_code == 400

    def test_in_a_form_is_refused(self, site: dict[str, object]) -> None:
        client = Client()
        client.force_login(site["roap.enter"])  # type: ignore[arg-type]
        answer = client.post("/en/offices/ROAP/2017/", {"EA3.a.1-value": "1\0"})
        assert answer.status_code == 400
