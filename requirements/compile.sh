#!/bin/sh
# Pins every dependency with hashes and without any address. Needs uv; run it after a change of pyproject.toml.
set -eu
cd "$(dirname "$0")/.."
pin() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --no-header pyproject.toml "$@"; }
pin --extra embedded --extra dev --extra bench -o requirements/all.tmp
pin -c requirements/all.tmp -o requirements/production.txt
pin -c requirements/all.tmp --extra embedded -o requirements/embedded.txt
pin -c requirements/all.tmp --extra embedded --extra dev -o requirements/dev.txt
mv requirements/all.tmp requirements/bench.txt
