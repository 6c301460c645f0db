#!/bin/sh
# Pins every dependency with hashes and without any address. Needs uv; run it after a change of pyproject.toml.
# Pins that still fit stay; `requirements/compile.sh --upgrade` takes the newest of everything.
set -eu
cd "$(dirname "$0")/.."
upgrade="$*"
pin() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --no-header pyproject.toml "$@"; }
cp requirements/bench.txt requirements/all.tmp
pin --extra embedded --extra dev --extra bench $upgrade -o requirements/all.tmp
pin -c requirements/all.tmp -o requirements/production.txt
pin -c requirements/all.tmp --extra embedded -o requirements/embedded.txt
pin -c requirements/all.tmp --extra embedded --extra dev -o requirements/dev.txt
mv requirements/all.tmp requirements/bench.txt
