"""Problems, their codes and the exceptions that carry them. Everything else in the library may import this; it imports nothing of the library."""

from s11kit.errors.codes import CODES, manual
from s11kit.errors.problem import (
    FieldError,
    InvalidFile,
    Locator,
    Path,
    Place,
    Problem,
    S11Error,
    counted,
    dotted,
    in_order,
    listed,
    nearest,
    render,
)

__all__ = [
    "CODES",
    "FieldError",
    "InvalidFile",
    "Locator",
    "Path",
    "Place",
    "Problem",
    "S11Error",
    "counted",
    "dotted",
    "in_order",
    "listed",
    "manual",
    "nearest",
    "render",
]
