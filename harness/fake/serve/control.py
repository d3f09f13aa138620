"""The control routes: the clock, the world's state, knobs, faults, and what only a stage manager can do.

They are no part of any simulated service and answer on the simulator's own name only. JSON in and out; a refusal is
`{"error": sentence}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from ipaddress import ip_network
from math import isfinite
from typing import Annotated, Any, TypeVar

import msgspec

from harness.fake.kernel.knobs import Knobs
from harness.fake.kernel.refusal import Refusal
from harness.fake.kernel.world import World
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.wire_faults import heard
from harness.fake.serve.world_view import view
from harness.model.wire_queue import WireFaults

T = TypeVar("T")

PREFIX = "/_cmkproof"


class ControlError(Exception):
    """A request that makes no sense, with its status; the argument is a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class _Jump(msgspec.Struct, forbid_unknown_fields=True):
    advance_s: float


class _Activity(msgspec.Struct, forbid_unknown_fields=True):
    project_id: str
    active: bool


class _Expiry(msgspec.Struct, forbid_unknown_fields=True):
    client_id: str
    after_s: Annotated[float, msgspec.Meta(ge=0)]


class _SignInLimit(msgspec.Struct, forbid_unknown_fields=True):
    client_id: str
    addresses: list[str] | None


class _Provider(msgspec.Struct, forbid_unknown_fields=True):
    subscription_id: str
    namespace: str


class _Request(msgspec.Struct, forbid_unknown_fields=True):
    vault: str
    private_endpoint_id: Annotated[str, msgspec.Meta(pattern="^/subscriptions/[^/]+/.+/[^/]+$")]
    name: str = ""


Handler = Callable[[bytes], Any]


class Control:
    """Answers the control routes of one world."""

    def __init__(self, world: World, clock: ServedClock, faults: WireFaults) -> None:
        self._world = world
        self._clock = clock
        self._faults = faults
        self._routes: Mapping[str, Mapping[str, Handler]] = {
            "/clock": {"GET": self._tell_time, "POST": self._jump},
            "/world": {"GET": lambda _: view(world)},
            "/knobs": {"GET": self._list_knobs, "PATCH": self._turn, "DELETE": self._reset_knobs},
            "/faults": {"GET": self._list_faults, "PUT": self._replace_faults, "DELETE": self._clear_faults},
            "/stage/set_project_active": {"POST": self._set_project_active},
            "/stage/expire_secret": {"POST": self._expire_secret},
            "/stage/restrict_sign_in": {"POST": self._restrict_sign_in},
            "/stage/unregister_provider": {"POST": self._unregister_provider},
            "/stage/ask_for_connection": {"POST": self._ask_for_connection},
        }

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON body of the answer."""
        self._world.advance_to(self._clock.now())
        try:
            return 200, msgspec.json.encode(self._handler(method, path)(body))
        except ControlError as error:
            return error.status, msgspec.json.encode({"error": str(error)})

    def _handler(self, method: str, path: str) -> Handler:
        route = self._routes.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if route is None:
            known = ", ".join(f"{PREFIX}{name}" for name in self._routes)
            raise ControlError(404, f"there is nothing at {path}; the control routes are {known}")
        if method not in route:
            raise ControlError(405, f"{path} takes {' and '.join(route)}, not {method}")
        return route[method]

    def _tell_time(self, _: bytes) -> dict[str, float]:
        return {"now": self._clock.now(), "speed": self._clock.speed}

    def _jump(self, body: bytes) -> dict[str, float]:
        try:
            self._clock.jump(_decoded(body, _Jump).advance_s)
        except ValueError as error:
            raise ControlError(400, str(error)) from None
        self._world.advance_to(self._clock.now())
        return self._tell_time(body)

    def _list_knobs(self, _: bytes) -> dict[str, Any]:
        return asdict(self._world.knobs)

    def _turn(self, body: bytes) -> dict[str, Any]:
        wanted = _decoded(body, dict[str, Any])
        turned = {name: _knob(name, value) for name, value in wanted.items()}
        for name, value in turned.items():
            setattr(self._world.knobs, name, value)
        return self._list_knobs(body)

    def _reset_knobs(self, body: bytes) -> dict[str, Any]:
        self._world.knobs = Knobs()
        return self._list_knobs(body)

    def _list_faults(self, _: bytes) -> list[Any]:
        return [fault.told() for fault in self._faults.in_force.values()]

    def _replace_faults(self, body: bytes) -> list[Any]:
        try:
            faults = heard(body)
        except ValueError as error:
            raise ControlError(400, f"these are no faults: {error}") from None
        self._faults.clear()
        for fault in faults:
            self._faults.inject(fault)
        return self._list_faults(body)

    def _clear_faults(self, body: bytes) -> list[Any]:
        self._faults.clear()
        return self._list_faults(body)

    def _set_project_active(self, body: bytes) -> dict[str, Any]:
        wanted = _decoded(body, _Activity)
        try:
            self._world.atlas.projects.set_active(wanted.project_id, wanted.active)
        except Refusal:
            raise ControlError(404, f"there is no project {wanted.project_id}") from None
        return {"project_id": wanted.project_id, "active": wanted.active}

    def _expire_secret(self, body: bytes) -> dict[str, Any]:
        wanted = _decoded(body, _Expiry)
        self._require_application(wanted.client_id)
        self._world.entra.expire_secret(wanted.client_id, wanted.after_s)
        return {"client_id": wanted.client_id, "expires": self._world.now + wanted.after_s}

    def _restrict_sign_in(self, body: bytes) -> dict[str, Any]:
        wanted = _decoded(body, _SignInLimit)
        self._require_application(wanted.client_id)
        for address in wanted.addresses or ():
            try:
                ip_network(address, strict=False)
            except ValueError as error:
                raise ControlError(400, f"addresses: {error}") from None
        allowed = None if wanted.addresses is None else tuple(wanted.addresses)
        self._world.entra.restrict_sign_in(wanted.client_id, allowed)
        return {"client_id": wanted.client_id, "addresses": wanted.addresses}

    def _unregister_provider(self, body: bytes) -> dict[str, Any]:
        wanted = _decoded(body, _Provider)
        try:
            self._world.arm.set_provider(wanted.subscription_id, wanted.namespace, "NotRegistered")
        except Refusal as refusal:
            raise ControlError(404, f"{refusal.code}: {', '.join(map(str, refusal.parameters))}") from None
        return {"subscription_id": wanted.subscription_id, "namespace": wanted.namespace}

    def _ask_for_connection(self, body: bytes) -> dict[str, Any]:
        """Somebody elsewhere makes a private endpoint that leads to the vault; its connection waits for approval."""
        wanted = _decoded(body, _Request)
        vault = self._world.arm.vault_named(wanted.vault)
        if vault is None:
            raise ControlError(404, f"there is no vault {wanted.vault}")
        endpoint_id, message = wanted.private_endpoint_id, "Please approve."
        if self._world.arm.connection_of(endpoint_id) is not None:
            raise ControlError(400, f"{endpoint_id} has a connection already")
        if wanted.name:
            made = self._world.arm.add_connection(vault, wanted.name, endpoint_id, "Pending", message)
        else:
            made = self._world.arm.connect(vault, endpoint_id, message)
        return {"id": made.id, "name": made.name, "private_endpoint_id": endpoint_id}

    def _require_application(self, client_id: str) -> None:
        if client_id not in self._world.state.entra.applications:
            raise ControlError(404, f"there is no application {client_id}")


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ControlError(400, f"the body is not what this route takes: {error}") from None


_KINDS = {knob.name: type(knob.default) for knob in fields(Knobs)}


def _knob(name: str, value: Any) -> Any:
    """A value that the knob can have."""
    kind = _KINDS.get(name)
    if kind is None:
        raise ControlError(400, f"the world has no knob {name!r}; GET {PREFIX}/knobs lists them")
    if kind is float and type(value) is int:
        value = float(min(value, 10**300))
    if type(value) is not kind:
        raise ControlError(400, f"knob {name} takes a {kind.__name__}, not {value!r}")
    if isinstance(value, float) and not (isfinite(value) and value >= 0):
        raise ControlError(400, f"knob {name} takes a number from 0 up, not {value}")
    return value
