"""The wire of Key Vault's data plane (azure.md 1.9)."""

from __future__ import annotations

from typing import Any

import falcon

from harness.fake.faces.key_vault import keys, use
from harness.fake.faces.key_vault.call import VAULT_DOMAIN, Door
from harness.fake.faces.wire import add, new_app
from harness.fake.kernel.world import World

__all__ = ["VAULT_DOMAIN", "key_vault_face"]


def key_vault_face(world: World) -> falcon.App[Any, Any]:
    """The WSGI application behind every `*.vault.azure.net`."""
    door = Door(world)
    guard = door.guard
    app = new_app()
    add(app, "/healthstatus", get=door.health)
    add(app, "/keys", get=guard(keys.list_keys))
    add(app, "/keys/{name}", get=guard(keys.get), patch=guard(keys.update), delete=guard(keys.delete))
    add(app, "/keys/{name}/", get=guard(keys.get), patch=guard(keys.update))
    add(app, "/keys/{name}/create", post=guard(keys.create))
    add(app, "/keys/{name}/versions", get=guard(keys.list_versions))
    add(app, "/keys/{name}/rotate", post=guard(keys.rotate))
    add(app, "/keys/{name}/rotationpolicy", get=guard(keys.get_policy), put=guard(keys.put_policy))
    add(app, "/keys/{name}/{version}", get=guard(keys.get), patch=guard(keys.update))
    for operation in use.OPERATIONS:
        add(app, f"/keys/{{name}}/{{version}}/{operation}", post=guard(use.operation(operation)))
    add(app, "/keys/{name}/{version}/verify", post=guard(use.verify))
    add(app, "/deletedkeys", get=guard(keys.list_deleted))
    add(app, "/deletedkeys/{name}", get=guard(keys.get_deleted), delete=guard(keys.purge))
    add(app, "/deletedkeys/{name}/recover", post=guard(keys.recover))
    return app
