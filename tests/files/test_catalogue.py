"""The catalogue: what is found where, and what a broken neighbour cannot do."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from s11kit import Catalogue, InvalidFile, S11Error, check
from s11kit.catalogue import _Folder

FRAMEWORK = """
format = "s11kit.framework/1"
id = "{id}"
edition = "{edition}"
title = "A framework"
provenance = "reconstructed"
[[scale]]
{scale}
[[standard]]
ref = "1"
title = "Only one"
statement = [{{ ref = "1.1", text = "Somebody leads." }}]
"""
OWN = 'id = "yes-no"\norder = "worst-first"\ngrades = [{ id = "no", label = "No" }, { id = "yes", label = "Yes" }]'
SCALE = f'format = "s11kit.scale/1"\nedition = "1"\n{OWN}\n'


def put(folder: Path, id: str = "ours", edition: str = "1", *, scale: str = OWN, text: str | None = None) -> Path:
    file = folder / id / edition / "framework.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text if text is not None else FRAMEWORK.format(id=id, edition=edition, scale=scale), encoding="utf-8")
    return file


def test_what_ships_is_sound_and_complete() -> None:
    """Every shipped framework loads without a finding, and every example fits it."""
    catalogue = Catalogue.default()
    assert catalogue.problems == () and "cambridgeshire-peterborough@2017-19" in catalogue.names
    for name in catalogue.names:
        assert check(catalogue.framework(name)) == ()
        for example in catalogue.examples(name):
            assert [problem for problem in check(catalogue.example(name, example)) if problem.severity == "error"] == []


def test_a_folder_joins_what_is_there(tmp_path: Path) -> None:
    """The old catalogue stays as it was; the same framework is read once."""
    put(tmp_path)
    shipped = Catalogue.default()
    more = shipped.with_folders(tmp_path)
    assert "ours@1" in more.names and "ours@1" not in shipped.names
    assert more.framework("ours@1") is more.framework("ours@1")


def test_reserved_folders_hold_no_frameworks(tmp_path: Path) -> None:
    """`mappings`, `schemes` and `scales` are not taken for boards."""
    for name in ("mappings", "schemes", "scales"):
        put(tmp_path, name)
    assert Catalogue.of(tmp_path).names == ()


def test_a_shared_scale_is_used_by_name(tmp_path: Path) -> None:
    """`use` brings the whole scale; the framework remembers where it is from."""
    file = tmp_path / "scales" / "yes-no" / "1" / "scale.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SCALE, encoding="utf-8")
    put(tmp_path, scale='use = "yes-no@1"')
    catalogue = Catalogue.of(tmp_path)
    [scale] = catalogue.framework("ours@1").scales
    assert (scale.best.id, scale.used_from, catalogue.scale_names) == ("yes", "yes-no@1", ("yes-no@1",))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ours", "K007"),
        ("ours@2", "R006"),
        ("../../etc@1", "K007"),
        ("/etc/passwd", "K007"),
        ("ours@../1", "K007"),
        ("OURS@1", "K007"),
        ("", "K007"),
        ("a@b@c", "K007"),
    ],
)
def test_names_that_are_none_are_refused(tmp_path: Path, name: str, code: str) -> None:
    """A name is looked up, never used as a path; a near one is offered."""
    put(tmp_path)
    with pytest.raises(S11Error) as caught:
        Catalogue.of(tmp_path).framework(name)
    [problem] = caught.value.problems
    assert problem.code == code and problem.hint


def test_the_same_name_twice_is_a_problem_and_the_first_serves(tmp_path: Path) -> None:
    """Neither hides the other in silence."""
    put(tmp_path / "a")
    put(tmp_path / "b")
    catalogue = Catalogue.of(tmp_path / "a", tmp_path / "b")
    assert [problem.code for problem in catalogue.problems] == ["C001"]
    assert catalogue.framework("ours@1").name == "ours@1"


def test_a_broken_framework_hides_no_other(tmp_path: Path) -> None:
    """It is listed, and refused only when it is asked for."""
    put(tmp_path)
    put(tmp_path, "broken", text="format = ")
    catalogue = Catalogue.of(tmp_path)
    assert catalogue.names == ("broken@1", "ours@1") and catalogue.framework("ours@1").title == "A framework"
    with pytest.raises(InvalidFile, match="F004"):
        catalogue.framework("broken@1")


def test_a_framework_in_the_wrong_folder_is_refused(tmp_path: Path) -> None:
    """A file that calls itself something else would be found under the wrong name."""
    put(tmp_path, "theirs", text=FRAMEWORK.format(id="ours", edition="1", scale=OWN))
    with pytest.raises(InvalidFile, match="C003"):
        Catalogue.of(tmp_path).framework("theirs@1")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """It does not pass for an empty one."""
    assert [problem.code for problem in Catalogue.of(tmp_path / "nowhere").problems] == ["F001"]


def test_a_plug_in_is_found_without_being_imported(plugin_path: Path) -> None:
    """The real plug-in package raises when it is imported; a broken one beside it is a warning and hides nothing."""
    broken = plugin_path / "broken_board-1.dist-info"
    broken.mkdir(exist_ok=True)
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-board\nVersion: 1\n", encoding="utf-8")
    (broken / "entry_points.txt").write_text("[s11kit.frameworks]\nbroken = no_such_package\n", encoding="utf-8")
    program = (
        "from s11kit import Catalogue, check; import sys; c = Catalogue.default(); f = c.framework('example-board@2026');"
        "print(f.title, [p.code for p in c.problems], 's11kit_example_board' in sys.modules, [x.shipped_by for x in c.listed if x.name == f.name])"
    )
    path = f"{plugin_path}:{':'.join(entry for entry in sys.path if entry)}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": path}, check=False)
    assert done.returncode == 0, done.stderr
    assert "['C002'] False" in done.stdout and "s11kit-example-board" in done.stdout


def test_a_zipped_folder_is_read_like_any_other(tmp_path: Path) -> None:
    """What `importlib.resources` gives for a zipped wheel has no paths and raises its own way for folders that are not there."""
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as archive:
        archive.writestr("frameworks/ours/1/framework.toml", FRAMEWORK.format(id="ours", edition="1", scale=OWN))
    catalogue = Catalogue((_Folder(root=zipfile.Path(tmp_path / "site.zip", "frameworks/"), shipped_by="a zip"),))
    assert catalogue.names == ("ours@1",) and catalogue.framework("ours@1").title == "A framework"
    assert catalogue.scale_names == () and catalogue.examples("ours@1") == ()
