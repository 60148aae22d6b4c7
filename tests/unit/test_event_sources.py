"""What the local event sources promise of Lambda's: filters, order, again from the first that failed."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.events import failed_ids, matches, queue_arn, schedule_event
from local.stream_source import StreamSource
from local.template import event_source, output_name, read_template, resolve
from tests.e2e.conftest import START_UTC

MAPPING = event_source(read_template(), "PublishAlerts")


def _record(number: int, item: str = "event#000001", name: str = "INSERT") -> dict[str, Any]:
    keys = {"incident_id": {"S": "i"}, "item": {"S": item}}
    return {"eventName": name, "dynamodb": {"Keys": keys, "SequenceNumber": str(number)}}


class FakeStreams:
    """A stream of one shard; an iterator is the number of records already read."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records

    def describe_stream(self, **_: Any) -> Mapping[str, Any]:
        return {"StreamDescription": {"Shards": [{"ShardId": "only"}]}}

    def get_shard_iterator(self, *, SequenceNumber: str = "", **_: Any) -> Mapping[str, Any]:  # noqa: N803 - boto3's spelling
        numbers = [record["dynamodb"]["SequenceNumber"] for record in self.records]
        return {"ShardIterator": str(numbers.index(SequenceNumber) + 1 if SequenceNumber else 0)}

    def get_records(self, *, ShardIterator: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's spelling
        return {"Records": self.records[int(ShardIterator) :], "NextShardIterator": str(len(self.records))}


class Publisher:
    """Fails on one record a number of times; remembers what got through, in order."""

    def __init__(self, *, fails_on: str = "", times: int = 0) -> None:
        self.fails_on, self.times, self.told = fails_on, times, list[str]()

    def __call__(self, event: dict[str, Any]) -> Any:
        for record in event["Records"]:
            number = record["dynamodb"]["SequenceNumber"]
            if number == self.fails_on and self.times > 0:
                self.times -= 1
                return {"batchItemFailures": [{"itemIdentifier": number}]}
            self.told.append(number)
        return {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("record", "passes"),
    [
        pytest.param(_record(1), True, id="a new timeline event passes"),
        pytest.param(_record(1, item="incident"), False, id="the incident itself does not"),
        pytest.param(_record(1, name="REMOVE"), False, id="a removed event does not"),
        pytest.param(
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1"}}, False, id="a record without keys does not"
        ),
    ],
)
def test_filter_of_the_template_lets_timeline_events_through(record: dict[str, Any], *, passes: bool) -> None:
    publisher = Publisher()
    StreamSource("arn", MAPPING, publisher, _client=FakeStreams([record])).deliver()
    assert bool(publisher.told) is passes


def test_stream_is_delivered_once_and_in_order() -> None:
    streams, publisher = FakeStreams([_record(1), _record(2)]), Publisher()
    source = StreamSource("arn", MAPPING, publisher, _client=streams)
    source.deliver()
    streams.records.append(_record(3))
    source.deliver()
    assert publisher.told == ["1", "2", "3"]


def test_records_from_the_first_failure_on_come_again_and_those_before_do_not() -> None:
    publisher = Publisher(fails_on="2", times=2)
    StreamSource("arn", MAPPING, publisher, _client=FakeStreams([_record(1), _record(2), _record(3)])).deliver()
    assert publisher.told == ["1", "2", "3"]


def test_a_record_that_always_fails_is_set_aside_for_those_behind_it() -> None:
    publisher = Publisher(fails_on="2", times=1_000)
    source = StreamSource("arn", MAPPING, publisher, _client=FakeStreams([_record(1), _record(2), _record(3)]))
    source.deliver()
    assert publisher.told == ["1", "3"]
    assert [one["dynamodb"]["SequenceNumber"] for one in source.given_up] == ["2"]
    assert publisher.times == 1_000 - (MAPPING["MaximumRetryAttempts"] + 1)


def test_function_that_answers_nothing_failed_nothing() -> None:
    assert failed_ids(None) == frozenset()


def test_prefix_matches_beginnings_of_text_only() -> None:
    assert not matches({"n": [{"prefix": "1"}]}, {"n": 1})


def test_tick_tells_its_time_as_lambda_spells_it() -> None:
    assert schedule_event(START_UTC)["time"] == "2026-03-02T01:00:00Z"


def test_queue_arn_is_read_off_its_url() -> None:
    assert queue_arn("https://sqs.x.amazonaws.com/123/q") == "arn:aws:sqs:ap-southeast-1:123:q"


def test_intrinsics_are_replaced_wherever_they_stand() -> None:
    arn = {"Fn::GetAtt": ["Queue", "Arn"]}
    properties = {"Rules": [{"Queue": arn, "Days": 3}], "Plain": {"Ref": "Topic", "two": "keys"}}
    resolved = resolve(properties, {output_name(arn): "arn:x"})
    assert resolved == {"Rules": [{"Queue": "arn:x", "Days": 3}], "Plain": {"Ref": "Topic", "two": "keys"}}
