"""A report reads all its figures at one moment. No transaction of a module is around this test."""

from django.db import connection
from pytest_django import DjangoDbBlocker

from reporting import services


class TestOneMoment:
    def test_keeps_what_others_commit_meanwhile_out(
        self, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ):
        # SQLite lets nobody else write meanwhile; PostgreSQL reads one snapshot.
        with django_db_blocker.unblock():
            try:
                with services.at_one_moment():
                    assert connection.in_atomic_block
                    if connection.vendor == "postgresql":
                        with connection.cursor() as cursor:
                            cursor.execute("SHOW transaction_isolation")
                            assert cursor.fetchone() == ("repeatable read",)
            finally:
                connection.close()
