"""The container files say what they mean, and the steps of the image work, as far as that shows without an engine."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from ops_processes import running, wait_for

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads(Path(__file__).with_name("compose.schema.json").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = sorted(name for name, service in SERVICES.items() if service.get("restart") != "no")
Step = tuple[str, str]


def steps(dockerfile: str) -> list[Step]:
    """The instructions of a Dockerfile with their arguments, lines joined and comments left out."""
    lines = (line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    found = (line.strip().split(None, 1) for line in joined.splitlines() if line.strip())
    return [(word.upper(), rest) for word, rest in found]


STEPS = steps((ROOT / "Dockerfile").read_text())


def test_compose_file_uses_only_fields_of_the_specification() -> None:
    problems = [
        f"{'/'.join(map(str, one.path))}: {one.message}" for one in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)
    ]

    assert problems == []


def test_misspelled_field_would_be_found() -> None:
    wrong = {"services": {"app": {"image": "x", "heathcheck": {"test": ["CMD", "true"]}}}}

    assert list(Draft202012Validator(SCHEMA).iter_errors(wrong))


def test_everything_named_in_the_compose_file_is_there() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"])


@pytest.mark.parametrize("name", LASTING)
def test_service_is_watched_restarted_and_without_privileges(name: str) -> None:
    service = SERVICES[name]

    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]
    assert service["user"].split(":")[0] != "0"
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_all_that_lasts_lies_in_one_folder() -> None:
    mounts = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert {Path(mount).parts[0] for mount in mounts} == {"data"}
    assert "volumes" not in COMPOSE


def test_gallery_needs_a_password_and_is_published_on_loopback() -> None:
    app = SERVICES["app"]

    assert app["environment"]["SOVIA_PASSWORD"].startswith("${SOVIA_PASSWORD:?")
    assert [port.split(":8000")[0] for port in app["ports"]] == ["${LISTEN:-127.0.0.1}:${PORT:-8000}"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["app"]


def test_database_and_cache_are_reached_from_inside_only() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["database"]["networks"] == SERVICES["cache"]["networks"] == ["inside"]


def test_gallery_is_told_where_everything_is() -> None:
    settings = SERVICES["app"]["environment"]

    assert settings == SERVICES["worker"]["environment"]
    assert (settings["SOVIA_HOME"], settings["HOST"]) == ("/data", "0.0.0.0")
    assert settings["DATABASE_URL"].split("@")[1].split("/")[0] in SERVICES
    assert settings["REDIS_URL"].removeprefix("redis://").split(":")[0] in SERVICES


def test_image_builds_on_many_architectures_and_runs_as_nobody_special() -> None:
    bases = {rest.split()[0] for word, rest in STEPS if word == "FROM"}
    users = [rest for word, rest in STEPS if word == "USER"]

    # An official image; nothing in the steps names an architecture.
    assert bases == {"python:3.12-slim"}
    assert not re.search(r"amd64|x86_64|arm64|aarch64|--platform", (ROOT / "Dockerfile").read_text())
    assert users == ["10001:10001"]
    assert "HEALTHCHECK" in {word for word, _ in STEPS}


def test_builder_gets_neither_data_nor_secrets() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    copied = {part for word, rest in STEPS if word == "COPY" and "--from" not in rest for part in rest.split()[:-1]}

    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied


def inside(words: str, image: Path) -> str:
    """The same words with the image's folders instead of the machine's."""
    return re.sub(r"(?<![\w.])/(app|data|etc)\b", rf"{image}/\1", words)


def copy(rest: str, image: Path) -> None:
    """COPY of files and folders of the project."""
    *sources, target = rest.split()
    for source in sources:
        place = Path(inside(target, image))
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            place = place / source if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, place)


def run_step(rest: str, image: Path) -> None:
    """RUN, with this Python as the image's; owners can be changed by root alone."""
    script = inside(rest, image)
    if os.geteuid() != 0:
        script = re.sub(r"&& chown \S+ \S+", "", script)
    known = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["sh", "-euc", script], cwd=image, env=known, check=True, timeout=400)


def environment_of(image: Path) -> dict[str, str]:
    """ENV, and nothing of ours."""
    found = {}
    for word, rest in STEPS:
        if word == "ENV":
            found |= dict(pair.split("=", 1) for pair in shlex.split(inside(rest, image)))
    return found


@pytest.mark.slow
def test_steps_of_the_image_work_in_a_bare_folder(empty_home: Path) -> None:
    image = empty_home / "image"
    (image / "etc").mkdir(parents=True)

    for word, rest in STEPS:
        if word == "COPY" and "--from" not in rest:
            copy(rest, image)
        elif word == "RUN":
            run_step(rest, image)

    entry = json.loads(next(rest for word, rest in STEPS if word == "ENTRYPOINT"))
    known = environment_of(image)
    migrated = subprocess.run(
        [*entry, "migrate"], cwd=image / "data", env=known, capture_output=True, text=True, check=False
    )
    assert "up to date" in migrated.stdout, migrated.stderr
    wait_for(lambda: not running(image / "data"))
    assert (image / "app" / "index.html").exists()
