"""Prices with their date and source, from a file that a person can hold against AWS's own pages."""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ValidationError

from chalicelib.errors import InvalidInput


class Price(BaseModel):
    """Dollars for one of what `per` says."""

    usd: float
    per: str
    source: str


class Tier(BaseModel):
    """Dollars a picture, for the pictures of a month up to number `up_to`."""

    up_to: float
    usd: float


class ManagedApi(BaseModel):
    """A service that would look at the frames instead."""

    api: str
    source: str
    tiers: tuple[Tier, ...]

    def usd(self, pictures: float) -> float:
        """What a month of so many pictures costs, tier by tier."""
        total, paid = 0.0, 0.0
        for tier in self.tiers:
            here = min(pictures, tier.up_to) - paid
            total, paid = total + here * tier.usd, paid + here
            if paid >= pictures:
                break
        return total


class Prices(BaseModel):
    """A price list: of AWS's items by our own names, and of managed APIs to compare with."""

    as_of: date
    region: str
    items: dict[str, Price]
    managed: dict[str, ManagedApi]


def read_prices(path: Path) -> Prices:
    """Read a price file; raises InvalidInput in one line on what doesn't hold."""
    try:
        return Prices.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise InvalidInput(f"price file {path.name!r} doesn't hold at {place!r}") from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"price file {str(path)!r}: {error}") from error
