"""What undoes each act of a scenario: one row for every verb that any party can act.

The undo of a live run is carried out by `harness.backends.live.undos`; this table says it in words, act by act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class UndoClass(Enum):
    """How an act is undone."""

    INVERSE = "inverse"
    """The opposite act brings the state before back."""
    COMPENSATE = "compensate"
    """The state before cannot be had back as it was; something equivalent takes its place, or the rest is removed."""
    EXPIRE = "expire"
    """It ends by itself."""
    VOLATILE = "volatile"
    """It goes with what was made for the scenario."""
    NONE = "none-needed"
    """It changes nothing that lasts."""


@dataclass(frozen=True, slots=True)
class Undo:
    """How an act is undone, and by what."""

    kind: UndoClass
    what: str


_PROJECT = "the project is deleted; a named project gets the customer's key turned off again"
_CLUSTER = "the cluster is deleted"
_ENDPOINT = "the endpoint is deleted, and its connection removed from the vault"
_ASKED = "the endpoint is deleted, and its connection removed from the vault; an access role goes with the project"
_VAULT = "public access and network rules of the vault are set back to what they were"
_KEY = "the key was made for the scenario and is soft-deleted; purge protection keeps it until its retention ends"
_LINK = "Atlas recreates the endpoint; it is deleted with the scenario's other endpoints"
_STAGE = "the simulation is set back"

UNDO: Mapping[str, Undo] = {
    # the operator, in Atlas
    "turns on the customer's key for": Undo(UndoClass.INVERSE, "the customer's key is turned off for the project"),
    "turns off the customer's key for": Undo(UndoClass.VOLATILE, _PROJECT),
    "requires private networking for": Undo(UndoClass.INVERSE, "the customer's key is turned off for the project"),
    "no longer requires private networking for": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the application of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the tenant of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the secret of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the subscription of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the resource group of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the vault of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the key of": Undo(UndoClass.VOLATILE, "it goes with the cluster or the project, which is deleted"),
    "changes the credentials of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the environment of": Undo(UndoClass.VOLATILE, _PROJECT),
    "changes the role of": Undo(UndoClass.VOLATILE, _PROJECT),
    "encrypts search nodes of": Undo(UndoClass.VOLATILE, _PROJECT),
    "sends back the settings of": Undo(UndoClass.VOLATILE, _PROJECT),
    "moves the sign-in of": Undo(UndoClass.VOLATILE, _PROJECT),
    "gives up": Undo(UndoClass.VOLATILE, "the access role had been made for the scenario"),
    "names no provider to": Undo(UndoClass.NONE, "a change without content changes nothing"),
    "adds a key in AWS to": Undo(UndoClass.VOLATILE, _PROJECT),
    "takes the key in AWS from": Undo(UndoClass.VOLATILE, _PROJECT),
    "asks another cloud for": Undo(UndoClass.NONE, "Atlas offers no endpoints there"),
    "looks for": Undo(UndoClass.NONE, "a list changes nothing"),
    # an endpoint, or an access role
    "asks for": Undo(UndoClass.INVERSE, _ASKED),
    "alters": Undo(UndoClass.NONE, "Atlas offers no such operation"),
    "replaces": Undo(UndoClass.NONE, "Atlas offers no such operation"),
    "creates": Undo(UndoClass.INVERSE, _CLUSTER),
    "pauses": Undo(UndoClass.VOLATILE, _CLUSTER),
    "resumes": Undo(UndoClass.VOLATILE, _CLUSTER),
    "places": Undo(UndoClass.VOLATILE, _CLUSTER),
    "enlarges": Undo(UndoClass.VOLATILE, _CLUSTER),
    "adds nodes to": Undo(UndoClass.VOLATILE, _CLUSTER),
    "cuts off a region of": Undo(UndoClass.COMPENSATE, "the simulated outage is ended, then the cluster is deleted"),
    "ends the outage of": Undo(UndoClass.VOLATILE, _CLUSTER),
    "restarts": Undo(UndoClass.NONE, "the primaries come back by themselves"),
    "adds search nodes to": Undo(UndoClass.VOLATILE, "the search nodes go with the cluster, which is deleted"),
    "takes a snapshot of": Undo(UndoClass.VOLATILE, "the snapshot goes with the cluster, which is deleted"),
    "restores onto": Undo(UndoClass.VOLATILE, _CLUSTER),
    "sets the backup compliance policy of": Undo(
        UndoClass.VOLATILE, "a simulation lets the project be deleted with its policy; Atlas itself is never asked to"
    ),
    "downloads a snapshot of": Undo(UndoClass.EXPIRE, "what was prepared for download goes with the cluster"),
    "sets the reminder of": Undo(UndoClass.VOLATILE, _PROJECT),
    # the key custodian, in Azure; `deletes` is the operator's too, of endpoints and clusters made for the scenario
    "deletes": Undo(
        UndoClass.COMPENSATE, "what was deleted had been made for the scenario; a deleted key is recovered"
    ),
    "recovers": Undo(UndoClass.VOLATILE, _KEY),
    "rotates": Undo(UndoClass.VOLATILE, _KEY),
    "disables": Undo(
        UndoClass.INVERSE, "the key version is enabled while Atlas still needs it, then the key is deleted"
    ),
    "enables": Undo(UndoClass.VOLATILE, _KEY),
    "limits the validity of": Undo(UndoClass.VOLATILE, _KEY),
    "uses": Undo(UndoClass.NONE, "unwrapping a few bytes changes nothing"),
    "approves": Undo(UndoClass.VOLATILE, _ENDPOINT),
    "rejects": Undo(UndoClass.COMPENSATE, _LINK),
    "removes": Undo(UndoClass.COMPENSATE, _LINK),
    "keeps a private way to": Undo(UndoClass.INVERSE, "the custodian's own private endpoint is removed"),
    "closes the public side of": Undo(UndoClass.INVERSE, _VAULT),
    "opens the public side of": Undo(UndoClass.INVERSE, _VAULT),
    "limits by address": Undo(UndoClass.INVERSE, _VAULT),
    "withdraws": Undo(UndoClass.INVERSE, "the role is granted again on the vault"),
    "defines": Undo(UndoClass.INVERSE, "the role is removed, once nobody holds it"),
    "grants": Undo(UndoClass.INVERSE, "the role is withdrawn"),
    "lets access policies decide over": Undo(UndoClass.INVERSE, "roles decide again, and policies are as they were"),
    "registers": Undo(UndoClass.NONE, "a registered resource provider does no harm and stays registered"),
    # the stagehand, in a simulation
    "sets": Undo(UndoClass.INVERSE, _STAGE),
    "sets the state of": Undo(UndoClass.INVERSE, _STAGE),
    "limits": Undo(UndoClass.COMPENSATE, "the application gets a new secret"),
    "limits sign-in of": Undo(UndoClass.INVERSE, _STAGE),
    "sets up what watches over": Undo(UndoClass.INVERSE, _STAGE),
    "unregisters": Undo(UndoClass.INVERSE, "the resource provider is registered again"),
    # nobody
    "passes": Undo(UndoClass.NONE, "time passes"),
}
"""By verb, as the history has it."""
