"""Files on disk: all of a file is there, or nothing of it."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(target: Path, content: bytes, *, mode: int) -> None:
    """Writes a file under a temporary name and renames it: all of it is there, or nothing.

    Raises OSError if the folder or the disk refuses it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(mode)
            temporary.replace(target)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
