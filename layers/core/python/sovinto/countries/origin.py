"""Where a rule stands: its file inside the package."""

from __future__ import annotations

from sovinto.countries.files import baseline_folder, country_folder, read_toml, rule_files
from sovinto.countries.loader import IDENTITY_FILE, POLICY_FILE, load_identity


def file_of(rule_id: str, country: str) -> str | None:
    """The path of the file that holds this rule of the country's pack, from the package's folder.

    None for a rule the pack does not have. Raises LawMissing for a country without a pack.
    """
    inherits = load_identity(country).inherits
    folders = [(f"countries/{country.lower()}", country_folder(country))]
    if inherits is not None:
        folders.append((f"countries/shared/{inherits}", baseline_folder(inherits)))
    for path, folder in folders:
        for file in rule_files(folder, frozenset({IDENTITY_FILE, POLICY_FILE})):
            ids = {item.get("rule_id") for items in read_toml(file).values() for item in items}
            if rule_id in ids:
                return f"sovinto/{path}/{file.name}"
    return None
