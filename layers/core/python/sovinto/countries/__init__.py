"""Country packs: dated, cited law as TOML, read once and checked before anything uses it."""

from sovinto.countries.calendars import load_calendar
from sovinto.countries.files import countries
from sovinto.countries.loader import load_pack
from sovinto.countries.policies import load_policy

__all__ = ["countries", "load_calendar", "load_pack", "load_policy"]
