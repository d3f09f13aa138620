"""The key in use: its end, its age, its kind, its rotation."""

from __future__ import annotations

from harness.checkers.posture.judging import Ruling, Sight, posture, shown
from harness.checkers.temporal import seconds

NOTICE_S = 48 * 3600.0
"""Atlas takes no key that ends within 48 hours (AZURE_KEY_VAULT_KEY_EXPIRING, EAR-034)."""

KINDS = frozenset({"RSA", "RSA-HSM"})
BITS_MIN = 2048


@posture("key in use")
def key_has_an_end_that_is_not_near(sight: Sight) -> Ruling:
    """The version in use has an expiry, more than 48 hours away (AKV-006)."""
    (key,) = sight.facts
    expected = f"an expiry more than {seconds(NOTICE_S)} away"
    if key["expires"] is None:
        return Ruling(expected, faults={key["identifier"]: "has no expiry"})
    left = key["expires"] - sight.now
    if left > NOTICE_S:
        return Ruling(expected, f"expires in {seconds(left)}")
    words = f"expires in {seconds(left)}" if left > 0 else f"expired {seconds(-left)} ago"
    return Ruling(expected, faults={key["identifier"]: words})


@posture("key in use", "rotation policy")
def rotation_is_taken_care_of(sight: Sight) -> Ruling:
    """Somebody has set a policy that rotates the key, or reminds before an expiry that the key has (AKV-007)."""
    key, policy = sight.facts
    expected = "a rotation policy that rotates or reminds"
    name = key["identifier"].rpartition("/")[0]
    if not policy["set_by_owner"]:
        return Ruling(expected, faults={name: "nobody has set a rotation policy"})
    if policy["rotates"]:
        return Ruling(expected, "it rotates; Atlas has to be moved to each new version")
    if policy["reminds"] and key["expires"] is not None:
        return Ruling(expected, "it reminds before expiry")
    wrong = "reminds of an expiry that the key does not have" if policy["reminds"] else "neither rotates nor reminds"
    return Ruling(expected, faults={name: f"its rotation policy {wrong}"})


@posture("key in use", "key versions")
def atlas_uses_the_newest_version(sight: Sight) -> Ruling:
    """Azure's rotation does not move Atlas, which stays with the version that it was given (AKV-008)."""
    key, seen = sight.facts
    expected = "the newest enabled version"
    enabled = [one for one in seen["versions"] if one["enabled"] and one["created"] is not None]
    if not enabled:
        return Ruling(expected, unknown="no version of the key is enabled")
    newest = max(enabled, key=lambda one: float(one["created"]))
    if newest["version"] == key["version"]:
        return Ruling(expected, f"version {key['version']} of {len(seen['versions'])}")
    age = seconds(sight.now - newest["created"])
    return Ruling(expected, faults={key["identifier"]: f"version {newest['version']} is newer, since {age}"})


@posture("key in use")
def key_is_young_enough(sight: Sight) -> Ruling:
    """The version in use is not older than the limit (AKV-009)."""
    (key,) = sight.facts
    expected = f"at most {seconds(sight.limit_s)} old"
    if key["created"] is None:
        return Ruling(expected, unknown="the vault does not say when the version was made")
    age = sight.now - key["created"]
    faults = {key["identifier"]: f"is {seconds(age)} old"} if age > sight.limit_s else {}
    return Ruling(expected, f"{seconds(age)} old", faults)


@posture("key in use")
def key_is_strong(sight: Sight) -> Ruling:
    """RSA or RSA-HSM of at least 2048 bits (AKV-010)."""
    (key,) = sight.facts
    strong = key["kind"] in KINDS and (key["bits"] or 0) >= BITS_MIN
    words = f"{key['kind']} of {shown(key['bits'])} bits"
    return Ruling(f"RSA or RSA-HSM of at least {BITS_MIN} bits", words, {} if strong else {key["identifier"]: words})
