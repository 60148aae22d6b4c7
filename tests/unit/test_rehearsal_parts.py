"""The parts of a rehearsal that can be held without one."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.frames import parse_frame_key
from chalicelib.flows.analyse_frame import CLOCK_SKEW
from rehearse.certificate import write_certificate
from rehearse.frames import Cameras
from rehearse.stack import ARTIFACTS, placed, without_metric_math
from rehearse.waiting import RehearsalFailed, wait_for


class Bucket:
    """An S3 client that takes everything."""

    def put_object(self, **_: Any) -> None:
        """Take it."""


def test_waiting_gives_what_is_found_and_looks_at_least_once() -> None:
    assert wait_for("anything", lambda: "found", within_s=0) == "found"


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(RehearsalFailed, match="in vain for the alert"):
        wait_for("the alert", lambda: None, within_s=0)


def test_only_alarms_on_several_metrics_are_left_out() -> None:
    resources = {"Plain": {"Properties": {"MetricName": "n"}}, "Ratio": {"Properties": {"Metrics": []}}, "Bare": {}}
    assert without_metric_math({"Resources": resources, "Outputs": {}}) == {
        "Resources": {"Plain": resources["Plain"], "Bare": {}},
        "Outputs": {},
    }


def test_zips_are_found_by_content_and_a_forgotten_one_nowhere() -> None:
    resources = {"Here": {"Properties": {"CodeUri": "./a.zip"}}, "Gone": {"Properties": {"ContentUri": "./b.zip"}}}
    template = placed({"Resources": {**resources, "Bucket": {}}}, {"./a.zip": "s3://somewhere/1234-a.zip"})
    assert template["Resources"]["Here"]["Properties"]["CodeUri"] == "s3://somewhere/1234-a.zip"
    assert template["Resources"]["Gone"]["Properties"]["ContentUri"] == f"s3://{ARTIFACTS}/nowhere.zip"


def test_cameras_take_frames_in_order_and_hardly_ahead_of_time() -> None:
    """A frame from far in the future would be refused, and two of one instant would be one."""
    cameras = Cameras("frames", Bucket())  # type: ignore[arg-type]
    first, second, late = (parse_frame_key(cameras.put("bmt-1", b"", after_s=s), 0) for s in (5, 5, 61))
    assert second.captured_at_utc - first.captured_at_utc == timedelta(seconds=5)
    assert late.captured_at_utc - second.captured_at_utc == timedelta(seconds=61)
    assert late.captured_at_utc - cameras.put_utc[late.key] < CLOCK_SKEW


def test_certificate_can_be_trusted_by_clients_of_this_machine(tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    ssl.create_default_context(cafile=str(certificate))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
