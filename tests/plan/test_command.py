"""`cmkproof plan` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cli import app


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a working directory of its own."""
    monkeypatch.chdir(tmp_path)


def plan(*arguments: str) -> Result:
    """Call the command."""
    return CliRunner().invoke(app, ["plan", *arguments])


def test_a_plan_is_printed_and_written_under_its_hash() -> None:
    """And says how to run it; nothing else is written here."""
    ended = plan("-p", "sandbox", "--req", "EAR-050")
    (path,) = Path().iterdir()
    document = json.loads(path.read_text())

    assert ended.exit_code == 0
    assert path.name == f"plan-{document['hash'][:12]}.json"
    for words in (
        "profile sandbox: a real target, which is changed and broken on purpose",
        "operator asks for endpoint US_EAST_2 (ok)   undo: inverse, the endpoint is deleted",
        "{atlas}/api/atlas/v2/groups/{groupId}/encryptionAtRest/AZURE/privateEndpoints",
        "Atlas project: deleted after its scenario",
        "blast radius: 2 projects, 0 clusters, 1 endpoints, 2 keys, 2 vaults",
        "permissions needed in Azure",
        f"--plan {path} --confirm {document['hash'][:12]}",
    ):
        assert words in ended.stdout


def test_a_plan_of_the_fake_says_that_nothing_real_is_touched() -> None:
    """It is written all the same, where --out says."""
    ended = plan("--req", "EAR-050", "--out", "mine.json", "-o", "json")

    assert ended.exit_code == 0
    assert json.loads(ended.stdout) == json.loads(Path("mine.json").read_text())
    assert "nothing real" in json.loads(ended.stdout)["touches"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--req", "EAR-999"), 2, "there is no requirement 'EAR-999'"),
        (("--tag", "nonsense"), 2, "there is no tag 'nonsense'"),
        (("-p", "nowhere"), 2, "there is no profile 'nowhere'"),
        (("-k", "nothing_is_called_so"), 5, "no scenario was selected"),
        (("--req", "EAR-050", "--out", "no/such/place.json"), 6, "the plan cannot be written"),
    ],
)
def test_bad_input_is_a_sentence(arguments: tuple[str, ...], code: int, said: str) -> None:
    """With the exit code that a run would have, and no plan."""
    ended = plan(*arguments)

    assert (ended.exit_code, said in ended.stderr) == (code, True)
    assert list(Path().iterdir()) == []
