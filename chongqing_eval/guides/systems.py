"""What who connects a system, and who runs the portal, does; commands here are those that exist."""

from .guide import N_, Guide, Step

CLIENT = Guide(
    "client",
    N_("接口对接"),
    N_(
        "其他系统通过接口读取规划、进度和自查，经授权写入。每个地址、字段和可以照抄的命令在「数"
        "据接口说明」。"
    ),
    (
        Step(
            N_("第一次"),
            N_("取得令牌"),
            N_(
                "自己用的，在「我的令牌」点「建立令牌」；系统用的，由系统管理员发。令牌有范围、"
                "区县和期限，只显示一次，放进请求头 `Authorization: Bearer`。公开的数据不用令牌"
                "。"
            ),
            page="api-docs",
        ),
        Step(
            N_("读数据"),
            N_("只取变了的"),
            N_(
                "记住应答的 `ETag`，下次放进 `If-None-Match`，没有变就是 304。要跟上全部改动，"
                "问 `changes/`，带上次应答里的 `after`；或者登记推送地址，门户把改动发给您。"
            ),
            page="api-docs",
        ),
        Step(
            N_("写数据"),
            N_("先试，再写"),
            N_(
                "上传工作簿先带 `dry_run=true` 看检查结果，再正式上传。POST 带一个 "
                "`Idempotency-Key`，断了可以放心重发；登记推送地址的应答里有密钥，不保存："
                "再发同一地址就是 409。改东西要把读到的 `ETag` 放进 `If-Match`，别人先改"
                "了就是 412，重新读了再改。"
            ),
            page="api-docs",
        ),
        Step(
            N_("出了问题"),
            N_("看懂拒绝"),
            N_(
                "拒绝都是 `application/problem+json`：`detail` 一句话说明，`errors` 指到参数、"
                "字段或单元格，并写明怎么改。联系我们时，附上 `request_id`。"
            ),
            page="api-docs",
        ),
        Step(
            N_("随时"),
            N_("名称有英文"),
            N_(
                "区域、阶段、环节、指标在应答里有 `english_` 开头的一份；说明和错误随 `Accept-L"
                "anguage` 用中文或者英文。代码不随语言变，请用代码对接。"
            ),
            page="api-docs",
        ),
    ),
)

OPERATOR = Guide(
    "operator",
    N_("运行维护"),
    N_("装门户、看护门户的人。每一步的细节在代码里的 `docs/operate.md`。"),
    (
        Step(
            N_("装起来"),
            N_("设置，载入，开账号"),
            N_(
                "按 `.env.example` 写好设置，运行 `manage.py migrate` 和 `manage.py load_refere"
                "nce`，用 `manage.py createsuperuser` 开两位系统管理员，用 `manage.py statements`"
                " 写好联系、隐私等六页说明。最后 `manage.py doctor` 要没有 ✗。"
            ),
        ),
        Step(
            N_("每天"),
            N_("看一眼"),
            N_(
                "`manage.py doctor` 逐项说明数据库、磁盘、邮件、后台和审计链好不好，要处理的写"
                "明怎么处理。「后台」一页列出排队、失败和久未做完的工作。`/readyz` 给监控用。"
            ),
        ),
        Step(
            N_("每天"),
            N_("备份"),
            N_(
                "`manage.py backup` 把数据库、文件和清单放进一个文件。密钥和审计的链末端另外保"
                "管，不和备份放在一起。"
            ),
        ),
        Step(
            N_("每季度"),
            N_("演练恢复"),
            N_(
                "在另一台机器上 `manage.py restore`，再 `manage.py audit_verify` 和 `manage.py "
                "replay_evaluations`：链完好，每份测算结果重算一遍都一样。没有恢复过的备份，不"
                "算备份。"
            ),
        ),
        Step(
            N_("升级"),
            N_("升级"),
            N_(
                "先备份，装好新的一版，再运行 `manage.py migrate`、`manage.py audit_verify`、`m"
                "anage.py replay_evaluations`，然后重启服务和 `manage.py work`。"
            ),
        ),
        Step(
            N_("出了问题"),
            N_("记录对不上"),
            N_(
                "先停止写入，不要修。用 `manage.py audit_verify` 看是哪一条，从备份核对，请审计"
                "员一起看。密钥疑似泄露，用 `manage.py rotate_keys` 换。"
            ),
        ),
    ),
)
