"""Sentences that let secrets out by every way that a scenario has; a run loads them as its conftest.py."""

import base64
import json
import logging
import sys
from pathlib import Path
from urllib.parse import quote

import allure
import httpx
import requests
from pytest_bdd import given, parsers, then, when

from harness.backends.exchanges import Exchange
from harness.errors import AccessError, Undecided

CANARIES = json.loads(Path(__file__).with_name("canaries.json").read_text())


def spellings(secret):
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], raw.hex())
    yield from (base64.b64encode(b"xyz"[:lead] + raw + b"tail").decode() for lead in range(3))


EVERYTHING = " | ".join(form for secret in CANARIES.values() for form in spellings(secret))


class Chatty:
    def __repr__(self):
        return f"<Chatty {EVERYTHING}>"


@given("a backend that knows its secrets")
def known(scene):
    for name in CANARIES.keys() - {"proxy"}:  # that one stands in a setting
        scene.backend.recorder.protect(CANARIES[name])


@when("they travel in headers, addresses and bodies")
def travel(scene):
    for number, secret in enumerate(CANARIES.values()):
        for form in spellings(secret):
            _exchange(scene, number, form)


def _exchange(scene, number, form):
    at = scene.backend.clock.now()
    headers = [
        ("Content-Type", "application/json"),
        ("Authorization", f"Bearer {form}"),
        ("X-Custom", form),
        ("Location", f"https://h/{quote(form)}"),
    ]
    body = json.dumps({"password": form, "note": f"see {form}", "deep": [{"list": [form, json.dumps({"a": form})]}]})
    url = f"https://cloud.mongodb.com/api/atlas/v2/groups/{number}?sig={quote(form)}&say={quote(form)}"
    sent = ("POST", url, headers, body.encode())
    record = scene.backend.recorder.record
    record(Exchange(*sent, 400, headers, body.encode(), at, at, reason=f"no {form}"))
    error = httpx.ConnectError(f"cannot reach {form}")
    error.__cause__ = requests.ConnectionError(form, OSError(form))
    record(Exchange(*sent, None, (), b"", at, at, failure=error))


@when("they are printed, logged and attached")
def said():
    print(EVERYTHING)  # noqa: T201
    print(EVERYTHING, file=sys.stderr)  # noqa: T201
    logging.getLogger("anything").warning("beware: %s", EVERYTHING)
    allure.attach(EVERYTHING, name=f"attachment {CANARIES['token']}")
    allure.attach(EVERYTHING.encode(), name="bytes", extension="bin")
    allure.dynamic.parameter("parameter", CANARIES["client secret"])
    allure.dynamic.title(f"titled {CANARIES['api key']}")


@when("they are arguments, facts and claims")
def written(scene):
    scene.journal.act(
        "operator", "does", CANARIES["token"], lambda: None, secret_of_it=EVERYTHING, of={"deep": [EVERYTHING]}
    )
    scene.journal.observe("auditor", "anything", {"seen": EVERYTHING, CANARIES["token"]: "a name"})


@then("the request was accepted")
def accepted(scene):
    scene.expect("accepted", f"the request is accepted {CANARIES['token']}")


@then("an assertion fails over them")
def asserts():
    local = EVERYTHING
    assert Chatty() == local, EVERYTHING


@then("an error is chained to them")
def chained():
    try:
        try:
            raise ValueError(EVERYTHING)
        except ValueError as inner:
            raise KeyError(Chatty()) from inner
    except KeyError as error:
        raise RuntimeError(EVERYTHING) from error


@then("an error of ours tells them")
def ours():
    raise AccessError(f"refused {EVERYTHING}", advice=f"try {EVERYTHING}")


@then("nobody knows them")
def undecided():
    raise Undecided(EVERYTHING)


@then(parsers.parse('something with "{text}" happens'))
def happens(scene, text):
    scene.journal.act("operator", "does", text, lambda: None)
    scene.expect("accepted", "the request is accepted")


@then("a leak is put in on purpose")
def leak(scene):
    directory = Path(__file__).parent / "reports"
    (run,) = directory.iterdir()
    (run / "history").mkdir(exist_ok=True)
    scene.backend.recorder.protect(CANARIES["token"])
    (run / "history" / "leak.txt").write_text("x" * 10 + CANARIES["token"])
    scene.journal.act("operator", "does", "something", lambda: None)
    scene.expect("accepted", "the request is accepted")
