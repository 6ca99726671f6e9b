"""Finnish account statement, TITO (konekielinen tiliote).

Source: Finance Finland (Finanssiala ry), Konekielinen tiliote, palvelukuvaus; record types T00 to T81.
"""

from sovinto.formats.statement.tito.walk import is_tito, tito_parts

__all__ = ["is_tito", "tito_parts"]
