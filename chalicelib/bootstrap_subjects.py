"""Wires what people may ask about their own data: of the law's parts and of evidence's, which know nothing of it."""

from functools import cache

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.subject_requests import SubjectRequest
from chalicelib.flows.answer_subject import AnswerSubject
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.erase_subjects import EraseSubjects
from chalicelib.flows.find_subject import FindSubject
from chalicelib.store.deeds import request_store
from chalicelib.store.law_ports import DeedStore


@cache
def requests() -> DeedStore[SubjectRequest]:
    return request_store(bootstrap_law.law_settings().law_table)


def do_to_request() -> DoDeed[SubjectRequest]:
    return DoDeed("request", requests(), bootstrap_law.record_act(), lambda: None)


def find_subject() -> FindSubject:
    return FindSubject(
        bootstrap.incidents(),
        bootstrap_law.entries(),
        bootstrap_law.holds(),
        bootstrap_evidence.evidence_vault(),
        bootstrap.clock,
    )


def answer_subject() -> AnswerSubject:
    return AnswerSubject(requests(), do_to_request(), find_subject(), bootstrap_law.record_act(), bootstrap.clock)


def erase_subjects() -> EraseSubjects:
    return EraseSubjects(
        requests(),
        find_subject(),
        bootstrap_law.holds(),
        bootstrap_law.erasure(),
        bootstrap_evidence.evidence_vault(),
        do_to_request(),
        bootstrap_law.record_act(),
        bootstrap.clock,
    )
