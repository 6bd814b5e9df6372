"""Headers on every status (reliability check 9).

That every route carries the headers, whoever asks and by whatever method, is looked at where all of
them are asked: `test_security_matrix.py`.
"""

import pytest
from answer_headers import check_headers
from django.test import Client
from routes import ROUTES, known_routes


class TestEveryRoute:
    def test_has_a_row_in_the_table(self) -> None:
        assert known_routes() == set(ROUTES)


class TestEveryStatus:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/en/", 200),
            ("/", 302),
            ("/en/no/such/page/", 404),
            ("/en/results/XX9.9/", 404),
            ("/en/overview/", 302),
            ("/api/v1/indicators/?nonsense=1", 400),
        ],
    )
    def test_carries_the_headers(self, site: dict[str, object], path: str, status: int) -> None:
        response = Client().get(path)
        assert response.status_code == status
        check_headers(response)

    def test_of_a_wrong_method_carries_them(self, site: dict[str, object]) -> None:
        client = Client()
        client.force_login(site["qa"])  # type: ignore[arg-type]
        response = client.delete("/en/sign-out/")
        assert response.status_code == 405
        check_headers(response)
