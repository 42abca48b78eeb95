"""Saved queries: questions that analysts usually ask, as pages of Datasette with their parameters as fields."""

from __future__ import annotations

from typing import Any

QUESTIONS: dict[str, dict[str, str]] = {}

METADATA: dict[str, Any] = {
    "title": "News archive: tables and SQL",
    "databases": {"archive": {"queries": QUESTIONS}},
}
