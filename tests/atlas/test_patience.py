"""What is tried again and what is not: 429, 5xx, silence; at most once for creations."""

from __future__ import annotations

import ssl

import httpx
import pytest

from harness.errors import (
    AccessError,
    ProtocolError,
    ProxyDown,
    Refused,
    ServerFault,
    Throttled,
    Unreachable,
    UntrustedCertificate,
)

OFF = {"azureKeyVault": {"enabled": False}}
SILENCE = [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut off")]


def test_retry_after_is_honoured_on_429(service, atlas, clock, project, build):
    start = clock.now()
    atlas.answer(build.refusal(429, "RATE_LIMITED_TOKEN_BUCKET", headers={"retry-after": "55"}), build.ok(OFF))
    service.encryption(project)
    assert clock.now() - start == 55


def test_retry_after_may_be_a_date(service, atlas, clock, project, build):
    start = clock.now()
    headers = {"date": "Mon, 10 Aug 2026 03:26:42 GMT", "retry-after": "Mon, 10 Aug 2026 03:27:02 GMT"}
    atlas.answer(build.refusal(503, "UNEXPECTED_ERROR", headers=headers), build.ok(OFF))
    service.encryption(project)
    assert clock.now() - start == 20


def test_a_read_backs_off_while_the_server_fails(service, atlas, clock, project, build):
    start = clock.now()
    atlas.answer(*(httpx.Response(503, text="no json") for _ in range(3)), build.ok(OFF))
    service.encryption(project)
    assert clock.now() - start == 1 + 2 + 4


def test_patience_with_a_failing_server_ends(service, atlas, project):
    atlas.answer(*(httpx.Response(500) for _ in range(9)))
    with pytest.raises(ServerFault):
        service.encryption(project)
    assert len(atlas.requests) == 5


def test_a_pause_longer_than_all_patience_is_not_waited_for(service, atlas, clock, project, build):
    start = clock.now()
    atlas.answer(build.refusal(429, "RATE_LIMITED_TOKEN_BUCKET", headers={"retry-after": "86400"}))
    with pytest.raises(Throttled):
        service.encryption(project)
    assert clock.now() == start


@pytest.mark.parametrize("silence", SILENCE, ids=str)
def test_a_read_without_an_answer_is_repeated(service, atlas, project, build, silence):
    atlas.answer(silence, build.ok(OFF))
    assert service.encryption(project).enabled is False


@pytest.mark.parametrize("silence", SILENCE, ids=str)
def test_silence_without_end_is_unreachable(service, atlas, project, silence):
    atlas.answer(*(type(silence)(str(silence)) for _ in range(9)))
    with pytest.raises(Unreachable, match=r"cloud\.mongodb\.com"):
        service.encryption(project)


def test_a_refusal_is_final(service, atlas, project, build):
    atlas.answer(build.refusal(400, "INVALID_AZURE_CREDENTIALS", "Invalid Azure credentials."))
    with pytest.raises(Refused) as caught:
        service.update_encryption(project, {"azureKeyVault": {"enabled": True}})
    assert caught.value.reason == "INVALID_AZURE_CREDENTIALS"
    assert len(atlas.requests) == 1


@pytest.mark.parametrize("outcome", [httpx.Response(500), httpx.Response(503), *SILENCE], ids=str)
def test_a_creation_of_unknown_outcome_is_read_back_and_not_repeated(service, atlas, project, build, outcome):
    atlas.answer(outcome, build.page(build.endpoint(7), total=1))
    assert service.create_private_endpoint(project, "US_EAST_2").id == f"{7:024x}"
    assert [request.method for request in atlas.requests] == ["POST", "GET"]


def test_a_creation_that_left_no_trace_is_asked_for_again(service, atlas, project, build):
    other = build.endpoint(1, region="EUROPE_NORTH")
    replaced = build.endpoint(2, status="PENDING_RECREATION")
    nothing = [build.page(other, replaced, total=2) for _ in range(2)]
    atlas.answer(httpx.Response(500), *nothing, build.ok(build.endpoint(3)))
    assert service.create_private_endpoint(project, "US_EAST_2").id == f"{3:024x}"
    assert [request.method for request in atlas.requests] == ["POST", "GET", "GET", "POST"]


def test_a_creation_that_shows_only_after_the_pause_is_not_asked_for_again(service, atlas, clock, project, build):
    start = clock.now()
    atlas.answer(httpx.Response(500), build.page(total=0), build.page(build.endpoint(3), total=1))
    assert service.create_private_endpoint(project, "US_EAST_2").id == f"{3:024x}"
    assert [request.method for request in atlas.requests] == ["POST", "GET", "GET"]
    assert clock.now() > start


def test_a_creation_that_nobody_can_look_for_is_not_repeated_and_stays_unknown(service, atlas, project, build):
    atlas.answer(httpx.Response(500), build.refusal(401, "UNAUTHORIZED"), build.refusal(401, "UNAUTHORIZED"))
    with pytest.raises(ServerFault) as caught:
        service.create_private_endpoint(project, "US_EAST_2")
    assert not caught.value.definite
    assert [request.method for request in atlas.requests].count("POST") == 1


def test_a_refusal_after_an_unknown_outcome_may_be_about_what_was_made(service, atlas, project, build):
    taken = build.refusal(409, "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_ALREADY_EXISTS_FOR_REGION")
    late = build.page(build.endpoint(3), total=1)
    atlas.answer(httpx.Response(500), build.page(total=0), build.page(total=0), taken, late)
    assert service.create_private_endpoint(project, "US_EAST_2").id == f"{3:024x}"


def test_a_refusal_that_nothing_came_of_is_one(service, atlas, project, build):
    nothing = [build.page(total=0) for _ in range(3)]
    atlas.answer(httpx.Response(500), *nothing[:2], build.refusal(400, "INVALID_REGION"), nothing[2])
    with pytest.raises(Refused, match="INVALID_REGION"):
        service.create_private_endpoint(project, "US_EAST_2")


def test_a_creation_that_never_succeeds_ends_as_the_server_fault_it_is(service, atlas, project, build):
    for _ in range(5):
        nothing = (build.page(total=0), build.page(total=0))
        atlas.answer(build.refusal(500, "UNEXPECTED_ERROR", "Unexpected error."), *nothing)
    with pytest.raises(ServerFault) as caught:
        service.create_private_endpoint(project, "US_EAST_2")
    assert (caught.value.status, caught.value.reason) == (500, "UNEXPECTED_ERROR")


def test_a_creation_that_never_left_is_repeated_without_reading_back(service, atlas, project, build):
    atlas.answer(httpx.ConnectError("refused"), build.ok(build.endpoint(1)))
    service.create_private_endpoint(project, "US_EAST_2")
    assert [request.method for request in atlas.requests] == ["POST", "POST"]


def test_an_unreachable_atlas_is_not_tried_more_often_for_a_creation(service, atlas, project):
    atlas.answer(*(httpx.ConnectError("refused") for _ in range(30)))
    with pytest.raises(Unreachable):
        service.create_private_endpoint(project, "US_EAST_2")
    assert len(atlas.requests) == 5


def test_a_dead_proxy_is_tried_twice_even_for_a_creation_and_never_read_back(service, atlas, project):
    atlas.answer(*(httpx.ProxyError("502 Bad Gateway") for _ in range(9)))
    with pytest.raises(ProxyDown):
        service.create_private_endpoint(project, "US_EAST_2")
    assert [request.method for request in atlas.requests] == ["POST", "POST"]


def test_a_certificate_that_is_not_trusted_is_not_tried_again(service, atlas, project):
    untrusted = httpx.ConnectError("certificate verify failed")
    untrusted.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    atlas.answer(untrusted)
    with pytest.raises(UntrustedCertificate):
        service.create_private_endpoint(project, "US_EAST_2")
    assert len(atlas.requests) == 1


def test_a_deletion_of_unknown_outcome_is_done_when_the_record_is_going(service, atlas, project, build):
    atlas.answer(httpx.Response(500), build.ok(build.endpoint(1, status="DELETING")))
    service.delete_private_endpoint(project, f"{1:024x}")
    assert [request.method for request in atlas.requests] == ["DELETE", "GET"]


def test_a_restart_of_unknown_outcome_stays_unknown(service, atlas, project):
    atlas.answer(httpx.Response(500))
    with pytest.raises(ServerFault):
        service.restart_primaries(project, "cluster0")
    assert len(atlas.requests) == 1


def test_an_address_outside_the_access_list_is_an_access_error(service, atlas, project, build):
    atlas.answer(build.refusal(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "IP address 1.2.3.4 is not allowed"))
    with pytest.raises(AccessError):
        service.encryption(project)


def test_an_operation_that_the_other_side_lacks_is_named(service, atlas, project, build):
    atlas.answer(build.refusal(501, "NOT_MODELLED", "GET /x is missing"))
    with pytest.raises(ProtocolError, match=r"GET /api/atlas/v2/groups/.*501"):
        service.encryption(project)


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"azureKeyVault": 5}', '{"azureKeyVault": {"enabled": "yes"}}'])
def test_an_answer_of_the_wrong_shape_is_a_protocol_error(service, atlas, project, body):
    atlas.answer(httpx.Response(200, text=body))
    with pytest.raises(ProtocolError, match="encryptionAtRest"):
        service.encryption(project)
