"""Why a document could not be made, as a sentence with what it speaks of."""

from collections.abc import Callable

N_: Callable[[str], str] = str  # marks a text for the message catalogue without translating it


class Fault(Exception):
    """``template`` is a Chinese sentence with the places of ``params``; who shows it translates."""

    template = ""

    def __init__(self, **params: str) -> None:
        super().__init__(self.template.format(**params))
        self.params = params

    def render(self, translate: Callable[[str], str]) -> str:
        """With those of its parameters that are sentences of ours translated too."""
        params = {name: text and translate(text) for name, text in self.params.items()}
        return translate(self.template).format(**params)


class UnknownField(Fault):
    template = N_(
        "模板里的字段「{field}」这种公文没有；请对照字段表改正，或者从门户下载现用的模板再改。"
    )


class Unwritable(Fault):
    """Jinja could not read what stands in the braces."""

    template = N_("模板里「{place}」附近的写法读不懂：{reason}。请检查成对的花括号和标记。")


class Unsafe(Fault):
    template = N_("模板里的「{place}」不允许使用；模板只能取字段、循环和判断。")


class NotADocument(Fault):
    template = N_(
        "这个文件不是可用的 Word 文档（.docx）：{reason}。请用 Word 或 WPS 另存为 .docx。"
    )


class FontsMissing(Fault):
    template = N_(
        "这台服务器上没有画图用的中文字体，文档没有生成；请管理员安装 Noto Sans CJK 字体后再试。"
    )
