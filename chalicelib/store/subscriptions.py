"""SNS subscriptions as the city pack wants them: one for each address, filtered on the units that it stands for.

Which addresses the pack brought in is written down beside it, so that a subscription somebody else made is never
touched. New ones come before old ones go: no alert falls between.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from chalicelib.domain.alerts.model import listens_for
from chalicelib.domain.city import CityPack, Contact
from chalicelib.store.aws_errors import aws_codes, aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

MANAGED_KEY = "city/subscriptions.json"

MOST_VALUES = 150
"""Combinations in one filter policy, which has the one key `units`."""
MOST_POLICIES = 200
"""Filter policies of one topic."""
MOST_POLICY_BYTES = 262_144
"""All three: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html"""

_RAW = {"sqs", "https"}
"""Protocols that can have the bare CloudEvents object, without SNS's envelope."""
_CONTACTS = TypeAdapter(tuple[Contact, ...])


class Step(StrEnum):
    """What is to be done about an address."""

    SUBSCRIBE = "subscribe"
    FILTER = "set the filter"
    KEEP = "keep"
    WAIT = "waits for confirmation"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address on the topic; `arn` is empty for one that isn't there yet or wasn't confirmed."""

    contact: Contact
    policy: str = ""
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One step, with the filter policy that it leads to."""

    step: Step
    contact: Contact
    policy: str = ""
    arn: str = ""


def wanted_subscriptions(pack: CityPack) -> Mapping[Contact, str]:
    """The filter policy of every address in the pack: whatever the units listen for that it stands for."""
    heard: dict[Contact, list[str]] = {}
    for unit in pack.units:
        for contact in unit.contacts:
            heard.setdefault(contact, []).extend(listens_for(unit))
    return {contact: json.dumps({"units": names}) for contact, names in heard.items()}


def beyond_limits(wanted: Mapping[Contact, str], *, others: int = 0) -> Iterator[str]:
    """Why SNS wouldn't take them, if it wouldn't; `others` on the topic have filter policies of their own."""
    if len(wanted) + others > MOST_POLICIES:
        yield f"{len(wanted)} addresses and {others} other filters are more than the {MOST_POLICIES} of one topic"
    for contact, policy in wanted.items():
        values = len(json.loads(policy)["units"])
        if values > MOST_VALUES or len(policy.encode()) > MOST_POLICY_BYTES:
            yield f"{contact.protocol} {contact.endpoint}: {values} units are more than a filter holds ({MOST_VALUES})"


def plan(
    wanted: Mapping[Contact, str], present: Iterable[Subscription], managed: Sequence[Contact]
) -> tuple[Planned, ...]:
    """What to do, additions first; an address that this never subscribed is left alone unless the pack wants it."""
    there = {one.contact: one for one in present}
    steps = [_reach(contact, policy, there.get(contact)) for contact, policy in wanted.items()]
    gone = [there[contact] for contact in managed if contact in there and contact not in wanted]
    steps += [Planned(Step.UNSUBSCRIBE if one.arn else Step.WAIT, one.contact, arn=one.arn) for one in gone]
    return tuple(steps)


class SnsSubscriptions:
    """The subscriptions of one topic, and the note in the configuration bucket of those that the pack brought in."""

    def __init__(self, sns: "SNSClient", topic_arn: str, s3: "S3Client", bucket: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn
        self._s3 = s3
        self._bucket = bucket

    def present(self) -> tuple[Subscription, ...]:
        """Everything on the topic, whoever subscribed it."""
        with aws_errors("list subscriptions"):
            pages = self._sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=self._topic_arn)
            listed = [one for page in pages for one in page["Subscriptions"]]
            return tuple(
                self._read(Contact(one["Protocol"], one["Endpoint"]), one["SubscriptionArn"]) for one in listed
            )

    def managed(self) -> tuple[Contact, ...]:
        """The addresses that a pack brought in."""
        with aws_errors(f"read {MANAGED_KEY!r}"):
            try:
                body = self._s3.get_object(Bucket=self._bucket, Key=MANAGED_KEY)["Body"].read()
            except ClientError as error:
                if aws_codes(error)[0] != "NoSuchKey":
                    raise
                return ()
        return _CONTACTS.validate_json(body)

    def apply(self, steps: Sequence[Planned]) -> None:
        """Do what was planned. The note is written first: what is in it and not on the topic does no harm."""
        wanted = [one.contact for one in steps if one.step is not Step.UNSUBSCRIBE]
        known = dict.fromkeys((*self.managed(), *wanted))
        self._note(tuple(known))
        with aws_errors("change subscriptions"):
            for one in steps:
                self._do(one)
        self._note(tuple(dict.fromkeys(wanted)))

    def _read(self, contact: Contact, arn: str) -> Subscription:
        if not arn.startswith("arn:"):  # "PendingConfirmation" or "Deleted"
            return Subscription(contact)
        attributes = self._sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        return Subscription(contact, attributes.get("FilterPolicy", ""), arn)

    def _do(self, one: Planned) -> None:
        if one.step is Step.SUBSCRIBE:
            raw = {"RawMessageDelivery": "true"} if one.contact.protocol in _RAW else {}
            self._sns.subscribe(
                TopicArn=self._topic_arn,
                Protocol=one.contact.protocol,
                Endpoint=one.contact.endpoint,
                Attributes={"FilterPolicy": one.policy, **raw},
            )
        elif one.step is Step.FILTER:
            self._sns.set_subscription_attributes(
                SubscriptionArn=one.arn, AttributeName="FilterPolicy", AttributeValue=one.policy
            )
        elif one.step is Step.UNSUBSCRIBE:
            self._sns.unsubscribe(SubscriptionArn=one.arn)

    def _note(self, contacts: tuple[Contact, ...]) -> None:
        body = _CONTACTS.dump_json(contacts)
        with aws_errors(f"write {MANAGED_KEY!r}"):
            self._s3.put_object(Bucket=self._bucket, Key=MANAGED_KEY, Body=body, ContentType="application/json")


def _reach(contact: Contact, policy: str, there: Subscription | None) -> Planned:
    if there is None:
        return Planned(Step.SUBSCRIBE, contact, policy)
    if not there.arn:
        return Planned(Step.WAIT, contact, policy)
    same = bool(there.policy) and json.loads(there.policy) == json.loads(policy)
    return Planned(Step.KEEP if same else Step.FILTER, contact, policy, there.arn)
