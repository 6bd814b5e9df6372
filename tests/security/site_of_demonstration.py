"""Who takes part in the tests of the whole site."""

PEOPLE = (
    "administrator",
    "committee",
    "editor",
    "evaluation",
    "manager",
    "qa",
    "roap.approve",
    "roap.enter",
    "urcdb.approve",
)
