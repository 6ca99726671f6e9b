"""Bank statements in: one reader for every format, one model for all of them."""

from sovinto.formats.statement.json_shape import Totals, to_json
from sovinto.formats.statement.json_stream import refused_json, write_json
from sovinto.formats.statement.model import (
    Problem,
    Statement,
    StatementEntry,
    StatementFile,
    StatementTransaction,
)
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.reader import (
    StatementStream,
    open_statement,
    read_statement,
    statement_parts,
)

__all__ = [
    "Begun",
    "Ended",
    "Part",
    "Problem",
    "Statement",
    "StatementEntry",
    "StatementFile",
    "StatementStream",
    "StatementTransaction",
    "Totals",
    "open_statement",
    "read_statement",
    "refused_json",
    "statement_parts",
    "to_json",
    "write_json",
]
