from dataclasses import dataclass

from back_office.paper.lists import PaperDay


@dataclass(frozen=True, slots=True)
class PaperPage:
    paper: PaperDay
