"""Documents are true: decisions have a status and stand in their index, links lead somewhere, the map is short."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "DEVELOPERS.md", *ROOT.glob("docs/**/*.md")]
MAP_LINES = 25


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_a_number_a_status_and_a_date(path):
    heading = re.match(
        r"# (\d+)\. (.+)\n\nStatus: (accepted|superseded by ADR \d+) *\nDate: (\d{4}-\d\d-\d\d)\n\n\S", path.read_text()
    )
    assert heading, "the heading is «# N. Title», then «Status: …» and «Date: …»"
    assert int(heading[1]) == int(path.name[:4])


def test_the_index_lists_every_decision_as_it_is():
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    listed = re.findall(r"^\| (\d+) \| \[(.+?)\]\((\S+?)\) \| (.+?) \| (\S+) \|$", index, re.MULTILINE)
    expected = []
    for path in DECISIONS:
        number, title, status, date = re.match(
            r"# (\d+)\. (.+)\n\nStatus: (.+?) *\nDate: (\S+)", path.read_text()
        ).groups()
        expected.append((number, title, path.name, status, date))
    assert listed == expected


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(path):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_map_of_the_code_is_short():
    readme = (ROOT / "README.md").read_text()
    chapter = re.search(r"^## Map of the code\n(.+?)^## ", readme, re.MULTILINE | re.DOTALL)[1]
    block = re.search(r"```\n(.+?)```", chapter, re.DOTALL)[1]
    assert len(block.splitlines()) <= MAP_LINES


FLOORS = (
    "clinic",
    "booking_site",
    "back_office",
    "booking",
    "waitlist",
    "worklist",
    "scheduling",
    "patients",
    "foundation",
)
STEP = re.compile(r"^(\d+)\. `([\w/]+\.py)` `(\w+)`: ", re.MULTILINE)
MOST_STEPS = 8


def ways():
    """Returns the numbered lists of the tour: each is a way of (file, name)."""
    tour = (ROOT / "docs" / "tour.md").read_text()
    found: list[list[tuple[str, str]]] = []
    for number, path, name in STEP.findall(tour):
        if number == "1":
            found.append([])
        found[-1].append((path, name))
    return found


def test_the_tour_names_functions_that_are_there():
    steps = [step for way in ways() for step in way]
    gone = [
        f"{path} {name}"
        for path, name in steps
        if not re.search(rf"^\s*(def|class) {name}\b", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert gone == []
    assert len(steps) >= 20


def test_the_tour_always_leads_downwards_in_few_steps():
    for way in ways():
        floors = [FLOORS.index(path.split("/")[0]) for path, _name in way]
        assert floors == sorted(floors), way
        assert len(way) <= MOST_STEPS, way
