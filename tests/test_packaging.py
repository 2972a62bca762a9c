"""Packaging: what is imported is declared, and the requirements files agree with each other."""

import ast
import functools
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OUR_PACKAGES = ("recommender", "benchmarks", "demo", "scripts", "tests")
SERVING = ("app.py", "scripts/recommend.py")


def declared(*extras: str) -> dict[str, Requirement]:
    """Direct dependencies, and those of some extras, by name; for this machine or another."""
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    found = [Requirement(text) for text in texts]
    return {canonicalize_name(r.name): r for r in found if r.name != PROJECT["name"]}


def imported(path: Path, *, whole: bool) -> set[str]:
    """Dotted names that a module imports: all of them, or only what importing it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree) if whole else _at_import(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _at_import(child)


def third_party(names: set[str]) -> set[str]:
    tops = {name.partition(".")[0] for name in names}
    return tops - set(OUR_PACKAGES) - set(sys.stdlib_module_names)


@functools.cache
def _installed() -> dict[str, list[str]]:
    return dict(packages_distributions())  # reads every installed distribution: a second


def distributions(module: str) -> set[str]:
    return {canonicalize_name(name) for name in _installed().get(module, [module])}


def modules_of(name: str) -> list[Path]:
    """Files that a dotted name of ours means."""
    path = ROOT / name.replace(".", "/")
    return [p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()]


def python_files() -> list[Path]:
    folders = ("recommender", "benchmarks", "demo", "scripts")
    return [ROOT / "app.py", *(p for folder in folders for p in (ROOT / folder).rglob("*.py"))]


def test_everything_imported_is_declared() -> None:
    known = set(declared(*PROJECT["optional-dependencies"]))
    for path in python_files():
        for module in third_party(imported(path, whole=True)):
            assert distributions(module) & known, f"{path.relative_to(ROOT)} imports {module}"


def test_serving_imports_what_serving_declares_and_nothing_else() -> None:
    """The modules that the server and the command line reach by importing, all late ones too
    where they are the interface's."""
    waiting = [ROOT / name for name in SERVING]
    waiting += sorted((ROOT / "recommender" / "interface").rglob("*.py"))
    known, seen = set(declared()), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        names = imported(path, whole=False)
        for module in third_party(names):
            assert distributions(module) & known, f"{path.relative_to(ROOT)} imports {module}"
        waiting += [file for name in names for file in modules_of(name)]
    assert ROOT / "recommender" / "interface" / "page.py" in seen


def pins(name: str) -> dict[str, list[Requirement]]:
    """The lines of a requirements file, by name: one for each platform or Python."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("requirements.txt", ()),
        ("requirements-build.txt", ("build",)),
        ("requirements-dev.txt", tuple(PROJECT["optional-dependencies"])),
    ],
)
def test_a_requirements_file_pins_what_the_project_declares(
    name: str, extras: tuple[str, ...]
) -> None:
    found = pins(name)
    for dependency, requirement in declared(*extras).items():
        assert dependency in found, f"{dependency}: run scripts/lock_requirements.py"
        for pin in found[dependency]:
            (exact,) = pin.specifier
            assert exact.operator == "=="
            assert requirement.specifier.contains(Version(exact.version)), str(pin)


def test_serving_and_building_are_parts_of_the_lock() -> None:
    whole = {str(pin) for lines in pins("requirements-dev.txt").values() for pin in lines}
    building = {str(pin) for lines in pins("requirements-build.txt").values() for pin in lines}
    serving = {str(pin) for lines in pins("requirements.txt").values() for pin in lines}
    assert serving < building < whole


def test_serving_installs_neither_tensorflow_nor_scikit_learn_nor_datasets() -> None:
    heavy = {"tensorflow", "tensorflow-cpu", "keras", "scikit-learn", "scipy", "datasets"}
    assert not heavy & set(pins("requirements.txt"))


def test_the_space_runs_the_version_of_gradio_that_is_pinned() -> None:
    front_matter = (ROOT / "README.md").read_text().split("---")[1]
    said = re.search(r"sdk_version: (\S+)", front_matter)
    (pin,) = pins("requirements.txt")["gradio"]
    assert said is not None
    assert f"=={said[1]}" == str(pin.specifier)


@pytest.mark.parametrize("name", PROJECT["scripts"])
def test_the_installed_commands_are_there(name: str) -> None:
    module, _, function = PROJECT["scripts"][name].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
