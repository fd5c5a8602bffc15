"""How each figure is written: one example that is right, and one that is not."""

from figures.table import CHOICE, CODE, COUNT, DECIMAL, LEVEL, RATIO, Figure

# By code, else by unit, else by kind.
EXAMPLES: dict[str, tuple[str, str]] = {
    "school_name": ("重庆市沙坪坝区某某小学", "见备注"),
    "note": ("规划已于2025年3月印发", "见附件"),
    "evidence": ("渝教发〔2025〕3号文件", "有材料"),
    "veto_note": ("2025年9月查实1起,已整改", "见附件"),
    "个": ("12", "12个左右"),
    "间": ("12", "12间左右"),
    CHOICE: ("", "其他"),
    COUNT: ("1234", "约1200{unit}"),
    DECIMAL: ("1234.5", "1234.5{unit}左右"),
    CODE: ("2150000001", "2.15E+09"),
    LEVEL: ("Ⅲ", "良好"),
    RATIO: ("0.12", "12"),
}


def examples_of(figure: Figure) -> tuple[str, str]:
    name = next(n for n in (figure.code, figure.unit, figure.kind) if n in EXAMPLES)
    right, wrong = EXAMPLES[name]
    return (figure.choices[0] if figure.choices else right), wrong.format(unit=figure.unit)
