"""The copy of the demonstration that most tests of reports work on is what the load makes."""

import loaded_rows
import pytest
from demonstration_data import AT, load
from django.db import connection
from loaded_rows import copy, load_or_copy, rows_by_table
from once import undone

from organization.models import User

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="loaded anew elsewhere")


def rows_without_salt():
    """A password is stored with a salt of its own."""
    User.objects.update(password="salted")
    return rows_by_table()


class TestCopy:
    def test_equals_what_is_loaded_row_by_row(self, db, monkeypatch):
        monkeypatch.setattr(loaded_rows, "_kept", {})
        with undone():
            load_or_copy()
        with undone():
            copy()
            copied = rows_without_salt()
        load(AT)
        loaded = rows_without_salt()
        assert len(loaded["indicators_observation"]) > 10_000
        assert [table for table in loaded if loaded[table] != copied[table]] == []
