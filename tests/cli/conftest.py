from pathlib import Path

import pytest

from support.book import make_book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A manuscript with premise, treatment and three chapters, committed."""
    return make_book(tmp_path / "book")
