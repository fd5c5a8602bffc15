"""What an English page still says in Chinese, once proper names are taken away."""

import re
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db.models import CharField, TextField

from districts.models import District, School, User
from figures.table import ORGANISERS

HAN = re.compile(r"[\u3001\u3002\u300a-\u300d\u3400-\u9fff！（），：；？]+")
AS_WRITTEN = ("code", "pre", "script", "style")  # what a machine reads or a person types
READ_ALOUD = {"alt", "aria-description", "aria-label", "placeholder", "title"}
# 铜梁 shows what may be searched for.
KEPT = {"铜梁"}
# What a client of the API writes or gets back as it is.
VALUES = {"达标", "不达标", "是", "否", "不适用", "铜梁区", "主城都市区", "整体推进阶段"}
VALUES |= {"优秀", "良好", "合格", "不合格"}  # the grades of C6
DOCUMENT = re.compile(r"国?教督[办厅]?函?〔\d{4}〕\d+号|教基\d+")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        is_chinese = tag != "html" and (dict(attrs).get("lang") or "").startswith("zh")
        if tag in AS_WRITTEN or is_chinese:
            self.left_out.append(tag)
        self.texts += [value for key, value in attrs if key in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if self.left_out and tag == self.left_out[-1]:
            self.left_out.pop()

    def handle_data(self, data: str) -> None:
        if not self.left_out and data.strip():
            self.texts.append(" ".join(data.split()))


def proper_names() -> re.Pattern[str]:
    names = {name for row in District.objects.values_list("name", "full_name") for name in row}
    names |= set(School.objects.values_list("name", flat=True))
    names |= set(User.objects.values_list("display_name", flat=True))
    return _pattern(names)


def _pattern(texts: set[str]) -> re.Pattern[str]:
    longest_first = sorted(texts - {""} | KEPT, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def api_words() -> re.Pattern[str]:
    """The values of the API, which are Chinese in either language."""
    columns = ("school_type", "ownership", "location")
    choices = [School._meta.get_field(name).choices for name in columns]
    words = {value for pairs in choices for value, _label in pairs}
    return _pattern(VALUES | words | set(ORGANISERS))


def stored_texts() -> re.Pattern[str]:
    """What people and reference data wrote: the admin shows it as it is stored."""
    texts = {""}
    for model in apps.get_models():
        columns = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField) and not field.choices
        ]
        for row in model._base_manager.values_list(*columns) if columns else ():
            texts |= {" ".join(text.split()) for text in row if text and HAN.search(text)}
    return _pattern(texts)


def chinese_left(html: str, names: re.Pattern[str] | None = None) -> list[str]:
    """Texts and labels with Chinese that is neither a known name nor a document number."""
    page, names = _Text(), names or proper_names()
    page.feed(html)
    return [text for text in page.texts if HAN.search(names.sub("", DOCUMENT.sub("", text)))]
