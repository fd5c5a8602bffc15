"""What Office would find wrong with a document, by the rules of its own SDK."""

from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator


def faults_of(folder: Path, content: bytes) -> list[str]:
    """Of parts, relations and the order of elements; empty for a sound one."""
    path = folder / "document.docx"
    path.write_bytes(content)
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)
    return [str(error) for error in validator.validate(path).errors]
