"""Files that are written whole or not at all, and that only their owner may read."""

import os
from pathlib import Path


def write_whole(file: Path, text: str) -> Path:
    """Writes beside the file and moves it there: whoever reads it has the one before or this one.

    A power cut leaves one of the two as well. Raises OSError for a folder that takes no file.
    """
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as output:
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    new.replace(file)
    return file
