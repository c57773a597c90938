"""The only list of jobs. `nox` runs the usual ones, `nox --list` names them all, `nox -s NAME` runs one."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.11.12"
nox.options.default_venv_backend = "uv|venv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "typing", "tests", "docs", "wheel", "demo"]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
LOWEST = "3.11"

# What a checkout holds beside the package: enough to run the tests far from the source.
AROUND_THE_SOURCE = [
    "pyproject.toml",
    "noxfile.py",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "docs",
    "frameworks",
    "tests",
]
BUILT = shutil.ignore_patterns("__pycache__", "_build", ".*_cache", ".hypothesis")

LOAD_EVERYTHING = """
import sys
import s11kit
where = s11kit.__file__
assert sys.argv[1] in where, f"s11kit was imported from {where}, not from {sys.argv[1]}"
catalogue = s11kit.Catalogue.default()
for name in sys.argv[2:]:
    print(f"{name}: {catalogue.framework(name).title}")
"""


def group(name: str) -> tuple[str, ...]:
    """The requirements of one dependency group, for any version of pip."""
    return nox.project.dependency_groups(PYPROJECT, name)


def shipped() -> list[str]:
    """`id@edition` of every framework folder in the checkout."""
    return sorted(f"{file.parent.parent.name}@{file.parent.name}" for file in ROOT.glob("frameworks/*/*/framework.toml"))


def copy_checkout(target: Path, names: list[str]) -> None:
    """Copy the named files and folders of the checkout, without caches."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=BUILT)
        elif source.exists():
            shutil.copy2(source, target / name)


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """The whole test-suite with coverage. HYPOTHESIS_PROFILE=large looks harder."""
    session.install(".[test]")
    if session.posargs:
        session.run("pytest", *session.posargs)
    else:
        session.run("pytest", "--cov", "--cov-report=term-missing", env={"COVERAGE_FILE": str(Path(session.create_tmp()) / "coverage")})


@nox.session(python=LOWEST)
def minimums(session: nox.Session) -> None:
    """The test-suite with the lowest versions that pyproject.toml allows."""
    session.install(".[test]")
    session.install(*(requirement.replace(">=", "==") for requirement in PYPROJECT["project"]["dependencies"]))
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, layers, and our own content."""
    session.install("-e", ".[cli]", *group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")
    session.run("s11kit", "check", "frameworks/")


@nox.session
def typing(session: nox.Session) -> None:
    """Both type checkers. pyright brings its own Node.js as a wheel and downloads nothing when it runs."""
    session.install("-e", ".[test]", *group("typing"))
    session.run("mypy", "--strict", "src", *map(str, sorted(ROOT.glob("tests/typing/*.py"))))
    session.run("pyright", "--pythonpath", shutil.which("python", path=session.bin) or "python", env={"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"})


@nox.session
def docs(session: nox.Session) -> None:
    """HTML pages into docs/_build/html, every warning an error; then the examples in docstrings."""
    session.install("-e", ".[cli,docs,testing]")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "doctest", "docs", "docs/_build/doctest")


@nox.session(python=LOWEST)
def wheel(session: nox.Session) -> None:
    """What users get: wheel, wheel from the sdist, zipped wheel, editable install; the tests run against the wheel, far from src."""
    session.install("build")
    with tempfile.TemporaryDirectory(prefix="s11kit-wheel-") as folder:
        temporary = Path(folder)

        session.log("wheel, and wheel from the sdist: they must hold the same files")
        session.run("python", "-m", "build", "--wheel", "--outdir", str(temporary / "direct"), str(ROOT), silent=True)
        session.run("python", "-m", "build", "--outdir", str(temporary / "dist"), str(ROOT), silent=True)
        [direct] = (temporary / "direct").glob("*.whl")
        [built] = (temporary / "dist").glob("*.whl")
        if contents(direct) != contents(built):
            session.error(f"wheel and wheel from the sdist differ: {sorted(set(contents(direct).items()) ^ set(contents(built).items()))}")
        missing = [name for name in shipped() if f"s11kit/frameworks/{name.replace('@', '/')}/framework.toml" not in contents(built)]
        if missing:
            session.error(f"the wheel lacks frameworks: {missing}")

        session.log("the test-suite against the built wheel")
        session.install(f"s11kit[test] @ {built.as_uri()}")
        away = temporary / "away"
        copy_checkout(away, AROUND_THE_SOURCE)
        session.chdir(away)
        session.run("python", "-c", LOAD_EVERYTHING, "site-packages", *shipped())
        session.run("pytest", *session.posargs)

        session.log("the wheel as a zip file on the path")
        session.run("python", "-c", LOAD_EVERYTHING, built.name, *shipped(), env={"PYTHONPATH": str(built)})
        session.run("python", "-m", "s11kit", "list", env={"PYTHONPATH": str(built)})

        session.log("an editable install sees files that arrive later")
        live = temporary / "live"
        copy_checkout(live, [*AROUND_THE_SOURCE, "src"])
        session.install("--no-deps", "-e", str(live))
        plugin = next((live / "tests/plugin").glob("src/*/frameworks/*"))
        shutil.copytree(plugin, live / "frameworks" / plugin.name)
        session.run("python", "-c", LOAD_EVERYTHING, str(live), "example-board@2026")


def contents(wheel: Path) -> dict[str, int]:
    """Name and checksum of every file in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist() if not entry.is_dir()}


@nox.session
def demo(session: nox.Session) -> None:
    """What a newcomer runs first."""
    session.install(".[cli]")
    session.run("s11kit", "demo", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios to a floor taken in the same run; never a pass or a failure."""
    session.install(".[test]", *group("bench"))
    session.run("pytest", "tests/bench", "-o", "python_files=bench_*.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Hostile input: problems and an exit code, never a traceback."""
    session.install(".[test]")
    session.run("python", "tests/fuzz/run.py", *session.posargs)


@nox.session
def schemas(session: nox.Session) -> None:
    """Write the shipped JSON Schemas anew."""
    session.install("-e", ".[cli]")
    session.run("python", "-c", "from s11kit.codec.schema import main; main('src/s11kit/schemas')")


@nox.session(name="law-table")
def law_table(session: nox.Session) -> None:
    """Ask the prover anew which operators keep which laws, and write the page about it."""
    session.install("-e", ".[cli]")
    session.run("python", "docs/_ext/law_table.py", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Break the code on purpose and see which tests notice. Slow; run by hand."""
    session.install("-e", ".[test]", *group("mutants"))
    session.run("mutmut", *(session.posargs or ["run"]))
