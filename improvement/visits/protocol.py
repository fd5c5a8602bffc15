"""The protocol of a visit as plain data: what is printed, and what a document is filled with."""

from typing import Any

from districts.wording import moment_text
from improvement.visits import words as words
from improvement.visits.page import SchoolLine, VisitPage


def protocol_of(page: VisitPage) -> dict[str, Any]:
    """Texts, whole numbers and lists alone; chances as percentage and exact fraction."""
    visit, draw = page.visit, page.draw
    return {
        "reference": visit.reference,
        "unit": visit.district.display_name,
        "year": visit.year,
        "number": visit.number,
        "state": visit.get_state_display(),
        "conclusion": visit.words,
        "count": draw.count,
        "frame": len(draw.frame),
        "seed": draw.seed,
        "method": draw.method,
        "digest": draw.digest,
        "comes_out_again": page.comes_out_again,
        "how": [str(sentence) for sentence in words.HOW],
        "strata": [
            {
                "stratum": each.label,
                "schools": each.line.size,
                "expected": each.expected,
                "drawn": each.line.drawn,
            }
            for each in page.strata
        ],
        "schools": [_school(line) for line in page.schools],
        "draws": [
            {
                "number": row.number,
                "at": moment_text(row.drawn_at),
                "by": row.drawn_by.display_name,
                "seed": row.seed,
                "reason": row.reason,
                "schools": names,
            }
            for row, names in page.draws
        ],
    }


def _school(line: SchoolLine) -> dict[str, Any]:
    record, school = line.record, line.candidate
    return {
        "code": school.code,
        "name": school.name,
        "stratum": line.stratum,
        "weight": school.weight,
        "chance": line.chance,
        "why": line.why,
        "visited_on": record.visited_on.isoformat() if record and record.visited_on else "",
        "words": record.words if record else "",
        "findings": [
            {
                "number": finding.number,
                "kind": finding.get_kind_display(),
                "indicator": finding.indicator,
                "words": finding.words,
                "reported": finding.reported,
                "found": finding.found,
                "photos": [photo.sha256 for photo in finding.photos.all()],
            }
            for finding in line.findings
        ],
    }
