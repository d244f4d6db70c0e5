"""The house keeps its own rules: names nobody else claims, everything registered, the API's description current."""

import inspect
import re
from importlib.metadata import distributions
from pathlib import Path

import activities.erp
import activities.inventory
import activities.matching
import activities.store
import activities.supplier
import worker
import workflows
from activities.erp import ErpActivities
from starter.openapi import described

CHECKOUT = Path(__file__).parents[2]
PACKAGES = {"activities", "adapters", "domain", "sandbox", "starter", "worker", "workflows"}
ACTIVITY_MODULES = (activities.erp, activities.inventory, activities.matching, activities.store, activities.supplier)


def test_no_other_installed_distribution_claims_our_names() -> None:
    claims = {
        (distribution.metadata["Name"], name)
        for distribution in distributions()
        for name in (distribution.read_text("top_level.txt") or "").split()
        if name in PACKAGES
    }
    assert {owner for owner, _ in claims} <= {"supplyline"}


def test_every_workflow_and_activity_is_registered() -> None:
    source = inspect.getsource(worker.build_worker)
    defined = [
        name
        for module in ACTIVITY_MODULES
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if hasattr(method, "__temporal_activity_definition")
    ]
    assert len(defined) >= 19
    assert [name for name in defined if not re.search(rf"\.{name},", source)] == []
    declared = [
        path.stem for path in Path(workflows.__path__[0]).glob("*.py") if "@workflow.defn" in path.read_text("utf-8")
    ]
    assert sorted(declared) == sorted(kind.__module__.rpartition(".")[2] for kind in worker.WORKFLOWS)


def test_an_activity_is_known_by_the_name_of_its_method() -> None:
    definition = vars(ErpActivities.record_purchase_order)["__temporal_activity_definition"]
    assert definition.name == "record_purchase_order"


def test_the_apis_description_is_current() -> None:
    kept = (CHECKOUT / "docs" / "openapi.json").read_text("utf-8")
    assert kept == described(), "run make openapi, and read the difference: it is a change of the API"


def test_no_file_says_what_only_this_machine_knows() -> None:
    forbidden = re.compile(r"files\.pythonhosted\.org|pypi\.org|registry\.npmjs\.org|deb\.debian\.org")
    kept = [
        *CHECKOUT.glob("requirements/*"),
        *CHECKOUT.glob("docs/**/*.md"),
        *CHECKOUT.glob("*.md"),
        CHECKOUT / "Makefile",
    ]
    assert [path.name for path in kept if path.is_file() and forbidden.search(path.read_text("utf-8"))] == []
