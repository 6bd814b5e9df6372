"""What is dear to make and read by many tests is made once, and undone when they are through."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """A transaction, or a savepoint within one, that is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
