"""A long file costs no more memory than a short one, from its bytes to its rows in the database."""

import long_door
import pytest

SHORT = 2_000
MOST_GROWTH = 60
MOST = 200
"""Megabytes."""


@pytest.mark.drill
def test_memory_stays_flat_as_a_file_grows(migrated, tell, rounds):
    rows = rounds(6_000, 100_000)
    files = (("csv", SHORT), ("csv", rows), ("xlsx", rows))
    short, csv, xlsx = long_door.through_the_door(*files, ready=migrated)
    for kind, found in (("csv", csv), ("xlsx", xlsx)):
        assert sum(found["read"]["counts"].values()) == rows
        assert found["read"]["counts"]["refused"] == 0
        assert found["save"]["state"] == "done"
        for step in ("read", "save"):
            peak, before = found[step]["peak"], short[step]["peak"]
            tell(
                f"long files: .{kind} of {rows} rows, {step}: peak {peak:.0f} MB, "
                f"{SHORT} rows {before:.0f} MB"
            )
            assert peak - before < MOST_GROWTH
            assert peak < MOST
