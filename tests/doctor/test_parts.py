"""The doctor's own arithmetic and order, without anybody to ask."""

from __future__ import annotations

from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.azure.wire import Permissions
from harness.backends.clocks import VirtualClock
from harness.errors import ConfigError, RoleMissing, ServerFault, Throttled
from harness.run.doctor import here
from harness.run.doctor.findings import Found, Report, Status, failed
from harness.run.doctor.permissions import allowed, needed
from harness.run.doctor.sightings import distance_s
from harness.run.doctor.table import Check, ask, checks_for
from harness.run.doctor.target import ShortPauses
from harness.run.exit_codes import ExitCode
from harness.settings import Settings
from harness.settings.schema import Azure

READ = "Microsoft.KeyVault/vaults/read"
READ_KEY = "Microsoft.KeyVault/vaults/keys/read"


@given(server=st.floats(0, 2e9), skew=st.floats(-1e5, 1e5), there=st.floats(0, 100), back=st.floats(0, 100))
def test_the_distance_told_is_never_more_than_the_true_one(server, skew, there, back):
    ours = server - skew
    told = distance_s(float(int(server)), ours - there, ours + back)
    assert abs(told) <= abs(skew) + 1e-3
    assert told * skew >= 0 or abs(told) < 1e-3
    assert abs(told) >= abs(skew) - there - back - 1.001


def test_a_slow_round_trip_is_no_skew_and_a_quick_one_shows_it():
    assert distance_s(100.0, 95.0, 105.0) == 0.0
    assert distance_s(160.0, 99.9, 100.1) == pytest.approx(59.9)
    assert distance_s(40.0, 99.9, 100.1) == pytest.approx(-58.9)


@pytest.mark.parametrize(
    ("permission", "held", "verdict"),
    [
        (READ, Permissions(actions=["*"]), True),
        (READ, Permissions(actions=["microsoft.keyvault/VAULTS/read"]), True),
        (READ, Permissions(actions=["Microsoft.KeyVault/*/read"]), True),
        (READ, Permissions(actions=["*/read"]), True),
        (READ, Permissions(actions=["Microsoft.KeyVault/vaults/*"], not_actions=["*/read"]), False),
        (READ, Permissions(data_actions=["*"]), False),
        (READ, Permissions(actions=["Microsoft.KeyVault/vaults/reader"]), False),
        (READ_KEY, Permissions(actions=["*"]), False),
        (READ_KEY, Permissions(data_actions=["Microsoft.KeyVault/vaults/*"]), True),
        (READ_KEY, Permissions(data_actions=["Microsoft.KeyVault/vaults/keys/*"], not_data_actions=["*"]), False),
        ("Microsoft.KeyVault/vaults/privateEndpointConnections/read", Permissions(actions=["*/read"]), True),
    ],
)
def test_a_role_allows_what_its_patterns_say(permission, held, verdict):
    assert allowed(permission, [held]) is verdict
    assert allowed(permission, []) is False


def test_what_one_role_takes_out_another_may_grant():
    roles = [Permissions(actions=["*"], not_actions=[READ]), Permissions(actions=[READ])]
    assert allowed(READ, roles)


def test_observing_needs_no_permission_to_change_anything():
    changing = needed(Settings(mode="sandbox", azure=Azure(vault="kv")))
    assert all(one.lower().endswith("/read") for one in needed(Settings(mode="observe")))
    assert set(needed(Settings(mode="observe"))) < set(changing)


@pytest.mark.parametrize(
    ("permission", "azure", "wanted"),
    [
        (READ_KEY, Azure(vault="kv"), True),
        (READ_KEY, Azure(), False),
        ("Microsoft.KeyVault/vaults/delete", Azure(vault="kv"), False),
        ("Microsoft.KeyVault/vaults/delete", Azure(), True),
        ("Microsoft.Network/privateEndpoints/write", Azure(vault="kv"), False),
        ("Microsoft.Network/privateEndpoints/write", Azure(vault="kv", subnet_id="/subnets/s"), True),
        ("Microsoft.Resources/subscriptions/resourceGroups/write", Azure(vault="kv"), True),
    ],
)
def test_what_a_run_makes_or_uses_decides_what_it_needs(permission, azure, wanted):
    assert (permission in needed(Settings(mode="sandbox", azure=azure))) is wanted


@pytest.mark.parametrize("mode", ["observe", "sandbox", "staging"])
def test_no_check_needs_one_that_comes_later_or_never(mode):
    known: set[str] = set()
    for check in checks_for(Settings(backend="live", mode=mode)):
        assert set(check.needs) <= known, check.name
        known.add(check.name)


def test_what_needs_a_failed_check_is_skipped_and_names_the_first_that_failed():
    def fails(_):
        raise RoleMissing("no role", advice="get one")

    asked: list[str] = []
    checks = [
        Check("first", fails),
        Check("second", lambda _: asked.append("second") or Found(""), ("first",)),
        Check("third", lambda _: asked.append("third") or Found(""), ("second",)),
        Check("apart", lambda _: Found("well")),
    ]
    findings = list(ask(checks, None))
    assert [finding.status for finding in findings] == [Status.FAILED, Status.SKIPPED, Status.SKIPPED, Status.OK]
    assert [finding.detail for finding in findings[1:3]] == ["not asked: needs first"] * 2
    assert asked == []


def test_a_warning_hinders_nothing():
    warned = Check("first", lambda _: Found("", warning=RoleMissing("unknown", advice="look")))
    findings = list(ask([warned, Check("second", lambda _: Found("well"), ("first",))], None))
    assert [finding.status for finding in findings] == [Status.WARNING, Status.OK]
    assert Report("p", "sandbox", findings).exit_code == ExitCode.FINE


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([], ExitCode.FINE),
        ([RoleMissing("x")], ExitCode.COULD_NOT_TEST),
        ([RoleMissing("x"), ConfigError("y")], ExitCode.USAGE),
        ([ServerFault(503, "", "z")], ExitCode.COULD_NOT_TEST),
    ],
)
def test_the_exit_code_follows_from_what_failed(errors, code):
    findings = [failed("check", error) for error in errors]
    assert Report("p", "sandbox", findings).exit_code == code
    assert all(finding.fix for finding in findings)


def test_long_pauses_are_refused_and_short_ones_do_not_move_the_clock_that_is_told():
    told, wall = VirtualClock(100.0), VirtualClock(0.0)
    clock = ShortPauses(told, wall)
    clock.sleep(2.0)
    assert (clock.now(), wall.now()) == (100.0, 2.0)
    with pytest.raises(Throttled) as caught:
        clock.sleep(60.0)
    assert caught.value.retry_after_s == 60.0
    assert wall.now() == 2.0


def test_packages_that_are_missing_or_too_old_are_named(monkeypatch):
    wanted = ["httpx>=99.1", "no-such-package>=1.0", "requests>=2", 'keyring>=25.6; extra == "keyring"']
    monkeypatch.setattr(metadata, "requires", lambda _: wanted)
    with pytest.raises(ConfigError) as caught:
        here.packages(None)
    assert f"httpx {metadata.version('httpx')} is installed, and 99.1 or newer is needed" in caught.value.message
    assert "no-such-package is not installed" in caught.value.message
    assert "requests" not in caught.value.message
    assert "keyring" not in caught.value.message


def test_our_own_requirements_are_all_understood():
    wanted = [one for one in metadata.requires("cmkproof") or () if "extra ==" not in one]
    assert wanted
    assert all(here._BOUND.match(one) for one in wanted)
