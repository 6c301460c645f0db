"""Every English string of the product has a finished Russian translation."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
APPS = (
    "clinic",
    "foundation",
    "patients",
    "notifications",
    "telephony",
    "scheduling",
    "worklist",
    "waitlist",
    "booking_site",
    "back_office",
)


def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ru")


def test_nothing_is_missing_or_fuzzy():
    unfinished = [
        message.id
        for message in catalogue()
        if message.id
        and (message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string))
    ]
    assert unfinished == []


def test_placeholders_are_the_same_in_both_languages():
    broken = []
    for message in catalogue():
        ids, strings = ([value] if isinstance(value, str) else list(value) for value in (message.id, message.string))
        wanted = set(re.findall(r"%\(\w+\)[sd]", " ".join(ids)))
        broken += [text for text in strings if message.id and set(re.findall(r"%\(\w+\)[sd]", text)) - wanted]
        if isinstance(message.id, str) and set(re.findall(r"%\(\w+\)[sd]", message.string)) != wanted and message.id:
            broken.append(message.string)
    assert broken == []


@pytest.mark.skipif(which("xgettext") is None, reason="gettext is not installed: apt install gettext")
def test_every_string_of_the_code_is_in_the_catalogue(tmp_path):
    """Collects the strings as `makemessages` does, into a folder of its own."""
    found = tmp_path / "found.pot"
    sources = [*ROOT.glob("templates/**/*.html"), *(path for app in APPS for path in (ROOT / app).glob("**/*.py"))]
    _extract(sources, found, tmp_path)
    known = {(message.context, _first(message.id)) for message in catalogue()}
    with found.open("rb") as file:
        missing = [
            message.id for message in read_po(file) if message.id and (message.context, _first(message.id)) not in known
        ]
    assert missing == []


def _first(message_id):
    return message_id if isinstance(message_id, str) else message_id[0]


def _extract(sources, target, folder):
    from django.utils.translation.template import templatize

    files = []
    for number, source in enumerate(sorted(sources)):
        if "migrations" in source.parts:
            continue
        text = source.read_text(encoding="utf-8")
        copy = folder / f"{number}.py"
        copy.write_text(templatize(text, origin=str(source)) if source.suffix == ".html" else text, encoding="utf-8")
        files.append(copy.name)
    keywords = ["-k_", "-kgettext_noop", "-kgettext_lazy", "-kngettext_lazy:1,2", "-kpgettext:1c,2"]
    keywords += ["-knpgettext:1c,2,3", "-kpgettext_lazy:1c,2", "-knpgettext_lazy:1c,2,3"]
    (folder / "files").write_text("\n".join(files))
    subprocess.run(
        ["xgettext", "--from-code=UTF-8", "-L", "Python", *keywords, "-f", "files", "-o", str(target)],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    template = target.read_text(encoding="utf-8")
    target.write_text(template.replace("nplurals=INTEGER; plural=EXPRESSION;", "nplurals=2; plural=(n != 1);"))
