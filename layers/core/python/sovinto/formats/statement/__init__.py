"""Bank statements in: one reader for every format, one model for all of them."""

from sovinto.formats.statement.json_shape import to_json
from sovinto.formats.statement.model import (
    Problem,
    Statement,
    StatementEntry,
    StatementFile,
    StatementTransaction,
)
from sovinto.formats.statement.reader import read_statement

__all__ = [
    "Problem",
    "Statement",
    "StatementEntry",
    "StatementFile",
    "StatementTransaction",
    "read_statement",
    "to_json",
]
