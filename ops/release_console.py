"""`python -m ops.release_console`: put the built console where CloudFront serves it.

Code comes before the page that names it, so nobody ever gets a page whose code isn't there yet; code of older releases
stays for those who still have an older page open.
"""

import json
import mimetypes
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

BUILT = Path(__file__).parent.parent / "console" / "dist"
FOR_EVER = "public, max-age=31536000, immutable"
ANEW = "no-cache"
PAGE = "index.html"


def main(
    *,
    bucket: Annotated[str, typer.Option(help="ConsoleBucketName of the console's stack")],
    issuer: Annotated[str, typer.Option(help="where people sign in; its OpenID configuration lies below")],
    client: Annotated[str, typer.Option(help="the id that the issuer knows the console by")],
    tiles: Annotated[str, typer.Option(help="address of a MapLibre style; none unless set")] = "",
) -> None:
    """Upload console/dist with its settings; built by `make console`."""
    if not (BUILT / PAGE).is_file():
        raise _refused("the console is not built: run `make console` first")
    settings = {"issuer": issuer, "clientId": client, "api": "/api", "tiles": tiles}
    try:
        count = release(boto3.client("s3"), bucket, BUILT, settings)
    except (BotoCoreError, ClientError) as error:
        raise _refused(str(error)) from error
    print(f"{count} files are in {bucket}")


def release(s3: "S3Client", bucket: str, folder: Path, settings: dict[str, str]) -> int:
    """Upload a folder and the settings, the page itself last; returns how many files there are."""
    files = {"config.json": json.dumps(settings).encode(), **{key: path.read_bytes() for key, path in _files(folder)}}
    for key in sorted(files, key=lambda key: key == PAGE):
        kept = FOR_EVER if key.startswith("assets/") else ANEW
        s3.put_object(Bucket=bucket, Key=key, Body=files[key], ContentType=_media_type(key), CacheControl=kept)
    return len(files)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _media_type(key: str) -> str:
    return "text/javascript" if key.endswith(".mjs") else mimetypes.guess_type(key)[0] or "application/octet-stream"


def _refused(why: str) -> typer.Exit:
    print(why, file=sys.stderr)
    return typer.Exit(2)


if __name__ == "__main__":
    typer.run(main)
