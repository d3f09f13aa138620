"""The whole simulated world as one WSGI application: it lets time pass, then routes on Host."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from harness.fake.faces.arm import arm_face
from harness.fake.faces.atlas import atlas_face
from harness.fake.faces.entra import entra_face
from harness.fake.faces.graph import graph_face
from harness.fake.faces.key_vault import VAULT_DOMAIN, key_vault_face
from harness.fake.faces.wire import gap, write_wsgi
from harness.fake.kernel.world import World

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Application:
    """Answers for every host of the world.

    `now` tells the time in unix seconds; the world is advanced to it at the start of every request. A vault that gives
    no answer raises `Unanswered` out of the application: the transport in front makes a time-out of it.
    """

    def __init__(self, world: World, now: Callable[[], float]) -> None:
        self._world = world
        self._now = now
        self._vaults: WsgiApp = key_vault_face(world)
        self._hosts: dict[str, WsgiApp] = {
            "cloud.mongodb.com": atlas_face(world),
            "management.azure.com": arm_face(world),
            "login.microsoftonline.com": entra_face(world),
            "graph.microsoft.com": graph_face(world),
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        self._world.advance_to(self._now())
        host = environ.get("HTTP_HOST", environ.get("SERVER_NAME", "")).partition(":")[0].lower()
        face = self._hosts.get(host)
        if face is None and host.endswith(VAULT_DOMAIN):
            face = self._vaults
        if face is None:
            reply = gap(environ["REQUEST_METHOD"], host, environ["PATH_INFO"], "no service has this host name")
            return write_wsgi(start_response, reply)
        return face(environ, start_response)
