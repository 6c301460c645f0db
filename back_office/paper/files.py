"""Files of the lists: written whole or not at all, readable by their owner alone, and no longer there than needed.

While the database is away nothing is written, and the last lists stay.
"""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from back_office.paper import lists
from back_office.paper.lists import PaperDay
from foundation.accounts.actors import system
from foundation.audit import trail
from foundation.whole_files import write_whole

DAYS = 2
"""Today and tomorrow."""
OURS = re.compile(r"\d{4}-\d\d-\d\d\.html(\.new)?")
STYLE = Path(settings.BASE_DIR, "static", "css", "paper.css")


def write(folder: Path) -> list[Path]:
    """Writes the list of each day into the folder and returns the files; the lists of other days are removed.

    Raises OSError for a folder that takes no files.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    first = lists.today()
    days = [PaperDay.of(first + timedelta(days=number)) for number in range(DAYS)]
    files = [write_whole(folder / f"{each.day}.html", _text_of(each)) for each in days]
    _remove_others(folder, files)
    for each in days:
        trail.record(by=system("paper"), action="lists.exported", day=str(each.day), visits=len(each.patients))
    return files


def _text_of(day: PaperDay) -> str:
    style = mark_safe(STYLE.read_text(encoding="utf-8"))  # a file of our own
    return render_to_string("back_office/paper/file.html", {"paper": day, "style": style})


def _remove_others(folder: Path, files: list[Path]) -> None:
    for file in folder.iterdir():
        if OURS.fullmatch(file.name) and file not in files:
            file.unlink()
