"""How the template looks: few colours, grey for what is only for reference."""

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

WRAP = Alignment(wrap_text=True, vertical="center", horizontal="center")
LEFT = Alignment(wrap_text=True, vertical="top")
HEADER_FONT = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
RULE_FONT = Font(size=9, color="595959")
RULE_FILL = PatternFill("solid", fgColor="DDEBF7")
GREY_FONT = Font(color="808080")
NOT_ASKED_FILL = PatternFill("solid", bgColor="D9D9D9")
LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
UNLOCKED = Protection(locked=False)
