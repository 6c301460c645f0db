"""Reads the rows of the page as people see them."""

import re

from django.urls import reverse

ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.S)


def page(client, **asked):
    return client.get(reverse("office:audit"), asked).content.decode()


def lines(html: str) -> list[str]:
    return [row for row in ROW.findall(html) if "<td" in row]


def texts(line: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in CELL.findall(line)]
