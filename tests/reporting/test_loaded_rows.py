"""The copy of the demonstration that most tests of reports work on is what the load makes."""

import loaded_rows
import pytest
from django.db import connection
from loaded_rows import copy, load_or_copy, rows_by_table
from once import undone

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="loaded anew elsewhere")


class TestCopy:
    def test_equals_what_is_loaded_row_by_row(self, db, monkeypatch):
        monkeypatch.setattr(loaded_rows, "_kept", {})
        with undone():
            load_or_copy()
            loaded = rows_by_table()
        copy()
        copied = rows_by_table()
        assert len(loaded["indicators_observation"]) > 10_000
        assert [table for table in loaded if loaded[table] != copied[table]] == []
