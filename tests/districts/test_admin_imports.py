"""Importing in the admin: preview first, all or nothing, one entry; exporting safely."""

import csv
import hashlib
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import services as audit
from audit.models import Entry
from districts.holding import LIFETIME
from districts.models import District, School
from districts.services.schools import create_school, update_school
from districts.tables import TableResource

URL = "/admin/districts/school/"
HEADER = "学校标识码,学校名称,区县,办学类型,举办者性质,城乡类型"
GOOD = "5001060001,实验一小,沙坪坝区,小学,公办,城区"
BAD = "5001060002,,沙坪坝区,小学,公办,城区"


def table(*rows, header=HEADER):
    return "\n".join([header, *rows]).encode()


@pytest.fixture
def browser(signed_in, zhou_inspector, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return signed_in(zhou_inspector)


def preview(browser, data, name="学校.csv", url=URL):
    return browser.post(f"{url}import/", {"file": SimpleUploadedFile(name, data)})


def confirm(browser, page, url=URL):
    """Posts what the confirm form of the preview holds."""
    hidden = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]+)"', page.text))
    assert hidden["seen"]
    return browser.post(f"{url}process_import/", hidden)


def folders():
    return default_storage.listdir("imports")[0]


def test_a_preview_stores_nothing_and_confirming_stores_all(browser):
    data = table(GOOD, "5001510001,铜梁一小,铜梁区,小学,公办,镇区")
    page = preview(browser, data)
    assert "新增 2 行，修改 0 行，不变 0 行" in page.text
    assert not School.objects.exists()
    done = confirm(browser, page)
    assert (done.status_code, done.url) == (302, URL)
    assert School.objects.count() == 2
    entry = Entry.objects.get(action="school.import")
    assert entry.actor == "inspector"
    assert entry.changes["sha256"] == hashlib.sha256(data).hexdigest()
    assert (entry.changes["new"], entry.changes["changed"]) == (2, 0)
    assert entry.changes["added"] == ["5001060001", "5001510001"]
    assert Entry.objects.first() == entry, "one entry for the whole file"
    assert audit.verify() is None
    assert [default_storage.listdir(f"imports/{who}") for who in folders()] == [([], [])]


def test_a_change_keeps_the_row_and_its_other_values(browser, shapingba):
    confirm(browser, preview(browser, table(GOOD)))
    school = School.objects.get()
    confirm(browser, preview(browser, table(GOOD.replace("实验一小", "实验小学"))))
    changed = School.objects.get()
    assert (changed.pk, changed.name, changed.district) == (school.pk, "实验小学", shapingba)
    entry = Entry.objects.first()
    assert entry.changes["altered"] == {"5001060001": {"学校名称": ["实验一小", "实验小学"]}}
    assert entry.district_code == "500106"


def test_one_bad_row_keeps_the_whole_file_out(browser):
    page = preview(browser, table(GOOD, BAD))
    assert page.status_code == 422
    assert "有 1 个问题，没有导入" in page.text
    assert 'name="seen"' not in page.text
    assert not School.objects.exists()


def test_a_centre_and_its_point_come_in_together(browser):
    header = HEADER + ",所属中心校标识码"
    point = "5001060009,村点,沙坪坝区,教学点,公办,乡村,5001060001"
    confirm(browser, preview(browser, table(point, GOOD + ",", header=header)))
    assert School.objects.get(code="5001060009").attached_to.code == "5001060001"


def test_confirming_looks_again(browser, shapingba, wu_manager):
    page = preview(browser, table(GOOD))
    school = create_school(
        district=shapingba,
        by=wu_manager,
        code="5001060001",
        name="别人登记的",
        school_type="小学",
        ownership="公办",
        location="城区",
    )
    again = confirm(browser, page)
    assert "请核对新的预览再确认" in again.text
    assert "别人登记的 → 实验一小" in again.text
    school.refresh_from_db()
    assert school.name == "别人登记的"
    update_school(school=school, by=wu_manager, location="乡村")
    confirm(browser, confirm(browser, again))
    school.refresh_from_db()
    assert (school.name, school.location) == ("实验一小", "城区")


def test_a_ticket_is_good_once_and_for_its_owner(browser, signed_in, wu_manager):
    page = preview(browser, table(GOOD))
    for client in (signed_in(wu_manager), browser):
        stolen = confirm(client, page)
    assert stolen.status_code == 302
    for used in (confirm(browser, page), confirm(signed_in(wu_manager), page)):
        assert used.status_code == 422
        assert "已过期或已经导入" in used.text
    for name in ("../../etc/passwd", "x", "", ".", "..", "x" * 300):
        facts = {"import_file_name": name, "original_file_name": "x.csv", "seen": "x"}
        assert browser.post(f"{URL}process_import/", facts).status_code == 422
    assert School.objects.count() == 1


def test_what_nobody_confirms_ends_and_is_swept_away(
    browser, signed_in, wu_manager, monkeypatch, settings
):
    settings.SESSION_IDLE = 2 * LIFETIME
    page = preview(browser, table(GOOD))
    later = timezone.now() + LIFETIME + timedelta(minutes=1)
    monkeypatch.setattr("districts.holding.timezone.now", lambda: later)
    assert confirm(browser, page).status_code == 422
    assert not School.objects.exists()
    preview(signed_in(wu_manager), table(GOOD))
    held = [default_storage.listdir(f"imports/{who}")[1] for who in sorted(folders())]
    assert sorted(map(len, held)) == [0, 1]


def test_a_preview_shows_200_rows_and_counts_all(browser):
    rows = [GOOD.replace("0001,", f"{number:04d},") for number in range(1, 302)]
    page = preview(browser, table(*rows))
    assert "新增 301 行" in page.text
    assert "只列出前 200 行" in page.text
    assert page.text.count('<th scope="row" class="number">') == 200


def test_a_preview_opens_no_transaction(browser):
    """It would hold the write lock of SQLite while a file is looked at."""
    with CaptureQueriesContext(connection) as captured:
        preview(browser, table(GOOD))
    for query in captured:
        assert not query["sql"].startswith(("SAVEPOINT", "BEGIN", "INSERT", "UPDATE", "DELETE"))


def test_a_file_is_read_before_the_transaction_that_keeps_it(browser, monkeypatch):
    page = preview(browser, table(GOOD))
    within = len(connection.savepoint_ids)
    depths = []
    read = TableResource.read

    def watched(*args):
        depths.append(len(connection.savepoint_ids))
        return read(*args)

    monkeypatch.setattr(TableResource, "read", watched)
    assert confirm(browser, page).status_code == 302
    assert depths == [within]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("学校.xlsx", b"PK\x03\x04 broken", "文件不完整"),
        ("学校.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "Excel 97-2003 的 .xls"),
        ("学校.pdf", b"%PDF", "这是 PDF 文件"),
        ("学校.csv", b"", "空的"),
        ("学校.csv", b"x" * (5 * 1024 * 1024 + 1), "5.0 MB，最多 5 MB"),
    ],
)
def test_unreadable_files_get_a_sentence_beside_the_field(browser, name, data, words):
    page = preview(browser, data, name)
    assert page.status_code == 422
    assert words in page.text
    assert page.text.count(words) == 2, "in the summary and beside the field"
    assert "Traceback" not in page.text


def test_no_file_is_told(browser):
    page = browser.post(f"{URL}import/")
    assert "请先选择一个" in page.text


def test_hostile_text_is_escaped(browser):
    script = "<script>alert(1)</script>"
    page = preview(browser, table(f"{script},{script},{script},小学,公办,城区"), f"{script}.csv")
    assert script not in page.text
    page = preview(browser, table(GOOD.replace("实验一小", script)))
    assert script not in page.text


@pytest.mark.parametrize("who", ["he_auditor", "chen_officer"])
@pytest.mark.parametrize("page", ["import/", "process_import/"])
def test_others_cannot_import(request, signed_in, who, page):
    client = signed_in(request.getfixturevalue(who))
    data = {"file": SimpleUploadedFile("学校.csv", table(GOOD))}
    assert client.post(URL + page, data).status_code in {302, 403}
    assert not School.objects.exists()


def test_units_are_imported_by_managers_only(signed_in, browser, wu_manager, tongliang):
    url = "/admin/districts/district/"
    header = "代码,名称,全称,类型,区域,方格列,方格行"
    place = f"{tongliang.tile_column},{tongliang.tile_row}"
    data = table(f"500151,铜梁区,重庆市铜梁区,区,主城都市区,{place}", header=header)
    assert preview(browser, data, url=url).status_code == 403
    manager = signed_in(wu_manager)
    confirm(manager, preview(manager, data, url=url), url=url)
    assert District.objects.get(code="500151").full_name == "重庆市铜梁区"
    assert Entry.objects.first().action == "district.import"


# As typed, after blanks, and the full-width forms that Excel reads alike.
HOSTILE = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "  =1"]
HOSTILE += ["\uff1d1", "\uff0b1", "\uff0d1", "\uff20A"]


@pytest.fixture
def hostile(wu_manager, shapingba):
    for n, name in enumerate(HOSTILE):
        School.objects.create(
            district=shapingba,
            code=f"00010600{n:02d}",
            name=name,
            school_type="小学",
            ownership="公办",
            location="城区",
        )


def export(browser, kind, query=""):
    return browser.post(f"{URL}export/{query}", {"format": kind, "resource": "0"}).content


def test_m21_csv_cells_are_no_formulas_and_codes_keep_their_zeros(browser, hostile):
    rows = list(csv.reader(io.StringIO(export(browser, "1").decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["学校标识码", "学校名称", "区县"]
    assert [row[1] for row in rows[1:]] == [f"'{name}" for name in HOSTILE]
    assert rows[1][0] == "0001060000"


def test_m21_excel_cells_are_text(browser, hostile):
    sheet = openpyxl.load_workbook(io.BytesIO(export(browser, "0"))).active
    for row, name in zip(sheet.iter_rows(min_row=2), HOSTILE, strict=True):
        assert (row[1].value, row[1].data_type) == (name, "s")
        assert row[0].data_type == "s"


@pytest.mark.parametrize(("kind", "name"), [("0", "学校.xlsx"), ("1", "学校.csv")])
def test_what_was_exported_comes_back_unchanged(browser, kind, name):
    confirm(browser, preview(browser, table(GOOD, GOOD.replace("0001,", "0002,"))))
    page = preview(browser, export(browser, kind), name)
    assert "文件与登记一致" in page.text


@pytest.mark.parametrize("start", "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")
@pytest.mark.parametrize(("kind", "name"), [("0", "学校.xlsx"), ("1", "学校.csv")])
def test_a_guarded_name_comes_back_as_it_is(browser, shapingba, start, kind, name):
    School.objects.create(
        district=shapingba,
        code="5001060001",
        name=f"{start}1小学",
        school_type="小学",
        ownership="公办",
        location="城区",
    )
    assert "文件与登记一致" in preview(browser, export(browser, kind), name).text


def test_an_export_keeps_to_the_filters(browser):
    confirm(browser, preview(browser, table(GOOD, "5001510001,铜梁一小,铜梁区,小学,公办,镇区")))
    text = export(browser, "1", "?q=铜梁").decode()
    assert "铜梁一小" in text
    assert "实验一小" not in text


def test_an_auditor_reads_but_does_not_export(signed_in, he_auditor):
    assert signed_in(he_auditor).get(f"{URL}export/").status_code == 403
