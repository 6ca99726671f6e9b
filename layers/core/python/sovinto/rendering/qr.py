"""QR codes as SVG, with a quiet zone left to the layout."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_svg(content: str, border: int = 0) -> str:
    """A QR code of medium error correction (as EPC069-12 asks for payment codes), as SVG text."""
    out = BytesIO()
    segno.make(content, error="m", micro=False, boost_error=False).save(
        out, kind="svg", xmldecl=False, border=border, scale=4
    )
    return out.getvalue().decode()


def qr_data_uri(content: str) -> str:
    """The same as a data URI for `<img src>`, with the four modules of quiet zone that readers need."""
    return segno.make(content, error="m", micro=False, boost_error=False).svg_data_uri(
        border=4, scale=4, light="#fff"
    )
