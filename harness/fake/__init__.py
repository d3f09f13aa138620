"""A faithful fake of Atlas, Entra, Azure Resource Manager and Key Vault, written from the vendors' documentation.

`kernel` is the world and its laws: pure, deterministic, on a virtual clock. `faces` is the wire: one WSGI application
that answers for every host. Nothing here imports the harness's own clients, and they import nothing of this.
"""
