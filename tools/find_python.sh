#!/usr/bin/env bash
# Print a Python from 3.11 to 3.13 that really runs and can make virtual environments; 3.12, Lambda's runtime, first.
# A pyenv shim without its version fails when run, so every candidate is tried, not only looked for.
set -u
usable='import sys, ssl, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for version in 3.12 3.13 3.11; do
  for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
    if "$candidate" -c "$usable" >/dev/null 2>&1; then echo "$candidate"; exit 0; fi
  done
done
if python3 -c "$usable" >/dev/null 2>&1; then echo python3; exit 0; fi
echo 'matpho needs a working Python 3.11, 3.12 or 3.13 with its venv module (on Debian: apt-get install python3 python3-venv)' >&2
exit 1
