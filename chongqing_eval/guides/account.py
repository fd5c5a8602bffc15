"""What everybody who signs in does for the own account; the last step of each such guide."""

from .guide import N_, Step

OWN_ACCOUNT = Step(
    N_("随时"),
    N_("看好自己的账号"),
    N_(
        "「修改密码」那一页下面有「动态口令」和「我的登录」。动态口令开启以后，别人知道了密码也进"
        "不来。「我的登录」列出您的账号还在哪里登录着；不认识的，写上密码，当场结束，再改密码。"
    ),
    page="own-sessions",
)
