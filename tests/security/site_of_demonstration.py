"""Who takes part in the tests of the whole site."""

PEOPLE = (
    "administrator",
    "committee",
    "editor",
    "manager",
    "qa",
    "roap.approve",
    "roap.enter",
    "urcdb.approve",
)
