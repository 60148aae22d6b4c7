#!/bin/sh
# Asks the OSV database for known holes in pinned requirements: audit_pins.sh PIP_AUDIT FILE...
# Where the database can't be reached it says so in a line, because silence would read as a clean bill.
set -u
audit=$1
shift
for pins in "$@"; do
  if told=$("$audit" -s osv --no-deps --disable-pip --progress-spinner off -r "$pins" 2>&1); then
    echo "pip-audit: nothing known against $pins"
  elif printf '%s' "$told" | grep -q 'ConnectionError\|could not be reached\|NameResolutionError'; then
    echo "pip-audit: its database can't be reached from here, so nothing is known of $pins" >&2
  else
    printf '%s\n' "$told" >&2
    exit 1
  fi
done
