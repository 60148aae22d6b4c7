"""The published JSON Schema of an alert, made from the types that it is written from."""

import json
from pathlib import Path

from pydantic import TypeAdapter

from chalicelib.domain.alerts.cloud_event import SCHEMA, CloudEvent

PUBLISHED = Path(__file__).parents[1] / "docs" / "alert.schema.json"


def schema_text() -> str:
    """Draft 2020-12, as the file has it. Further fields are allowed, because new ones come without a word."""
    described = TypeAdapter(CloudEvent).json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, "title": "matpho alert"}
    return json.dumps({**described, **head}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
