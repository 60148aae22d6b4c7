"""Parts that many routes share: ids as they may be written, instants, and pages of things."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from chalicelib.api.endpoints import Strict
from chalicelib.domain.severity import SEVERITIES

T = TypeVar("T")

MOST_AT_ONCE = 200

CameraId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", examples=["bmt-0001"])]
AreaId = Annotated[str, Field(pattern=r"^(\*|[a-z0-9][a-z0-9._-]{0,63})$", examples=["phuong-tan-an-202507"])]
UnitId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", examples=["fire"])]
Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,64}$", examples=["flood"])]
IncidentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,80}$", examples=["20260301-0123456789ab"])]
EventNumber = Annotated[int, Field(ge=1, le=999_999, examples=[1])]
Severity = Annotated[str, Field(pattern=f"^({'|'.join(SEVERITIES)})$", examples=["severe"])]


def _written_out(value: Any) -> Any:
    """Refuse a bare number, which pydantic would take for seconds since 1970."""
    if isinstance(value, str | int | float) and not _BEGINS_WITH_A_DAY.match(str(value)):
        raise ValueError("write it as in RFC 3339")
    return value


def _read(value: Any) -> Any:
    """Read a time here: looked at beforehand, a string is no time any more to a body that is taken strictly."""
    written = _written_out(value)
    try:
        return _TIMES.validate_python(written)
    except ValidationError as error:
        raise ValueError("write it as in RFC 3339") from error


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # its offset leads out of the years that there are
        raise ValueError("it lies outside the years 1 to 9999") from error


_TIMES = TypeAdapter(datetime)
_BEGINS_WITH_A_DAY = re.compile(r"(?a)\d{4}-\d{2}-\d{2}")

Day = Annotated[date, BeforeValidator(_written_out)]
Instant = Annotated[AwareDatetime, BeforeValidator(_read), AfterValidator(_in_utc)]
"""RFC 3339 with its offset; told in UTC."""


class PageQuery(Strict):
    """Which part of a list."""

    cursor: str | None = Field(default=None, max_length=4096, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=MOST_AT_ONCE)


class Page(BaseModel, Generic[T]):
    """A part of a list, and the cursor of what comes after it."""

    items: tuple[T, ...]
    next: str | None = Field(default=None, description="Pass it as `cursor`; null at the end.")
