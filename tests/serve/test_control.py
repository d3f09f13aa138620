"""The control routes, one by one, also with nonsense."""

from __future__ import annotations

import httpx
import pytest

from harness.fake.kernel.knobs import Knobs
from harness.fake.serve import served
from harness.fake.serve.clock import ServedClock
from tests.serve.conftest import VERSION, Control, digest, encryption_of

START = 1_780_300_800.0


def test_the_clock_tells_its_time_and_jumps(control):
    assert control.call("GET", "/clock").json() == {"now": START, "speed": 0.0}
    assert control.call("POST", "/clock", {"advance_s": 90.5}).json() == {"now": START + 90.5, "speed": 0.0}
    assert control.call("GET", "/clock").json()["now"] == START + 90.5


def test_a_jump_lets_happen_what_is_due(client, environment, control):
    token = sign_in(client, environment)
    address = (
        f"https://management.azure.com/subscriptions/{environment['AZURE_SUBSCRIPTION_ID']}?api-version=2022-12-01"
    )
    headers = {"authorization": f"Bearer {token}"}
    assert client.get(address, headers=headers).status_code == 200
    control.call("POST", "/clock", {"advance_s": 7200})
    assert client.get(address, headers=headers).status_code == 401, "the token has run out"


def test_a_clock_runs_at_its_speed_once_it_is_let():
    wall = [100.0]
    clock = ServedClock(START, 60.0, lambda: wall[0])
    wall[0] += 5
    assert clock.now() == START
    clock.run()
    wall[0] += 2
    clock.jump(10)
    assert clock.now() == START + 130


def test_a_served_clock_keeps_up_with_the_wall():
    with served(speed=1e6, start=START) as simulator:
        control = Control(simulator)
        first, second = (control.call("GET", "/clock").json()["now"] for _ in range(2))
        control.close()
    assert START < first < second


def test_the_world_is_shown_without_any_secret(client, environment, control):
    sign_in(client, environment)
    client.get(encryption_of(environment), headers=VERSION, auth=digest(environment))
    answer = control.call("GET", "/world")
    world = answer.json()
    assert (world["now"], world["seed"]) == (START, 7)
    assert world["readings"]["initiating_spelling"] == "INITIATING"
    assert environment["MONGODB_ATLAS_PROJECT_ID"] in world["state"]["atlas"]["projects"]
    assert (
        environment["CMKPROOF_AZURE__KEY"] in world["state"]["key_vault"]["keys"][environment["CMKPROOF_AZURE__VAULT"]]
    )
    secrets = [value for name, value in environment.items() if "SECRET" in name or "PRIVATE" in name]
    assert len(secrets) == 4
    assert not [secret for secret in secrets if secret in answer.text]
    assert "tokens" not in world["state"]["entra"]
    assert "access_tokens" not in world["state"]["atlas"]


def test_knobs_are_listed_turned_and_turned_back(control):
    before = control.call("GET", "/knobs").json()
    assert before["initiating_delay_s"] == Knobs().initiating_delay_s
    turned = control.call("PATCH", "/knobs", {"initiating_delay_s": 5, "vault_outage": True, "fail_create": "no room"})
    assert turned.json() == {**before, "initiating_delay_s": 5.0, "vault_outage": True, "fail_create": "no room"}
    assert control.call("GET", "/knobs").json() == turned.json()
    assert control.call("DELETE", "/knobs").json() == before


def test_one_wrong_knob_leaves_all_as_they_were(control):
    before = control.call("GET", "/knobs").json()
    answer = control.call("PATCH", "/knobs", {"initiating_delay_s": 5, "vault_outage": "maybe"})
    assert answer.status_code == 400
    assert control.call("GET", "/knobs").json() == before


def test_faults_are_listed_with_what_is_left_of_them(client, control):
    fault = {
        "kind": "status",
        "host": "Management.azure.com",
        "method": "get",
        "path": "^/sub",
        "times": 2,
        "status": 503,
    }
    put = control.call("PUT", "/faults", [fault])
    shown = {**fault, "host": "management.azure.com", "method": "GET", "retry_after_s": None, "body": None}
    assert put.json() == [shown]
    assert client.get("https://management.azure.com/subscriptions").status_code == 503
    assert control.call("GET", "/faults").json() == [{**shown, "times": 1}]
    assert client.get("https://management.azure.com/subscriptions").status_code == 503
    assert control.call("GET", "/faults").json() == []
    assert client.get("https://management.azure.com/subscriptions").status_code == 401
    control.call("PUT", "/faults", [fault])
    assert control.call("DELETE", "/faults").json() == []


def test_a_secret_can_be_let_expire(client, environment, control):
    control.call("POST", "/stage/expire_secret", {"client_id": environment["AZURE_CLIENT_ID"], "after_s": 0})
    refused = sign_in_answer(client, environment)
    assert (refused.status_code, refused.json()["error_codes"]) == (401, [7000222])


def test_sign_in_can_be_limited_and_freed(client, environment, control):
    limit = {"client_id": environment["AZURE_CLIENT_ID"], "addresses": ["198.51.100.0/24"]}
    control.call("POST", "/stage/restrict_sign_in", limit)
    assert sign_in_answer(client, environment).json()["error_codes"] == [53003]
    control.call("POST", "/stage/restrict_sign_in", {**limit, "addresses": None})
    assert sign_in_answer(client, environment).status_code == 200


def test_a_project_can_be_made_inactive(environment, control):
    project = environment["MONGODB_ATLAS_PROJECT_ID"]
    for active in (False, True):
        assert control.call("POST", "/stage/set_project_active", {"project_id": project, "active": active}).is_success
        assert control.call("GET", "/world").json()["state"]["atlas"]["projects"][project]["active"] is active


def test_a_provider_can_be_unregistered(client, environment, control):
    subscription = environment["AZURE_SUBSCRIPTION_ID"]
    wanted = {"subscription_id": subscription, "namespace": "Microsoft.KeyVault"}
    assert control.call("POST", "/stage/unregister_provider", wanted).is_success
    address = (
        f"https://management.azure.com/subscriptions/{subscription}/providers/Microsoft.KeyVault?api-version=2025-04-01"
    )
    token = sign_in(client, environment)
    answer = client.get(address, headers={"authorization": f"Bearer {token}"})
    assert answer.json()["registrationState"] == "NotRegistered"


NONSENSE = [
    ("GET", "", None, 404),
    ("GET", "/nothing", None, 404),
    ("POST", "/stage/explode", {}, 404),
    ("DELETE", "/clock", None, 405),
    ("GET", "/stage/expire_secret", None, 405),
    ("POST", "/clock", {"advance_s": -1}, 400),
    ("POST", "/clock", {"advance_s": 1e12}, 400),
    ("POST", "/clock", {"advance_s": "soon"}, 400),
    ("POST", "/clock", {"advance_s": 1, "by": 2}, 400),
    ("POST", "/clock", {}, 400),
    ("POST", "/clock", b"{", 400),
    ("POST", "/clock", b"\xff\xfe", 400),
    ("POST", "/clock", b"[" * 100_000, 400),
    ("PATCH", "/knobs", [], 400),
    ("PATCH", "/knobs", {"no_such_knob": 1}, 400),
    ("PATCH", "/knobs", {"initiating_delay_s": -1}, 400),
    ("PATCH", "/knobs", {"initiating_delay_s": None}, 400),
    ("PATCH", "/knobs", {"initiating_delay_s": True}, 400),
    ("PATCH", "/knobs", {"stuck_initiating": 1}, 400),
    ("PUT", "/faults", {}, 400),
    ("PUT", "/faults", [{"kind": "explode"}], 400),
    ("PUT", "/faults", [{"kind": "status"}], 400),
    ("PUT", "/faults", [{"kind": "status", "status": 200}], 400),
    ("PUT", "/faults", [{"kind": "status", "status": 599}], 400),
    ("PUT", "/faults", [{"kind": "reset", "path": "("}], 400),
    ("PUT", "/faults", [{"kind": "reset", "times": 0}], 400),
    ("PUT", "/faults", [{"kind": "slow"}], 400),
    ("PUT", "/faults", [{"kind": "slow", "delay_s": -1}], 400),
    ("PUT", "/faults", [{"kind": "skew", "skew_s": 1e30}], 400),
    ("PUT", "/faults", [{"kind": "reset", "delay_s": 1}], 400),
    ("PUT", "/faults", [{"kind": "drip", "delay_s": 1, "pieces": 0}], 400),
    ("PUT", "/faults", [{"kind": "paging", "entry": "lost"}], 400),
    ("PUT", "/faults", [{"kind": "stale", "lag": 0}], 400),
    ("PUT", "/faults", [{"kind": ["reset"]}], 400),
    ("POST", "/stage/set_project_active", {"project_id": "none", "active": True}, 404),
    ("POST", "/stage/set_project_active", {"project_id": 5, "active": True}, 400),
    ("POST", "/stage/expire_secret", {"client_id": "none", "after_s": 0}, 404),
    ("POST", "/stage/expire_secret", {"client_id": "none", "after_s": -5}, 400),
    ("POST", "/stage/restrict_sign_in", {"client_id": "none", "addresses": None}, 404),
    ("POST", "/stage/restrict_sign_in", {"client_id": "none", "addresses": "x"}, 400),
    ("POST", "/stage/unregister_provider", {"subscription_id": "none", "namespace": "Microsoft.KeyVault"}, 404),
]


def test_nonsense_is_answered_with_a_sentence_and_changes_nothing(control):
    before = control.call("GET", "/world").content
    for method, path, body, status in NONSENSE:
        content = body if isinstance(body, bytes) else None
        answer = control.call(method, path, None if content else body, content)
        assert answer.status_code == status, (method, path, body, answer.text)
        assert list(answer.json()) == ["error"]
        assert len(answer.json()["error"]) > 10
    assert control.call("GET", "/world").content == before
    assert control.call("GET", "/faults").json() == []


def test_bad_addresses_are_named(environment, control):
    wanted = {"client_id": environment["AZURE_CLIENT_ID"], "addresses": ["here"]}
    answer = control.call("POST", "/stage/restrict_sign_in", wanted)
    assert (answer.status_code, "here" in answer.json()["error"]) == (400, True)


def test_the_services_own_names_do_not_lead_to_the_control_routes(client):
    for host in ("cloud.mongodb.com", "management.azure.com", "graph.microsoft.com"):
        assert client.get(f"https://{host}/_cmkproof/clock").status_code == 501


def sign_in_answer(client: httpx.Client, environment: dict[str, str]) -> httpx.Response:
    return client.post(
        f"https://login.microsoftonline.com/{environment['AZURE_TENANT_ID']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": environment["AZURE_CLIENT_ID"],
            "client_secret": environment["AZURE_CLIENT_SECRET"],
            "scope": "https://management.azure.com/.default",
        },
    )


def sign_in(client: httpx.Client, environment: dict[str, str]) -> str:
    return str(sign_in_answer(client, environment).json()["access_token"])


@pytest.mark.parametrize("path", ["/clock", "/world", "/knobs", "/faults"])
def test_control_routes_answer_to_the_number_of_this_machine_too(simulator, control, path):
    address = simulator.control.replace("localhost", "127.0.0.1") + path
    assert control.http.get(address).status_code == 200
