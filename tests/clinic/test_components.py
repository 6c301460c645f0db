"""A component is used by pages and shown in the style guide; nobody draws by hand what a component draws."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from clinic.templatetags import components

TEMPLATES = Path(settings.BASE_DIR) / "templates"
HOME = TEMPLATES / "components"
GUIDE = TEMPLATES / "back_office" / "styleguide.html"
COMPONENTS = sorted(path.stem for path in HOME.glob("[!_]*.html"))
DRAWN = {"notice": "notice", "nothing": "nothing", "table": "table-wrap", "facts": "facts", "status": "status"}
"""Components that a tag draws, and the class by which a copy of each is known."""


def uses(name: str, text: str) -> bool:
    return bool(re.search(rf"\{{% {name} |\"components/{name}\.html\"", text))


def copies(text: str) -> set[str]:
    """Returns classes of components in what is written by hand."""
    written = {name for value in re.findall(r'class="([^"]*)"', text) for name in value.split()}
    return written & set(DRAWN.values())


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_used_and_is_in_the_style_guide(name):
    pages = [path for path in TEMPLATES.rglob("*.html") if path != GUIDE]
    assert any(uses(name, path.read_text(encoding="utf-8")) for path in pages if path.stem != name), "drop it"
    shown = [GUIDE, *(HOME.glob("*.html")), *(path for path in pages if path.name == "base.html")]
    assert any(uses(name, path.read_text(encoding="utf-8")) for path in shown), "show it in the style guide"


def test_what_a_tag_draws_is_drawn_by_tags_alone():
    assert set(components.register.tags) == set(DRAWN)
    by_hand = {
        path.name: copies(path.read_text(encoding="utf-8")) for path in TEMPLATES.rglob("*.html") if path.parent != HOME
    }
    assert {name: found for name, found in by_hand.items() if found} == {}


def test_a_copy_and_an_unused_component_are_noticed():
    assert copies('<p class="notice notice--info">{{ text }}</p>') == {"notice"}
    assert not uses("notice", '{% noticeable "info" %}')
    assert not uses("field", '{% include "components/_field_help.html" %}')
