"""Where the published data lie that our fixtures were taken from."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of published data beside the repository, `../shared/data`.

    It is not part of the repository. Continuous integration (CI=true) must have it; elsewhere
    the comparison is skipped and says so.
    """
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        reason = "the published data are not at ../shared/data beside the repository"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
