"""The spool's SQLite file: opened so that it survives lost power, and put aside when its disk has broken it."""

import logging
import sqlite3
from pathlib import Path

from .errors import SpoolFailed

FILE = "spool.sqlite"
BROKEN = "spool.broken"

log = logging.getLogger(__name__)

# A write-ahead log that is synced at every commit; deleted frames' pages are used again, so the file stays as large as
# it once was. The exclusive lock is how a second gateway on the same spool notices.
_OPENING = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA journal_size_limit = 16000000;
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS objects (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, folder TEXT NOT NULL, camera TEXT NOT NULL,
  opened_ms INTEGER NOT NULL, frames INTEGER NOT NULL, bytes INTEGER NOT NULL, worth INTEGER NOT NULL,
  closed INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS objects_by_worth ON objects (worth, id);
CREATE INDEX IF NOT EXISTS objects_by_age ON objects (opened_ms);
CREATE INDEX IF NOT EXISTS objects_by_folder ON objects (folder);
CREATE TABLE IF NOT EXISTS frames (
  object INTEGER NOT NULL REFERENCES objects ON DELETE CASCADE, name TEXT NOT NULL, jpeg BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS frames_by_object ON frames (object);
CREATE TABLE IF NOT EXISTS cameras (
  camera TEXT PRIMARY KEY, sequence INTEGER NOT NULL, recording TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS counts (
  camera TEXT NOT NULL, outcome TEXT NOT NULL, frames INTEGER NOT NULL, PRIMARY KEY (camera, outcome)) STRICT;
"""


def open_spool_file(folder: Path) -> sqlite3.Connection:
    """Open the spool in a folder, made where there is none; raises SpoolFailed when it can't be or is in use."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return _open(folder / FILE)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            log.error("the spool is broken and put aside as %s; its frames are lost: %s", BROKEN, error)  # noqa: TRY400
            _put_aside(folder)
            return _open(folder / FILE)
    except (OSError, sqlite3.Error) as error:
        raise SpoolFailed(f"cannot open the spool in {str(folder)!r}: {error}") from error


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
    try:
        db.executescript(_OPENING)
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _put_aside(folder: Path) -> None:
    """For whoever wants to look; the journals belong to the broken file and would spoil a new one."""
    (folder / FILE).replace(folder / BROKEN)
    for journal in ("-wal", "-shm"):
        (folder / f"{FILE}{journal}").unlink(missing_ok=True)
