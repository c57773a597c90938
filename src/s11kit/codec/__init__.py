"""Between files and values: TOML and JSON in, values or located problems out, and back. Only this package knows cattrs, tomllib, tomli-w."""

from s11kit.codec.assessment import assessment_from, dump_assessment, load_assessment, parse_assessment
from s11kit.codec.document import Document, read
from s11kit.codec.editing import REMOVE, edit_answers
from s11kit.codec.framework import dump_framework, dump_scale, framework_from, load_framework, load_scale, scale_from
from s11kit.codec.schema import json_schema
from s11kit.codec.writing import json_text, toml_text, write_text

__all__ = [
    "REMOVE",
    "Document",
    "assessment_from",
    "dump_assessment",
    "dump_framework",
    "dump_scale",
    "edit_answers",
    "framework_from",
    "json_schema",
    "json_text",
    "load_assessment",
    "load_framework",
    "load_scale",
    "parse_assessment",
    "read",
    "scale_from",
    "toml_text",
    "write_text",
]
