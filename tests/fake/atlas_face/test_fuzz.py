"""Whatever is sent to the face, it answers; and never with a server error but the loud 501."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from harness.fake.faces.atlas.application import OPERATIONS
from harness.fake.faces.atlas.bodies import Many, Record
from tests.fake.atlas_face.stage import Stage, cluster_body, media

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
DATES = ("2023-01-01", "2023-02-01", "2024-05-30", "2024-10-23", "2025-03-12", "2099-12-31", "1999-01-01", "2024-13-45")


@cache
def _stage() -> Stage:
    """One world for all examples: whatever they have done to it, it must go on answering."""
    stage = Stage()
    stage.enable(requirePrivateNetworking=True)
    stage.make_endpoint()
    stage.pass_time(100)
    stage.approve_all()
    stage.owner().call("POST", f"{stage.at}/clusters", cluster_body(), version="2024-10-23")
    stage.pass_time(1000)
    return stage


@cache
def _token() -> str:
    stage = _stage()
    account = stage.owner_account
    stage.world.knobs.atlas_token_s = 1e9
    return stage.world.atlas.callers.issue_token(account.public, account.secret, "127.0.0.1").text


def _names(shape: Any) -> Iterable[str]:
    if isinstance(shape, Record):
        for name, part in shape.fields.items():
            yield name
            yield from _names(part)
    elif isinstance(shape, Many):
        yield from _names(shape.item)


FIELDS = sorted({name for o in OPERATIONS for body in o.bodies.values() for name in _names(body)})
WORDS = ("AZURE", "AWS", "NONE", "TENANT", "US_EAST_2", "M10", "M0", "alpha", "true", "", "0" * 24, "é", "\x00")

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.text(max_size=20),
)
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)),
    max_leaves=12,
)


@st.composite
def sensible_bodies(draw: st.DrawFn) -> bytes:
    """A body that some operation understands, with one part changed."""
    stage = _stage()
    body: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"azureKeyVault": stage.azure_block()},
                {"regionName": "US_WEST"},
                cluster_body("beta"),
                {"name": "other", "orgId": stage.organisation},
                {"specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}]},
                {"name": "flex", "providerSettings": {"backingProviderName": "AZURE", "regionName": "US_EAST_2"}},
            ]
        )
    )
    body = json.loads(json.dumps(body))
    place = body
    while True:
        key = draw(st.sampled_from(sorted(place)))
        inner = place[key][0] if isinstance(place[key], list) else place[key]
        if isinstance(inner, dict) and inner and draw(st.booleans()):
            place = inner
            continue
        place[key] = draw(documents)
        return json.dumps(body).encode()


raw_bodies = st.one_of(st.binary(max_size=40), documents.map(lambda d: json.dumps(d).encode()), sensible_bodies())


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path of ours with parameters that fit or do not, or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return "/" + quote(draw(st.text(max_size=30)), safe="/")
    stage = _stage()
    known = {"groupId": stage.project, "orgId": stage.organisation, "clusterName": "alpha", "cloudProvider": "AZURE"}
    known |= dict.fromkeys(IDENTIFIERS, "0f" * 12)
    path = draw(st.sampled_from(sorted({o.path for o in OPERATIONS} | {"/api/oauth/token", "/api/oauth/revoke"})))
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            fitting = known.get(part.strip("{}"), "0f" * 12)
            part = quote(draw(st.one_of(st.just(fitting), st.just(fitting), st.text(max_size=12))), safe="")
        parts.append(part)
    return "/".join(parts) + draw(st.sampled_from(["", "/"]))


IDENTIFIERS = ("alertConfigId", "alertId", "clientId", "groupName", "roleId", "snapshotId")
"""Path parameters of operations with a body, beside those that the stage has."""

PARAMETERS = (
    "pretty",
    "envelope",
    "pageNum",
    "itemsPerPage",
    "includeCount",
    "eventType",
    "minDate",
    "maxDate",
    "name",
)
VALUES = ("true", "0", "-1", "99999999999999999999", "2026-01-01", "²", "")
pairs = st.tuples(st.sampled_from(PARAMETERS), st.one_of(st.sampled_from(VALUES), st.text(max_size=8)))
queries = st.one_of(
    st.just(""),
    st.text(max_size=20).map(quote),
    st.lists(pairs, max_size=4).map(lambda chosen: "&".join(f"{k}={quote(v)}" for k, v in chosen)),
)
headers = st.one_of(
    st.sampled_from([media(date) for date in DATES]),
    st.sampled_from(["application/json", "*/*", "", "application/vnd.atlas.preview+json", "text/plain"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
)


def _call(method: str, path: str, query: str, accept: str, content_type: str, body: bytes, authorization: str) -> int:
    environ = {
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": content_type,
        "HTTP_ACCEPT": accept,
        "HTTP_AUTHORIZATION": authorization,
        "HTTP_HOST": "cloud.mongodb.com",
        "PATH_INFO": _wsgi_path(path),
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "cloud.mongodb.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "https",
    }
    seen: list[Any] = []
    b"".join(_stage().app(environ, lambda status, headers, *_: seen.extend((status, dict(headers)))))
    status = int(seen[0].split()[0])
    if status >= 500:
        assert (status, seen[1].get("x-error-code")) == (501, "NOT_SIMULATED"), environ["wsgi.errors"].getvalue()
    return status


def _wsgi_path(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    method=st.sampled_from(METHODS),
    path=paths(),
    query=queries,
    accept=headers,
    content_type=headers,
    body=raw_bodies,
    signed=st.booleans(),
)
@example("PATCH", "/api/atlas/v2/groups", "", media("2023-01-01"), media("2023-01-01"), b"[" * 100_000, True)
@example("POST", "/api/oauth/token", "", "", "application/x-www-form-urlencoded", b"\xff", False)
def test_anything_is_answered_without_a_server_error(
    method: str, path: str, query: str, accept: str, content_type: str, body: bytes, signed: bool
) -> None:
    authorization = f"Bearer {_token()}" if signed else "Digest username"
    _call(method, path, query, accept, content_type, body, authorization)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(operation=st.sampled_from([o for o in OPERATIONS if o.bodies]), body=raw_bodies, data=st.data())
def test_any_body_at_the_right_door_is_answered_without_a_server_error(operation: Any, body: bytes, data: Any) -> None:
    stage = _stage()
    known = {"groupId": stage.project, "orgId": stage.organisation, "clusterName": "alpha", "cloudProvider": "AZURE"}
    known |= {"name": "alpha", **dict.fromkeys(IDENTIFIERS, "0f" * 12)}
    version = media(data.draw(st.sampled_from(sorted(operation.bodies))))
    path = operation.path.format(**known) if "{" in operation.path else operation.path
    _call(operation.method, path, "", version, version, body, f"Bearer {_token()}")


def _digest(fields: dict[str, str]) -> str:
    quoted = (f'{name}="{value.encode("latin-1", "replace").decode("latin-1")}"' for name, value in fields.items())
    return "Digest " + ", ".join(quoted)


DIGEST_FIELDS = ("username", "nonce", "uri", "response", "qop", "nc", "cnonce")
authorizations = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(lambda text: "Digest " + text),
    st.binary(max_size=30).map(lambda raw: "Basic " + raw.hex()),
    st.dictionaries(st.sampled_from(DIGEST_FIELDS), st.text(max_size=8)).map(_digest),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(authorization=authorizations, token_door=st.booleans())
def test_any_authorization_is_answered_without_a_server_error(authorization: str, token_door: bool) -> None:
    if token_door:
        form = "application/x-www-form-urlencoded"
        status = _call("POST", "/api/oauth/token", "", "", form, b"grant_type=client_credentials", authorization)
    else:
        status = _call("GET", "/api/atlas/v2/groups", "", media("2023-01-01"), "", b"", authorization)
    assert status == 401
