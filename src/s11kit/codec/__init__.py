"""Between files and values: TOML and JSON in, located problems or values out, and back. Nothing outside this package knows cattrs, tomllib or tomli-w."""

from s11kit.codec.assessment import dump_assessment, load_assessment, parse_assessment
from s11kit.codec.framework import dump_framework, dump_scale, load_framework, load_scale
from s11kit.codec.writing import json_text, toml_text, write_text

__all__ = [
    "dump_assessment",
    "dump_framework",
    "dump_scale",
    "json_text",
    "load_assessment",
    "load_framework",
    "load_scale",
    "parse_assessment",
    "toml_text",
    "write_text",
]
