"""The catalogue: where frameworks and shared scales are found by name. An immutable value; several can live side by side."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, final

import attrs

from s11kit import codec
from s11kit._frozen import as_tuple
from s11kit._ids import is_id, split_name
from s11kit.codec.document import Source
from s11kit.errors import InvalidFile, Place, Problem, S11Error, in_order, nearest
from s11kit.model import Assessment, Framework, Scale

__all__ = ["Catalogue", "Listed", "load_assessment", "load_framework"]

ENTRY_POINTS = "s11kit.frameworks"
RESERVED = ("mappings", "schemes", "scales")


@final
@attrs.frozen(kw_only=True)
class Listed:
    """One thing in a catalogue: its name `id@edition`, the file that defines it, and who ships it."""

    name: str
    folder: Traversable = attrs.field(repr=False)
    file: Traversable = attrs.field(repr=False)
    shipped_by: str
    scheme: bool = False
    """Whether it is a published scoring scheme, there to start from, rather than a board's framework."""


@final
@attrs.frozen(kw_only=True)
class _Folder:
    root: Traversable
    shipped_by: str


@final
@attrs.frozen(slots=False, eq=False)
class Catalogue:
    """Frameworks, scoring schemes and shared scales by name, from one or more folders. Nothing is read until it is asked for, and then only once.

    >>> "cambridgeshire-peterborough@2017-19" in Catalogue.default().names
    True
    """

    _folders: tuple[_Folder, ...] = attrs.field(converter=as_tuple)
    _found_problems: tuple[Problem, ...] = attrs.field(default=(), repr=False)
    _plugged: bool = attrs.field(default=False, repr=False, alias="plugged")
    _cache: dict[str, Any] = attrs.field(factory=dict[str, Any], repr=False, init=False)

    @classmethod
    def default(cls, *folders: str | os.PathLike[str]) -> Catalogue:
        """What s11kit ships, what installed plug-ins bring, and then the `folders` given here."""
        plug_ins, problems = _plug_ins()
        return cls((_Folder(root=_shipped(), shipped_by="s11kit"), *plug_ins), tuple(problems), plugged=True).with_folders(*folders)

    @classmethod
    def of(cls, *folders: str | os.PathLike[str]) -> Catalogue:
        """Only these folders: nothing shipped, no plug-ins."""
        return cls(()).with_folders(*folders)

    def with_folders(self, *folders: str | os.PathLike[str]) -> Catalogue:
        """A catalogue with more folders, each of the shape `id/edition/framework.toml`. One that is not there is a problem, found in `problems`."""
        added: list[_Folder] = []
        problems: list[Problem] = []
        for folder in folders:
            path = Path(folder)
            if path.is_dir():
                added.append(_Folder(root=path, shipped_by=str(folder)))
            else:
                problems.append(Problem(code="F001", message="there is no such folder", place=Place(file=str(folder))))
        return Catalogue((*self._folders, *added), (*self._found_problems, *problems), plugged=self._plugged)

    @cached_property
    def _index(self) -> tuple[dict[str, Listed], dict[str, Listed], tuple[Problem, ...]]:
        frameworks: dict[str, Listed] = {}
        scales: dict[str, Listed] = {}
        problems = list(self._found_problems)
        for folder in self._folders:
            for into, root, leaf in (
                (frameworks, folder.root, "framework.toml"),
                (frameworks, folder.root / "schemes", "framework.toml"),
                (scales, folder.root / "scales", "scale.toml"),
            ):
                for name, home, file in _scan(root, leaf, problems):
                    if name in into:
                        message = f"'{name}' is defined twice: by {into[name].shipped_by} and by {folder.shipped_by}"
                        hint = "give one of them another id or edition; until then the first is used"
                        problems.append(Problem(code="C001", message=message, hint=hint, place=Place(file=str(file)), about=name))
                    else:
                        scheme = root != folder.root and into is frameworks
                        into[name] = Listed(name=name, folder=home, file=file, shipped_by=folder.shipped_by, scheme=scheme)
        return frameworks, scales, in_order(problems)

    @property
    def names(self) -> tuple[str, ...]:
        """The frameworks there are, as `id@edition`, in alphabetical order; scoring schemes stand apart, in `schemes`."""
        return tuple(sorted(name for name, listed in self._index[0].items() if not listed.scheme))

    @property
    def schemes(self) -> tuple[str, ...]:
        """Published scoring schemes as frameworks to start from, as `id@edition`, in alphabetical order."""
        return tuple(sorted(name for name, listed in self._index[0].items() if listed.scheme))

    @property
    def listed(self) -> tuple[Listed, ...]:
        """The frameworks there are and then the schemes, with the file and who ships it."""
        return tuple(self._index[0][name] for name in (*self.names, *self.schemes))

    @property
    def scale_names(self) -> tuple[str, ...]:
        """The shared scales there are, as `id@edition`."""
        return tuple(sorted(self._index[1]))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the catalogue itself: duplicates, misplaced folders, broken plug-ins. The rest works all the same."""
        return in_order([*self._index[2], *self._operators])

    @cached_property
    def _operators(self) -> tuple[Problem, ...]:
        """What is wrong with operators of installed packages, where plug-ins count at all. They are imported only if there are any."""
        if not self._plugged or not importlib.metadata.entry_points(group="s11kit.operators"):
            return ()
        from s11kit.rules.operators import broken  # only whoever has installed operators needs them

        return tuple(broken().values())

    def framework(self, name: str) -> Framework:
        """The framework `id@edition`. `S11Error` if there is none, with the nearest name; `InvalidFile` if its file is broken."""
        return _Looking(self, ()).framework(name)

    def shared_scale(self, name: str) -> Scale:
        """The shared scale `id@edition`. `S11Error` if there is none; `InvalidFile` if its file is broken."""
        return _Looking(self, ()).shared_scale(name)

    def get(self, name: str, kind: str, chain: tuple[str, ...]) -> Any:
        """What is under a name, read once and kept; `chain` names the frameworks that are being read because of each other."""
        key = f"{kind} {name}"
        if key in self._cache:
            return self._cache[key]
        index = self._index[0] if kind == "framework" else self._index[1]
        listed = index.get(name)
        if listed is None:
            raise S11Error([self._missing(name, kind, index)])
        if kind == "framework":
            made: Any = codec.load_framework(listed.file, catalogue=_Looking(self, (*chain, name)))
            found, wanted = made.name, name
        else:
            made = codec.load_scale(listed.file)
            found, wanted = made.id, name.partition("@")[0]
        if found != wanted:
            message = f"this file calls itself '{found}', and stands in the folder of '{wanted}'"
            raise InvalidFile(
                [Problem(code="C003", message=message, hint="rename the folder, or mend id and edition", place=Place(file=str(listed.file)))]
            )
        return self._cache.setdefault(key, made)

    def _missing(self, name: str, kind: str, index: dict[str, Listed]) -> Problem:
        if split_name(name) is None:
            hint = "write id@edition, such as 'somerset@2016'"
            editions = [known for known in index if known.split("@")[0] == name]
            near = f"did you mean {' or '.join(editions)}?" if editions else nearest(name[:60], index)
            return Problem(code="K007", message=f"'{name[:60]}' does not name a {kind}", hint=near or hint)
        return Problem(
            code="R006", message=f"there is no {kind} '{name}' in the catalogue", hint=nearest(name, index, listing="there are"), about=name
        )

    def examples(self, name: str) -> tuple[str, ...]:
        """The names of the example assessments that come with a framework."""
        folder = self._example_folder(name)
        if not folder.is_dir():
            return ()
        return tuple(sorted(entry.name.rsplit(".", 1)[0] for entry in folder.iterdir() if entry.name.endswith((".toml", ".json"))))

    def example(self, name: str, example: str) -> Assessment:
        """One of the example assessments of a framework. `S11Error` with the nearest name if there is none."""
        return codec.load_assessment(self.example_file(name, example), catalogue=self)

    def example_file(self, name: str, example: str) -> Traversable:
        """The file of an example assessment."""
        if example not in self.examples(name):
            hint = nearest(example, self.examples(name), listing="examples")
            raise S11Error([Problem(code="R006", message=f"{name} has no example '{example}'", hint=hint)])
        entries = self._example_folder(name).iterdir()
        return next(entry for entry in entries if entry.name in (f"{example}.toml", f"{example}.json"))

    def _example_folder(self, name: str) -> Traversable:
        listed = self._index[0].get(name)
        if listed is None:
            raise S11Error([self._missing(name, "framework", self._index[0])])
        return listed.folder / "examples"


@attrs.frozen(eq=False)
class _Looking:
    """A catalogue as seen while frameworks are being read: it knows which, so that none is built on itself, whoever else reads at the same time."""

    catalogue: Catalogue
    chain: tuple[str, ...]

    def framework(self, name: str) -> Framework:
        if name in self.chain:
            circle = " -> ".join([*self.chain[self.chain.index(name) :], name])
            hint = "a framework cannot be built on itself, not even by a detour"
            raise S11Error([Problem(code="O002", message=f"'{name}' extends itself: {circle}", hint=hint)])
        made: Framework = self.catalogue.get(name, "framework", self.chain)
        return made

    def shared_scale(self, name: str) -> Scale:
        made: Scale = self.catalogue.get(name, "scale", self.chain)
        return made


def _shipped() -> Traversable:
    """The folder of frameworks that comes with the library: inside the package, or beside it in a checkout."""
    beside = Path(__file__).resolve().parents[2] / "frameworks"
    if beside.is_dir() and (beside.parent / "src" / "s11kit").is_dir():
        return beside
    return files("s11kit") / "frameworks"


def _scan(root: Traversable, leaf: str, problems: list[Problem]) -> Iterator[tuple[str, Traversable, Traversable]]:
    """Every `id/edition/<leaf>` below a folder: its name `id@edition`, its folder, the file."""
    for outer in _entries(root):
        if not outer.is_dir() or outer.name.startswith((".", "_")) or (leaf == "framework.toml" and outer.name in RESERVED):
            continue
        for inner in _entries(outer):
            if not inner.is_dir():
                continue
            file = inner / leaf
            if not file.is_file():
                continue
            if is_id(outer.name) and is_id(inner.name):
                yield f"{outer.name}@{inner.name}", inner, file
            else:
                message = f"'{outer.name}/{inner.name}' is not a folder of the shape id/edition"
                hint = "both are lower-case letters and digits joined by single hyphens"
                problems.append(Problem(code="C003", message=message, hint=hint, place=Place(file=str(file))))


def _entries(folder: Traversable) -> list[Traversable]:
    try:
        return sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else []
    except OSError:
        return []


def _plug_ins() -> tuple[list[_Folder], list[Problem]]:
    """The folders of installed plug-ins, found without importing them; a broken one is a warning and hides no other."""
    folders: list[_Folder] = []
    problems: list[Problem] = []
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: (entry.name, entry.value)):
        package = entry.value.split(":")[0]
        by = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.name
        try:
            if "." in package:
                raise ValueError("it must name a top-level package")
            spec = importlib.util.find_spec(package)
            places = list(spec.submodule_search_locations or ()) if spec is not None else []
            roots = [Path(place) / "frameworks" for place in places if (Path(place) / "frameworks").is_dir()]
            if not roots:
                raise ValueError("it has no folder 'frameworks'" if spec is not None else "its package is not installed")
            folders += [_Folder(root=root, shipped_by=by) for root in roots[:1]]
        except Exception as error:  # a plug-in may be broken in any way
            message = f"the plug-in '{entry.name}' of {by} cannot be used: {error}"
            problems.append(Problem(code="C002", message=message, hint="the other frameworks are not touched by this"))
    return folders, problems


def load_framework(source: Source, *, catalogue: Catalogue | None = None) -> Framework:
    """Read a framework or an overlay from a TOML file. What it builds on comes from `catalogue`, by default `Catalogue.default()`.

    `InvalidFile` holds everything that is wrong with the file, each finding with its line and a hint.
    """
    return codec.load_framework(source, catalogue=catalogue or Catalogue.default())


def load_assessment(source: Source, *, catalogue: Catalogue | None = None) -> Assessment:
    """Read an assessment from a `.toml` or `.json` file. Its framework comes from `catalogue`, by default `Catalogue.default()`.

    `InvalidFile` holds everything that keeps the file from being read; ask `check` whether the answers are complete.
    """
    return codec.load_assessment(source, catalogue=catalogue or Catalogue.default())
