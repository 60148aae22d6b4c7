"""`python tools/find_secrets.py DETECT_SECRETS`: secrets in committed files, a line each; exit code 1 if there are any.

What looks like one and is none is told by what it is, not by its line: digests of models and photographs, the words
that the local cloud takes for keys, what tests make up, and lines where ruff was told why they are none.
"""

import json
import subprocess
import sys

NO_SECRETS = (
    r"(sha256|digest|md5|commit)",
    r'"AWS_SECRET_ACCESS_KEY": "(local|test)"',
    r"GenerateSecret: false",
    r"etc/passwd",
    r"noqa: S10[567] ",
)
FULL_OF_DIGESTS = r"(layers/models\.toml|demo_set/manifest\.toml|vision/heads/.*\.json|opencv/build\.py)"
MADE_UP = r"^tests/.*\.py$"
"""Tokens and passwords that tests show to be refused; ruff's S105 and S106 are off there for the same reason."""


def main(detect_secrets: str) -> int:
    """Scan what git knows of and print what is found."""
    files = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    command = [detect_secrets, "scan", "--no-verify", "--exclude-files", FULL_OF_DIGESTS, "--exclude-files", MADE_UP]
    for pattern in NO_SECRETS:
        command += ["--exclude-lines", pattern]
    done = subprocess.run([*command, *filter(None, files)], capture_output=True, text=True, check=True)
    found = [one for secrets in json.loads(done.stdout)["results"].values() for one in secrets]
    for one in found:
        print(f"{one['filename']}:{one['line_number']}: {one['type']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
