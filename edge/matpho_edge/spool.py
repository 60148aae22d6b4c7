"""Frames on disk between the gate and the object store, so that neither a lost link nor lost power loses one unsaid.

What changes together is written in one transaction and on the disk when it returns. Bounded by size and age: what is
worth least goes first, then what is oldest, whole objects at a time, counted in the same transaction. The cost is a
sync of the disk a frame, and one read of the whole file at the start.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Connection
from sqlite3 import Error as SqliteError
from threading import RLock

from .bundles import END_BYTES, MEMBER_OVERHEAD_BYTES, make_bundle
from .config import Bundling, SpoolBounds
from .errors import SpoolFailed
from .frames import MAX_OBJECT_BYTES, Passed, Position, day_prefix, frame_name
from .spool_file import open_spool_file

PASSED = "passed"
DELIVERED = "delivered"
SHED_FOR_SPACE = "shed_for_space"
SHED_FOR_AGE = "shed_for_age"
REFUSED = "refused"

LAST_SEQUENCE = 999_999_999
"""Nine digits are what a key has room for."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One object to upload."""

    id: int
    key: str
    camera_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What waits in the spool; `oldest_utc` is when the oldest of it was put there."""

    objects: int
    frames: int
    size_bytes: int
    oldest_utc: datetime | None


class Spool:
    """The spool of one gateway: any thread may put and claim, and one process may have it open."""

    def __init__(self, bounds: SpoolBounds, bundling: Bundling) -> None:
        self._max_bytes = int(bounds.max_mb * 1_000_000)
        self._max_age_ms = int(bounds.max_age_h * 3_600_000)
        self._bundle_frames = bundling.frames
        self._wait_ms = int(bundling.wait_s * 1000)
        self._lock = RLock()
        self._under_way: dict[int, str] = {}  # the camera of each object that was claimed
        self._db = open_spool_file(bounds.folder)

    def close(self) -> None:
        self._db.close()

    def put(self, frame: Passed, now_utc: datetime) -> str | None:
        """Keep a frame until it is settled, and give it its key; None for one of a recording that was taken before.

        Raises SpoolFailed when the disk doesn't take it.
        """
        with self._transaction() as db:
            sequence = _next_sequence(db, frame)
            if sequence is None:
                return None
            key = self._store(frame, sequence, _ms(now_utc))
            _count(db, frame.camera_id, PASSED, 1)
            self._shed(_ms(now_utc))
            return key

    def claim(self, now_utc: datetime, *, resting: Collection[str] = (), flush: bool = False) -> Parcel | None:
        """The newest object that is complete, of a camera that isn't resting; from then on it doesn't change.

        The newest first, because after an outage what goes on now must not wait for what is over. Of each camera one
        at a time, so that its objects arrive in the order in which they were claimed. `flush` takes bundles that still
        have room.
        """
        with self._transaction() as db:
            self._shed(_ms(now_utc))
            row = self._find_complete(_ms(now_utc), {*resting, *self._under_way.values()}, flush=flush)
            if row is None:
                return None
            object_id, key, camera_id = row
            db.execute("UPDATE objects SET closed = 1 WHERE id = ?", (object_id,))
            self._under_way[object_id] = camera_id
            return Parcel(object_id, key, camera_id, _body(db, object_id, key))

    def delivered(self, parcel: Parcel) -> None:
        """The store has it."""
        self._settle(parcel, DELIVERED)

    def refused(self, parcel: Parcel) -> None:
        """The store will never take it."""
        self._settle(parcel, REFUSED)

    def release(self, parcel: Parcel) -> None:
        """It wasn't delivered, and may be claimed again."""
        with self._lock:
            del self._under_way[parcel.id]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Frames by camera and outcome since the spool was made. What passed and has no other outcome yet waits."""
        with self._lock:
            rows = self._db.execute("SELECT camera, outcome, frames FROM counts ORDER BY camera, outcome").fetchall()
        return {(camera, outcome): frames for camera, outcome, frames in rows}

    def load(self) -> Load:
        """What waits."""
        with self._lock:
            sums = "SELECT COUNT(*), TOTAL(frames), TOTAL(bytes), MIN(opened_ms) FROM objects"
            objects, frames, size_bytes, oldest_ms = self._db.execute(sums).fetchone()
        oldest_utc = None if oldest_ms is None else datetime.fromtimestamp(oldest_ms / 1000, UTC)
        return Load(objects, int(frames), int(size_bytes), oldest_utc)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._lock, self._db:  # commits, or rolls back whatever is raised
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
        except SqliteError as error:
            raise SpoolFailed(f"the spool's disk: {error}") from error

    def _store(self, frame: Passed, sequence: int, now_ms: int) -> str:
        name = frame_name(frame.captured_at_utc, sequence)
        if self._bundle_frames == 1:
            object_id, key = self._open_object(frame, f"{name}.jpg", now_ms, closed=True)
        else:
            bundle = self._find_open_bundle(frame, now_ms)
            object_id, bundle_key = bundle or self._open_object(frame, f"{name}.tar", now_ms, closed=False)
            key = f"{bundle_key}/{name}.jpg"
        self._add(object_id, frame, f"{name}.jpg")
        return key

    def _find_open_bundle(self, frame: Passed, now_ms: int) -> tuple[int, str] | None:
        """The camera's bundle of that day that still takes this frame."""
        row: tuple[int, str] | None = self._db.execute(
            "SELECT id, key FROM objects WHERE folder = :folder AND NOT closed AND frames < :most"
            " AND bytes <= :room AND opened_ms BETWEEN :since AND :now ORDER BY id DESC LIMIT 1",
            {
                "folder": day_prefix(frame.camera_id, frame.captured_at_utc),
                "most": self._bundle_frames,
                "room": MAX_OBJECT_BYTES - END_BYTES - _weight(frame),
                "since": now_ms - self._wait_ms + 1,
                "now": now_ms,
            },
        ).fetchone()
        return row

    def _open_object(self, frame: Passed, name: str, now_ms: int, *, closed: bool) -> tuple[int, str]:
        folder = day_prefix(frame.camera_id, frame.captured_at_utc)
        cursor = self._db.execute(
            "INSERT INTO objects (key, folder, camera, opened_ms, frames, bytes, worth, closed)"
            " VALUES (?, ?, ?, ?, 0, 0, 0, ?)",
            (f"{folder}{name}", folder, frame.camera_id, now_ms, closed),
        )
        return cursor.lastrowid or 0, f"{folder}{name}"

    def _add(self, object_id: int, frame: Passed, name: str) -> None:
        self._db.execute("INSERT INTO frames VALUES (?, ?, ?)", (object_id, name, frame.jpeg))
        self._db.execute(
            "UPDATE objects SET frames = frames + 1, bytes = bytes + ?, worth = MAX(worth, ?) WHERE id = ?",
            (_weight(frame), frame.worth, object_id),
        )

    def _find_complete(self, now_ms: int, resting: Collection[str], *, flush: bool) -> tuple[int, str, str] | None:
        """A bundle opened in the future is complete too: the clock was set back."""
        row: tuple[int, str, str] | None = self._db.execute(
            "SELECT id, key, camera FROM objects WHERE camera NOT IN (SELECT value FROM json_each(:resting))"
            " AND (:flush OR closed OR frames >= :most OR opened_ms NOT BETWEEN :since AND :now)"
            " ORDER BY id DESC LIMIT 1",
            {
                "resting": json.dumps(sorted(resting)),
                "flush": flush,
                "most": self._bundle_frames,
                "since": now_ms - self._wait_ms + 1,
                "now": now_ms,
            },
        ).fetchone()
        return row

    def _shed(self, now_ms: int) -> None:
        too_old = self._db.execute(
            "SELECT id FROM objects WHERE opened_ms < ? AND id NOT IN (SELECT value FROM json_each(?))",
            (now_ms - self._max_age_ms, json.dumps([*self._under_way])),
        )
        for (object_id,) in too_old.fetchall():
            _remove(self._db, object_id, SHED_FOR_AGE)
        while self._is_full() and (object_id := self._least_valuable()) is not None:
            _remove(self._db, object_id, SHED_FOR_SPACE)

    def _is_full(self) -> bool:
        (size_bytes,) = self._db.execute("SELECT TOTAL(bytes) FROM objects").fetchone()
        return bool(size_bytes > self._max_bytes)

    def _least_valuable(self) -> int | None:
        row = self._db.execute(
            "SELECT id FROM objects WHERE id NOT IN (SELECT value FROM json_each(?)) ORDER BY worth, id LIMIT 1",
            (json.dumps([*self._under_way]),),
        ).fetchone()
        return row[0] if row else None

    def _settle(self, parcel: Parcel, outcome: str) -> None:
        with self._transaction() as db:
            _remove(db, parcel.id, outcome)
            del self._under_way[parcel.id]


def _next_sequence(db: Connection, frame: Passed) -> int | None:
    """The number of the camera's next frame, kept with where its recording stands; None for one taken before."""
    row = db.execute(
        "SELECT sequence, recording, position FROM cameras WHERE camera = ?", (frame.camera_id,)
    ).fetchone()
    sequence, recording, position = row or (0, "", -1)
    here = frame.position or Position(recording, position)
    if frame.position and here.recording == recording and here.index <= position:
        return None
    following = int(sequence) % LAST_SEQUENCE + 1
    db.execute(
        "INSERT OR REPLACE INTO cameras VALUES (?, ?, ?, ?)", (frame.camera_id, following, here.recording, here.index)
    )
    return following


def _body(db: Connection, object_id: int, key: str) -> bytes:
    rows = db.execute("SELECT name, jpeg FROM frames WHERE object = ? ORDER BY rowid", (object_id,)).fetchall()
    return make_bundle(rows) if key.endswith(".tar") else bytes(rows[0][1])


def _remove(db: Connection, object_id: int, outcome: str) -> None:
    """Take an object out; its frames are counted in the same transaction, or neither happens."""
    camera_id, frames = db.execute("SELECT camera, frames FROM objects WHERE id = ?", (object_id,)).fetchone()
    db.execute("DELETE FROM objects WHERE id = ?", (object_id,))
    _count(db, camera_id, outcome, frames)


def _count(db: Connection, camera_id: str, outcome: str, frames: int) -> None:
    db.execute(
        "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET frames = frames + excluded.frames",
        (camera_id, outcome, frames),
    )


def _weight(frame: Passed) -> int:
    return len(frame.jpeg) + MEMBER_OVERHEAD_BYTES


def _ms(at_utc: datetime) -> int:
    return int(at_utc.timestamp() * 1000)
