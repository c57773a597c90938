"""How the documentation is built: `nox -s docs`."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "s11kit"
author = "the s11kit authors"
project_copyright = "2026, the s11kit authors"
release = version = installed_version("s11kit")
language = "en-GB"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "s11kit_framework",
]
exclude_patterns = ["_build"]
nitpicky = False
# A kind of page may have no pages yet, and Sphinx gives that warning no name to suppress.
logging.getLogger("sphinx.sphinx.directives.other").addFilter(lambda record: "toctree glob pattern" not in str(record.msg))

html_theme = "furo"
html_title = f"s11kit {release}"
html_show_sourcelink = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_default_options = {"members": True, "show-inheritance": False}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False

# Examples in docstrings have no names in scope of their own.
doctest_global_setup = "import s11kit\nfrom s11kit import *"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
