"""SWIFT MT940 (customer statement) and MT942 (interim report), as banks really write them.

Source: SWIFT Standards MT, category 9, and the banks' own guides to the free-form field 86.
"""

from sovinto.formats.statement.mt.detection import is_mt940, is_mt942
from sovinto.formats.statement.mt.walk import mt940_parts, mt942_parts

__all__ = ["is_mt940", "is_mt942", "mt940_parts", "mt942_parts"]
