"""What the tests of the board share: its eleven recommendations, made once for each module."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from board_rows import Shown, make_board
from once import undone
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shown]:
    """The board, in a transaction around all tests of a module that ask for it."""
    with django_db_blocker.unblock(), undone():
        yield make_board()


@pytest.fixture
def shown(made: Shown, db: None) -> Shown:
    """The board, for one test to read and change."""
    return deepcopy(made)
