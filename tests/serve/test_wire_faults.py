"""Each fault of the wire, as a real client sees it."""

from __future__ import annotations

import socket
import ssl
import time
from urllib.parse import urlsplit

import httpx
import pytest

from harness.fake.serve import served
from tests.serve.conftest import VERSION, Control, digest, encryption_of

DROPPED = (httpx.ReadError, httpx.RemoteProtocolError)
ARM = "https://management.azure.com/subscriptions"


def test_a_truncated_answer_ends_before_its_announced_length(client, control):
    control.call("PUT", "/faults", [{"kind": "truncate", "host": "management.azure.com", "times": 1}])
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        client.get(ARM)
    assert client.get(ARM).status_code == 401


def test_an_act_whose_answer_is_truncated_has_happened(client, environment, control):
    made = {"name": "cut", "orgId": environment["MONGODB_ATLAS_ORG_ID"]}
    address = "https://cloud.mongodb.com/api/atlas/v2/groups"
    auth = digest(environment)
    client.get(encryption_of(environment), headers=VERSION, auth=auth)
    control.call("PUT", "/faults", [{"kind": "truncate", "method": "POST"}])
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(address, json=made, headers=VERSION, auth=auth)
    projects = control.call("GET", "/world").json()["state"]["atlas"]["projects"].values()
    assert [project["name"] for project in projects][1:] == ["cut"]


def test_a_reset_connection_gives_no_answer_and_nothing_has_happened(client, environment, control):
    auth = digest(environment)
    client.get(encryption_of(environment), headers=VERSION, auth=auth)
    control.call("PUT", "/faults", [{"kind": "reset", "method": "POST"}])
    made = {"name": "cut", "orgId": environment["MONGODB_ATLAS_ORG_ID"]}
    with pytest.raises(DROPPED):
        client.post("https://cloud.mongodb.com/api/atlas/v2/groups", json=made, headers=VERSION, auth=auth)
    assert len(control.call("GET", "/world").json()["state"]["atlas"]["projects"]) == 1
    assert client.get(ARM).status_code == 401


@pytest.mark.parametrize("through_proxy", [False, True])
def test_a_reset_is_a_reset_on_the_wire(simulator, control, through_proxy):
    control.call("PUT", "/faults", [{"kind": "reset"}])
    place = urlsplit(simulator.proxy if through_proxy else simulator.control)
    sock = socket.create_connection((place.hostname, place.port), timeout=10)
    if through_proxy:
        sock.sendall(b"CONNECT cloud.mongodb.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in sock.recv(4096)
    context = ssl.create_default_context(cafile=simulator.ca_file)
    secure = context.wrap_socket(sock, server_hostname="cloud.mongodb.com")
    secure.sendall(b"GET / HTTP/1.1\r\nHost: cloud.mongodb.com\r\n\r\n")
    with socket.socket(fileno=secure.detach()) as bare, pytest.raises(ConnectionResetError):  # ssl would call it an EOF
        read_all(bare)


def test_a_stuck_service_never_answers(client, control):
    control.call("PUT", "/faults", [{"kind": "stuck", "path": "^/subscriptions$", "times": 1}])
    with pytest.raises(httpx.ReadTimeout):
        client.get(ARM, timeout=0.4)
    assert client.get(ARM).status_code == 401, "others are served"


def test_what_is_never_answered_is_dropped_in_the_end():
    with served(hold_s=0.2) as simulator:
        control = Control(simulator)
        control.call("PUT", "/faults", [{"kind": "stuck"}])
        with pytest.raises(DROPPED):
            control.http.get(f"{simulator.control}/clock", headers={"Host": "management.azure.com"})
        control.close()


def test_a_dead_vault_gives_no_answer(client, environment, control):
    control.call("PATCH", "/knobs", {"vault_outage": True})
    with pytest.raises(httpx.ReadTimeout):
        client.get(f"https://{environment['CMKPROOF_AZURE__VAULT']}.vault.azure.net/healthstatus", timeout=0.4)


def test_a_slow_service_answers_late_and_holds_up_nobody_else(client, control):
    control.call("PUT", "/faults", [{"kind": "slow", "delay_s": 0.5, "host": "management.azure.com"}])
    began = time.monotonic()
    control.call("GET", "/clock")
    assert time.monotonic() - began < 0.5
    assert client.get(ARM).status_code == 401
    assert time.monotonic() - began >= 0.5


def test_a_skewed_clock_shows_in_the_date_only(client, control):
    straight = client.get(ARM)
    control.call("PUT", "/faults", [{"kind": "skew", "skew_s": -7200}])
    skewed = client.get(ARM)
    assert (straight.headers["date"], skewed.headers["date"]) == (
        "Mon, 01 Jun 2026 08:00:00 GMT",
        "Mon, 01 Jun 2026 06:00:00 GMT",
    )
    assert skewed.status_code == straight.status_code
    assert control.call("GET", "/clock").json()["now"] == 1_780_300_800.0


def test_an_act_whose_answer_is_lost_has_happened(client, environment, control):
    auth = digest(environment)
    client.get(encryption_of(environment), headers=VERSION, auth=auth)
    control.call("PUT", "/faults", [{"kind": "lost", "method": "POST", "times": 1}])
    made = {"name": "lost", "orgId": environment["MONGODB_ATLAS_ORG_ID"]}
    with pytest.raises(DROPPED):
        client.post("https://cloud.mongodb.com/api/atlas/v2/groups", json=made, headers=VERSION, auth=auth)
    projects = control.call("GET", "/world").json()["state"]["atlas"]["projects"].values()
    assert [project["name"] for project in projects][1:] == ["lost"]


def test_a_body_that_drips_outlasts_the_patience_of_a_single_read(client, control):
    whole = client.get(ARM).content
    control.call("PUT", "/faults", [{"kind": "drip", "delay_s": 0.6, "pieces": 6}])
    began = time.monotonic()
    assert client.get(ARM, timeout=0.4).content == whole
    assert time.monotonic() - began >= 0.6


def test_a_token_that_is_refused_is_refused_in_the_words_of_the_service(client, environment, control):
    auth = digest(environment)
    assert client.get(encryption_of(environment), headers=VERSION, auth=auth).status_code == 200
    control.call("PUT", "/faults", [{"kind": "expired", "times": 1}])
    assert client.get(encryption_of(environment), headers=VERSION, auth=auth).status_code == 200, "by a new nonce"
    control.call("PUT", "/faults", [{"kind": "expired"}])
    refused = client.get(encryption_of(environment), headers=VERSION, auth=auth)
    assert (refused.status_code, refused.headers["www-authenticate"][:6]) == (401, "Digest")


def test_answers_can_be_made_senseless(client, environment, control):
    auth, address = digest(environment), encryption_of(environment)
    straight = client.get(address, headers=VERSION, auth=auth)

    def under(fault):
        control.call("PUT", "/faults", [{**fault, "host": "cloud.mongodb.com"}])
        return client.get(address, headers=VERSION, auth=auth)

    assert under({"kind": "garble"}).content == straight.content[: len(straight.content) // 2]
    assert under({"kind": "garble", "body": "<p>"}).text == "<p>"
    assert under({"kind": "mistype"}).headers["content-type"] == "text/html"
    address = address.replace("/encryptionAtRest", "")
    assert client.get(address, headers=VERSION, auth=auth).json()["name"] != "MARS"
    assert under({"kind": "rewrite", "name": "name", "value": "MARS"}).json()["name"] == "MARS"


def test_a_list_can_miss_and_double_entries(client, environment, control):
    auth = digest(environment)
    address = encryption_of(environment).replace("/encryptionAtRest", "/alertConfigs")
    straight = client.get(address, headers=VERSION, auth=auth).json()
    told = {}
    for entry in ("missing", "doubled"):
        control.call("PUT", "/faults", [{"kind": "paging", "entry": entry}])
        told[entry] = client.get(address, headers=VERSION, auth=auth).json()
    entries = straight["results"]
    assert told["missing"]["results"] == entries[1:]
    assert told["doubled"]["results"] == [entries[0], *entries]
    assert told["missing"]["totalCount"] == straight["totalCount"]


def test_every_second_reading_can_be_an_old_one(client, environment, control):
    auth = digest(environment)
    address = "https://cloud.mongodb.com/api/atlas/v2/groups"
    control.call("PUT", "/faults", [{"kind": "stale", "lag": 1, "path": "/groups$"}])
    shown = []
    client.get(encryption_of(environment), headers=VERSION, auth=auth)
    for name in ("one", "two", "three"):
        shown.append(client.get(address, headers=VERSION, auth=auth).json()["totalCount"])
        body = {"name": name, "orgId": environment["MONGODB_ATLAS_ORG_ID"]}
        assert client.post(address, json=body, headers=VERSION, auth=auth).is_success
    assert shown == [1, 1, 3]


def test_faults_fit_by_host_method_and_path_and_the_first_that_fits_counts(client, environment, control):
    control.call(
        "PUT",
        "/faults",
        [
            {"kind": "status", "status": 500, "host": "cloud.mongodb.com"},
            {"kind": "status", "status": 502, "method": "DELETE"},
            {"kind": "status", "status": 503, "path": "tenants$"},
            {"kind": "status", "status": 504, "times": 1},
        ],
    )
    asked = [("GET", encryption_of(environment)), ("DELETE", ARM), ("GET", "https://management.azure.com/tenants?x=1")]
    assert [client.request(*one).status_code for one in asked] == [500, 502, 503]
    assert [client.get(ARM).status_code for _ in range(2)] == [504, 401]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("https://cloud.mongodb.com/api/atlas/v2/x", 429, ("errorCode", "RATE_LIMITED_TOKEN_BUCKET")),
        ("https://cloud.mongodb.com/api/atlas/v2/x", 500, ("errorCode", "UNEXPECTED_ERROR")),
        ("https://management.azure.com/subscriptions", 429, ("error", "code", "TooManyRequests")),
        ("https://management.azure.com/subscriptions", 503, ("error", "code", "ServiceUnavailable")),
        ("https://some.vault.azure.net/keys", 429, ("error", "code", "Throttled")),
        ("https://some.vault.azure.net/keys", 500, ("error", "code", "InternalServerError")),
        ("https://login.microsoftonline.com/t/oauth2/v2.0/token", 503, ("error", "temporarily_unavailable")),
        ("https://graph.microsoft.com/v1.0/applications", 429, ("error", "code", "TooManyRequests")),
    ],
)
def test_each_service_words_its_errors_its_own_way(client, control, address, status, words):
    control.call("PUT", "/faults", [{"kind": "status", "status": status, "retry_after_s": 3}])
    answer = client.get(address)
    said = answer.json()
    for name in words[:-1]:
        said = said[name]
    assert (answer.status_code, said, answer.headers["retry-after"]) == (status, words[-1], "3")


def test_what_stands_in_front_of_atlas_does_not_speak_json(client, control):
    control.call("PUT", "/faults", [{"kind": "status", "status": 503}])
    answer = client.get("https://cloud.mongodb.com/api/atlas/v2/x")
    assert (answer.status_code, answer.headers["content-type"], answer.text[:8]) == (503, "text/plain", "upstream")
    assert "retry-after" not in answer.headers


def test_a_body_of_ones_own_is_sent_as_it_is(client, control):
    control.call("PUT", "/faults", [{"kind": "status", "status": 418, "body": "☕ no json"}])
    answer = client.get(ARM)
    assert (answer.status_code, answer.content) == (418, "☕ no json".encode())


def test_faults_never_reach_the_control_routes(control):
    control.call("PUT", "/faults", [{"kind": "reset"}])
    assert control.call("GET", "/clock").status_code == 200
    assert len(control.call("GET", "/faults").json()) == 1


def test_a_failure_of_the_simulation_is_500_and_told_of(client, complaints, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("harness.fake.kernel.entra.Entra.token", fail)
    answer = client.get(ARM, headers={"authorization": "Bearer hush"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "SimulationFailed")
    assert answer.headers["x-cmkproof-request-id"] == "failure-1"
    assert "failure-1: GET https://management.azure.com/subscriptions" in complaints[0]
    assert "RuntimeError: a defect" in complaints[0]
    assert "hush" not in complaints[0]
    monkeypatch.setattr("harness.fake.kernel.entra.Entra.token", lambda *_: None)
    assert client.get(ARM, headers={"authorization": "Bearer hush"}).status_code == 401, "the simulator lives on"


def read_all(sock: socket.socket) -> None:
    sock.settimeout(10)
    while sock.recv(4096):
        pass
