"""The rules of drawings for programs that know no variables: a file takes its colours along."""

import re
from functools import cache
from pathlib import Path

STYLES = Path(__file__).resolve().parent.parent / "static" / "css"


@cache
def plain_style() -> str:
    tokens = (STYLES / "tokens.css").read_text(encoding="utf-8").split("@media")[0]
    values = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", tokens))
    style = (STYLES / "charts.css").read_text(encoding="utf-8")
    plain = re.sub(r"var\((--[\w-]+)\)", lambda one: values[one[1]], style)
    return plain.replace("var(--marks,)", "")  # quotation marks of another language
