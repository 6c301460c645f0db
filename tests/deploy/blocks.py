"""The commands of docs/deploy.md: every block that begins with ```sh and a name is typed by the drill."""

import re
from pathlib import Path

from standalone.supervisor import ROOT

DOCUMENT = Path(ROOT, "docs", "deploy.md")
BLOCK = re.compile(r"^```sh(?: ([\w-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """Returns name and text of each block, in the order of the document."""
    return BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
