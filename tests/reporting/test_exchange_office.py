"""The DOCX in LibreOffice: opened and saved there, it still comes back as it went."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from handed_off import ARABIC, BODY, handed_off, shown

from reporting.exchange import check_section, digest_of, read_returned, write_word
from reporting.rules.markup import parse


@pytest.fixture
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed, and CI must run this test")
        pytest.skip("LibreOffice is not installed")
    return found


def saved_again(soffice: str, content: bytes, folder: Path) -> bytes:
    """The file as LibreOffice writes it."""
    given, out = folder / "given.docx", folder / "out"
    given.write_bytes(content)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "docx",
            "--outdir",
            str(out),
            str(given),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (out / "given.docx").read_bytes()


class TestLibreOffice:
    def test_a_file_that_it_saved_still_returns(self, soffice: str, tmp_path: Path) -> None:
        content = write_word(handed_off(BODY, ARABIC))
        found = read_returned(saved_again(soffice, content, tmp_path))
        section = found.sections[0]
        assert (found.source, found.target) == ("en", "ar")
        assert (section.code, section.revision, section.digest) == (
            "highlights",
            3,
            digest_of(BODY),
        )
        checked = check_section(section, parse(BODY), original="en", target="ar", kept={})
        assert checked.problems == ()
        assert checked.missing == ()
        assert shown(checked.body) == shown(ARABIC)

    def test_the_source_that_the_file_carries_stays_in_it(
        self, soffice: str, tmp_path: Path
    ) -> None:
        content = saved_again(soffice, write_word(handed_off(BODY, ARABIC)), tmp_path)
        assert read_returned(content).sections[0].body == BODY
