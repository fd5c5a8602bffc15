"""The people and the self-check of the tests below, and documents read back."""

from io import BytesIO
from typing import Any

from docx import Document

from tests.improvement.conftest import *  # noqa: F403  the same self-check and its people


def words_of(content: bytes) -> str:
    """Everything a document says, paragraphs and then tables."""
    document: Any = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
