"""Tells whether what is made from the sources is older than they are."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def stale_catalogues(root: Path) -> bool:
    return any(
        not (compiled := source.with_suffix(".mo")).exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns
        for source in root.glob("locale/*/LC_MESSAGES/django.po")
    )


def static_mark(root: Path) -> str:
    """Returns a mark that changes with every static file of ours and with every installation of libraries."""
    ours = (path for pattern in ("static", "*/static", "foundation/*/static") for path in root.glob(pattern))
    files = [file for folder in ours for file in folder.rglob("*") if file.is_file()]
    return digest([*files, *root.glob(".venv/installed-*"), root / "clinic" / "settings.py"])


def digest(files: Iterable[Path]) -> str:
    facts = sorted(f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files)
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
