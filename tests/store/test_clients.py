"""That every client, PynamoDB's too, goes where it is told and gives up in time."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.client import BaseClient
from moto import mock_aws

from chalicelib.store.clients import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, s3_client, sns_client
from chalicelib.store.incidents import DynamoIncidentStore
from chalicelib.store.models import CameraItem, bind

LOCAL = "http://localhost:4566"

every_client = pytest.mark.parametrize(
    "make",
    [
        pytest.param(s3_client, id="s3"),
        pytest.param(sns_client, id="sns"),
        pytest.param(lambda: bind(CameraItem, "cameras")._get_connection().connection.client, id="a PynamoDB model"),
        pytest.param(lambda: DynamoIncidentStore("incidents", "cameras")._connection.client, id="a transaction"),
    ],
)


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DEFAULT_REGION": "ap-southeast-1", "ACCESS_KEY_ID": "made", "SECRET_ACCESS_KEY": "up"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)


@every_client
def test_a_client_goes_to_the_endpoint_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], BaseClient]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", LOCAL)
    assert make().meta.endpoint_url == LOCAL


@every_client
def test_a_client_gives_up_while_its_function_still_runs(make: Callable[[], BaseClient]) -> None:
    config: Any = make().meta.config  # the stubs know none of its options
    assert (config.connect_timeout, config.read_timeout) == (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
    assert config.retries["mode"] == "standard"
    assert config.retries["total_max_attempts"] == 4


def test_a_model_bound_in_one_mock_does_not_reach_into_the_next() -> None:
    """PynamoDB keeps connections on classes; each binding must be a class of its own."""
    for _ in range(2):
        with mock_aws():
            model = bind(CameraItem, "cameras")
            model.create_table()
            assert list(model.query("cam-1")) == []
            model("cam-1", "heartbeat", document="{}").save()
    assert bind(CameraItem, "other").Meta.table_name == "other"
    assert model.Meta.table_name == "cameras"
