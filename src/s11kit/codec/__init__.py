"""Between files and values: TOML and JSON in, values or located problems out, and back. Only this package knows cattrs, tomllib, tomli-w."""

from s11kit.codec.assessment import dump_assessment, load_assessment, parse_assessment
from s11kit.codec.editing import REMOVE, edit_answers
from s11kit.codec.framework import dump_framework, dump_scale, load_framework, load_scale
from s11kit.codec.schema import json_schema
from s11kit.codec.writing import json_text, toml_text, write_text

__all__ = [
    "REMOVE",
    "dump_assessment",
    "dump_framework",
    "dump_scale",
    "edit_answers",
    "json_schema",
    "json_text",
    "load_assessment",
    "load_framework",
    "load_scale",
    "parse_assessment",
    "toml_text",
    "write_text",
]
