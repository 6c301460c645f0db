"""A form whose page shows nothing of it is sent again by one button: the form of a step, or one of the stock admin."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.drafts.attempts import Kept


@dataclass(frozen=True, slots=True)
class SentAgain:
    address: str
    fields: list[tuple[str, str]]

    @classmethod
    def of(cls, request: HttpRequest, kept: Kept) -> "SentAgain":
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        fields = [(name, value) for name, values in kept.sent.items() for value in values]
        return cls(f"{kept.path}{query}", fields)


def sent_again(request: HttpRequest, kept: Kept) -> HttpResponse:
    content = {"again": SentAgain.of(request, kept)}
    return render(request, "back_office/unsent.html", content, status=HTTPStatus.UNPROCESSABLE_ENTITY)
