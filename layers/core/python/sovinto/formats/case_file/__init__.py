"""Case files in: CSV and XLSX as clients send them, to placements, with a reason for every refusal."""

from __future__ import annotations

from sovinto.formats.case_file.check import check_case_file
from sovinto.formats.case_file.read import read_case_file
from sovinto.formats.case_file.result import (
    AcceptedRow,
    CaseFile,
    CaseRow,
    Column,
    DuplicateRow,
    RefusedRow,
    RowProblem,
)

__all__ = [
    "AcceptedRow",
    "CaseFile",
    "CaseRow",
    "Column",
    "DuplicateRow",
    "RefusedRow",
    "RowProblem",
    "check_case_file",
    "read_case_file",
]
