"""Walks over every URL of our own with the rule its view carries."""

from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SAMPLE = {
    "uuid": "00000000-0000-7000-8000-000000000000",
    "slug": "nobody",
    "str": "nothing",
    "int": "1",
}


LIBRARY = (
    "office/admin/",
    "office/sign-",
    "office/password/",
    "office/reauthenticate/",
    "office/second-step/",
    "office/sessions/",
)
"""Pages of Django's admin and of allauth check for themselves; what they must refuse has tests of its own."""


class Page(NamedTuple):
    name: str
    rule: str | None
    url: str
    parts: tuple[str, ...]
    """Names of the ids in the address."""


def pages(urlconf: ModuleType | None = None) -> Iterator[Page]:
    yield from _walk(get_resolver(urlconf), namespace="", urlconf=urlconf)


def _walk(resolver: URLResolver, *, namespace: str, urlconf: ModuleType | None) -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        if getattr(pattern, "namespace", None) == "admin" or str(pattern.pattern).startswith(LIBRARY):
            continue
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from _walk(pattern, namespace=inner, urlconf=urlconf)
        else:
            yield _page(pattern, namespace, urlconf)


def _page(pattern: URLPattern, namespace: str, urlconf: ModuleType | None) -> Page:
    name = ":".join(filter(None, [namespace, pattern.name])) or str(pattern.pattern)
    rule = getattr(pattern.callback, "access_rule", None)
    return Page(
        name, str(rule) if rule else None, _sample_url(pattern, name, urlconf), tuple(pattern.pattern.converters)
    )


def _sample_url(pattern: URLPattern, name: str, urlconf: ModuleType | None) -> str:
    converters = pattern.pattern.converters.items()
    kinds = {key: type(value).__name__.removesuffix("Converter").lower() for key, value in converters}
    kwargs = {key: SAMPLE.get({"string": "str"}.get(kind, kind), "x") for key, kind in kinds.items()}
    return reverse(name, kwargs=kwargs, urlconf=urlconf)
