"""cloud.md comes from infra's own tables."""

from __future__ import annotations

from infra.docs import page

__all__ = ["page"]
