"""Templates of the office: looked at, filled in with examples, kept for good, used at once."""

from typing import Any

import pytest
from django.core.checks import ERROR
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from chongqing_eval import checks
from districts.models import District, User
from documents.layout import built
from papers.models import Template
from papers.names import Name
from papers.services import templates
from papers.services.making import make
from papers.services.templates import keep
from schedule.services.reading import today
from tests.documents.test_checking import relations
from tests.papers.conftest import words_of

OWN = built("# {{ unit }}情况\n办公室自己的写法。")


def kept(by: User, **changes: Any) -> Template:
    given = {"kind": Name.UNIT_REPORT, "content": OWN, "name": "报告.docx", "reason": "换版头"}
    return keep(**{**given, **changes}, by=by)


def test_a_new_template_is_used_at_once_and_the_old_stays(
    shapingba: District, wu_manager: User
) -> None:
    first = kept(wu_manager)
    second = kept(wu_manager, content=built("# {{ unit }}\n第二版"))
    assert (first.number, second.number) == (1, 2)
    assert "第二版" in words_of(make(Name.UNIT_REPORT, shapingba, today()))
    assert bytes(Template.objects.get(number=1).content) == OWN
    assert Entry.objects.filter(action="template.keep").count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"content": built("{{ 校长 }}")}, "file", "校长"),
        ({"content": built("{% for a in spreads %}{{ a.nope }}{% endfor %}")}, "file", "nope"),
        ({"content": b"no zip"}, "file", "Word"),
        ({"content": b""}, "file", ""),
        ({"kind": "letter"}, "kind", "没有这种公文"),
        ({"reason": " "}, "reason", "改动"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(
    reference: None, wu_manager: User, changes: dict[str, Any], field: str, word: str
) -> None:
    with pytest.raises(Unusable) as refused:
        kept(wu_manager, **changes)
    assert word in str(refused.value.fields[field])
    assert not Template.objects.exists()


def test_only_the_manager_keeps_templates(reference: None, zhou_inspector: User) -> None:
    with pytest.raises(NotAllowed):
        kept(zhou_inspector)


def test_a_template_that_fails_on_real_figures_says_so(
    shapingba: District, wu_manager: User
) -> None:
    """Without approved figures there is no first coefficient, which the examples have."""
    kept(wu_manager, content=built("{{ spreads[0].code }}"))
    with pytest.raises(Conflict, match="字段"):
        make(Name.UNIT_REPORT, shapingba, today())


@pytest.fixture
def outdated(shapingba: District, wu_manager: User, monkeypatch: pytest.MonkeyPatch) -> Template:
    """Kept when nobody looked at links yet, and when a school's head was still a field."""
    with monkeypatch.context() as before:
        before.setattr(templates, "checked", lambda content, _sample: content)
        kept(wu_manager, content=built("{{ 校长 }}"), kind=Name.RECEIPT)
        return kept(wu_manager, content=relations('TargetMode="External"'))


def test_a_template_that_would_not_be_kept_today_is_not_used(
    outdated: Template, shapingba: District
) -> None:
    with pytest.raises(Conflict, match="外部"):
        make(Name.UNIT_REPORT, shapingba, today())


def test_the_doctor_names_templates_that_can_no_longer_be_used(outdated: Template) -> None:
    found = list(templates.faults())
    assert ["单位情况报告 1" in found[0], "外部" in found[0]] == [True, True]
    assert ["报送回执 1" in found[1], "「校长」" in found[1]] == [True, True]
    assert len(found) == 2
    assert checks.paper_templates().level == ERROR


def test_the_admin_takes_a_template_and_gives_it_back(
    reference: None, wu_manager: User, signed_in: Any
) -> None:
    client = signed_in(wu_manager)
    base = "/admin/papers/template/"
    file = SimpleUploadedFile("报告.docx", OWN)
    sent = {"kind": "unit-report", "reason": "换版头", "file": file}
    assert client.post(f"{base}add/", sent).status_code == 302
    row = Template.objects.get()
    assert client.get(f"{base}{row.pk}/file/").content == OWN
    assert client.get(f"{base}in-use/unit-report/").content == OWN
    assert client.get(f"{base}in-use/receipt/").content.startswith(b"PK")
    assert client.get(f"{base}in-use/nothing/").status_code == 404
    assert client.get(f"{base}fields.xlsx").content.startswith(b"PK")
    assert "报告.docx" in client.get(base).content.decode()
    assert client.get(f"{base}{row.pk}/change/").status_code == 200


def test_the_admin_repeats_a_refusal_beside_the_file(
    reference: None, wu_manager: User, signed_in: Any
) -> None:
    file = SimpleUploadedFile("报告.docx", built("{{ 校长 }}"))
    sent = {"kind": "unit-report", "reason": "换版头", "file": file}
    page = signed_in(wu_manager).post("/admin/papers/template/add/", sent).content.decode()
    assert "校长" in page
