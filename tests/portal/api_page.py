"""`docs/reference/api.md`, made from the API's own description: python -m tests.portal.api_page."""

from pathlib import Path

from portal.api.application import described
from portal.api.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"

if __name__ == "__main__":
    PAGE.write_text(page(described()), "utf-8")
