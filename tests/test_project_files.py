"""The files of the project that no code reads.

Of the pinned sets `run.py` takes a bigger one for a smaller one, so each holds the one before it.
"""

import re
import tomllib
from itertools import pairwise

import pytest
import yaml

from standalone.supervisor import ROOT

SETS = ["production", "embedded", "dev", "bench"]


def pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return set(re.findall(r"^[\w.-]+==\S+", text, re.MULTILINE))


@pytest.mark.parametrize(("smaller", "bigger"), list(pairwise(SETS)))
def test_each_set_holds_the_one_before_it_at_the_same_versions(smaller, bigger):
    assert pins(smaller) - pins(bigger) == set()


def test_every_dependency_is_pinned_and_says_what_it_is_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"production": project["dependencies"], **project["optional-dependencies"]}
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    for name, wanted in groups.items():
        pinned = {pin.split("==")[0] for pin in pins(name)}
        for requirement in wanted:
            assert re.match(r"[\w-]+", requirement)[0] in pinned, requirement
            assert re.search(r", +# \S", next(line for line in lines if f'"{requirement}"' in line)), requirement


def test_coverage_is_of_the_whole_product():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    beside = {"standalone", "bench"}
    assert set(tool["coverage"]["run"]["source"]) == set(tool["importlinter"]["root_packages"]) - beside


def test_hooks_before_a_commit_download_nothing():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert {repository["repo"] for repository in hooks} == {"local"}
    assert {hook["language"] for repository in hooks for hook in repository["hooks"]} == {"system"}


def services() -> dict[str, dict]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_images_of_compose_are_pinned_to_a_release():
    images = {name: service["image"] for name, service in services().items() if "build" not in service}
    assert images.keys() == {"postgres", "valkey", "proxy"}
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in (*images.values(), *bases):
        assert re.search(r":\d+\.\d+", image), image


def test_every_service_of_compose_that_stays_says_how_it_is():
    healthy = {name for name, service in services().items() if "healthcheck" in service}
    assert healthy == services().keys() - {"migrate"}


def test_the_proxy_of_compose_is_believed_and_nobody_else():
    address = services()["proxy"]["networks"]["default"]["ipv4_address"]
    assert services()["web"]["environment"]["TRUSTED_PROXIES"] == f"${{TRUSTED_PROXIES:-{address}}}"
    assert f"\nTRUSTED_PROXIES={address}\n" in (ROOT / ".env.example").read_text()


def test_the_broker_of_compose_asks_for_a_password():
    valkey, web = services()["valkey"], services()["web"]
    assert "--requirepass ${VALKEY_PASSWORD:?" in valkey["command"]
    assert web["environment"]["REDIS_URL"].startswith("redis://:${VALKEY_PASSWORD:?")
