"""Who comes to a visit, and what the rules let the clinic ask of them: written out, not computed (domain §3.3)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape

from django.conf import settings

from patients.choices import Relation
from patients.demandable import Demandable
from tests import factories as make

NOON = datetime(2027, 6, 1, 9, tzinfo=UTC)
DAYS = 3
"""The visit is so many days ahead, and the birthday is on its day or the day after."""
ID, BIRTH, POWER = Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE, Demandable.POWER_OF_ATTORNEY


@dataclass(frozen=True, slots=True)
class Comes:
    """A patient who comes to be so old on the day of the visit or `late` days after it, and who acts for them."""

    years: int
    relation: Relation | None
    papers: frozenset[Demandable]
    minor: int | None = None
    """The age from which on the sentence is told that this patient hears."""
    late: int = 0

    def born(self, day: date) -> date:
        return make.born(self.years, on=day + timedelta(days=self.late))

    @property
    def told(self) -> tuple[set, set]:
        return set(self.papers), {self.minor} - {None}


OWN, WITH_PARENT, WITH_OTHER = frozenset({ID}), frozenset({ID, BIRTH}), frozenset({ID, BIRTH, POWER})
PEOPLE = {
    "an adult": Comes(40, None, OWN),
    "a child with its mother": Comes(6, Relation.PARENT, WITH_PARENT),
    "a child with a nanny": Comes(6, Relation.ATTORNEY, WITH_OTHER),
    "a day before 14, with the mother": Comes(14, Relation.PARENT, WITH_PARENT, late=1),
    "14, alone": Comes(14, None, OWN, 14),
    "14, with the mother": Comes(14, Relation.PARENT, WITH_PARENT, 14),
    "a day before 15, with a nanny": Comes(15, Relation.ATTORNEY, WITH_OTHER, 14, late=1),
    "15, alone": Comes(15, None, OWN, 15),
    "15, with a trustee": Comes(15, Relation.TRUSTEE, WITH_PARENT, 15),
    "a day before 18, with the mother": Comes(18, Relation.PARENT, WITH_PARENT, 15, late=1),
    "a day before 18, alone": Comes(18, None, OWN, 15, late=1),
    "18, for whom the mother calls": Comes(18, Relation.PARENT, OWN),
}


def told(page: str) -> tuple[set, set]:
    """Returns all papers that a page names, and all ages whose sentence it tells."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page))).lower()
    papers = {document for document in Demandable if str(document.label).lower() in text}
    return papers, {age for age, words in settings.TOLD_OF_MINORS.items() if str(words).lower() in text}
