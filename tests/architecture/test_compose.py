"""The deployment's description holds together, as far as a machine without a container engine can tell.

`compose_spec.json` is the Compose Specification's own schema, as the package docker-compose 1.29.2 ships it
(Apache-2.0); newer keys than it knows are not used.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

from workflows.names import SEARCH_ATTRIBUTES

CHECKOUT = Path(__file__).parents[2]
TEXT = (CHECKOUT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
OURS = {"migrate", "gateway", "worker"}

every_service = pytest.mark.parametrize("name", SERVICES)


def is_one_shot(service: dict[str, Any]) -> bool:
    return service.get("restart") == "on-failure"


def settings(service: dict[str, Any]) -> dict[str, str]:
    given: dict[str, str] = service.get("environment", {})
    return given


def test_the_file_keeps_to_the_compose_specification() -> None:
    schema = json.loads(Path(__file__).with_name("compose_spec.json").read_text())
    assert [error.message for error in Draft201909Validator(schema).iter_errors(COMPOSE)] == []


def test_the_schema_finds_a_misspelt_key() -> None:
    schema = json.loads(Path(__file__).with_name("compose_spec.json").read_text())
    assert not Draft201909Validator(schema).is_valid({"services": {"gateway": {"image": "x:1", "helthcheck": {}}}})


@every_service
def test_every_service_is_watched_or_runs_once_and_ends(name: str) -> None:
    service = SERVICES[name]
    assert is_one_shot(service) != ("healthcheck" in service)


@every_service
def test_a_service_waits_until_what_it_needs_is_there(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if is_one_shot(SERVICES[needed]) else "service_healthy"
        assert how["condition"] == expected, needed


@every_service
def test_every_image_is_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    if name in OURS:
        assert image.startswith("supplyline:")
    else:
        assert re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)?", image)


@every_service
def test_every_service_runs_with_the_least_privilege(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] or name == "temporal-ui"
    assert not service.get("privileged")


@every_service
def test_every_service_has_a_limit_of_memory_and_processor(name: str) -> None:
    assert set(SERVICES[name]["deploy"]["resources"]["limits"]) == {"cpus", "memory"}


def test_no_secret_has_a_default() -> None:
    given = [(name, value) for service in SERVICES.values() for name, value in settings(service).items()]
    secret = [(name, str(value)) for name, value in given if re.search(r"PASSWORD|PWD|SECRET|TOKEN|_KEY|URL", name)]
    assert len(secret) >= 8
    for name, value in secret:
        assert re.search(r"\$\{\w+:\?[^}]+\}", value), name


def test_only_names_of_ports_and_versions_have_defaults() -> None:
    defaults = set(re.findall(r"\$\{(\w+):?-", TEXT))
    assert defaults == {"SUPPLYLINE_VERSION", "SUPPLYLINE_UI_PORT", "SUPPLYLINE_GATEWAY_PORT", "SUPPLYLINE_RETENTION"}


def test_the_example_names_everything_that_must_be_given_and_gives_nothing() -> None:
    lines = (CHECKOUT / "deploy" / "example.env").read_text().splitlines()
    named = [line for line in lines if line and not line.startswith("#")]
    assert all(line.endswith("=") for line in named)
    assert {line[:-1] for line in named} == set(re.findall(r"\$\{(\w+):\?", TEXT))


@every_service
def test_nothing_is_published_beyond_this_machine(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_the_databases_and_temporal_reach_nobody_outside() -> None:
    closed = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    for name in ("store-database", "temporal-database", "temporal"):
        assert set(SERVICES[name]["networks"]) <= closed


def test_the_databases_survive_their_containers() -> None:
    volumes = {SERVICES[name]["volumes"][0] for name in ("store-database", "temporal-database")}
    assert volumes == {"store:/var/lib/postgresql", "temporal:/var/lib/postgresql"}
    assert set(COMPOSE["volumes"]) == {"store", "temporal"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_a_container_runs_is_in_the_checkout_and_in_the_image(name: str) -> None:
    command = SERVICES[name]["command"]
    runs = command[2].replace(".", "/") if "-m" in command else command[1]
    found = [CHECKOUT / runs, CHECKOUT / f"{runs}.py", CHECKOUT / runs / "__main__.py"]
    assert any(path.is_file() for path in found)
    assert runs.split("/")[0] in DOCKERFILE


def test_the_worker_is_asked_for_its_health_by_a_program_of_ours() -> None:
    module = SERVICES["worker"]["healthcheck"]["test"][-1]
    assert (CHECKOUT / f"{module.replace('.', '/')}.py").is_file()


@every_service
def test_what_is_mounted_is_in_the_checkout(name: str) -> None:
    mounted = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", []) if volume.startswith("./")]
    assert all((CHECKOUT / path).is_dir() for path in mounted)
    for part in SERVICES[name].get("command", []):
        if part.startswith("/deploy/"):
            assert (CHECKOUT / "deploy" / "temporal" / Path(part).name).is_file()


def test_the_image_is_made_of_what_is_in_the_checkout() -> None:
    copied = [
        line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    sources = [source for sources in copied for source in sources]
    allowed = {line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sources
    assert all((CHECKOUT / source).exists() for source in sources)
    assert set(sources) == allowed


def test_the_image_has_every_package_of_the_product_and_not_the_sandbox() -> None:
    for package in ("activities", "adapters", "domain", "starter", "workflows"):
        assert f"COPY {package} {package}\n" in DOCKERFILE
    assert "sandbox" not in DOCKERFILE


def test_the_image_is_pinned_and_does_not_run_as_root() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-\S+", base) for base in bases)
    assert re.findall(r"^USER (\d+):", DOCKERFILE, flags=re.MULTILINE)[-1] != "0"
    assert "--require-hashes" in DOCKERFILE


def test_temporal_is_given_the_search_attributes_the_workflows_set() -> None:
    script = (CHECKOUT / "deploy" / "temporal" / "namespace.sh").read_text()
    listed = re.search(r"for attribute in (.+); do", script)
    assert listed
    assert listed[1].split() == [key.name for key in SEARCH_ATTRIBUTES]
