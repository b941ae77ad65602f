"""What each kind of fact is called."""

from collections.abc import Mapping
from types import MappingProxyType

from responsibilities.tasks import FactKind
from responsibilities.words import Words

KINDS: Mapping[FactKind, Words] = MappingProxyType(
    {
        FactKind.OPENED: Words("立项交办", "opened"),
        FactKind.TOLD: Words("通知", "told"),
        FactKind.SUBMITTED: Words("报结", "submitted"),
        FactKind.RETURNED: Words("退回补充", "returned"),
        FactKind.ACCEPTED: Words("审核通过，办结", "accepted"),
        FactKind.EXTENSION_ASKED: Words("申请延期", "asked for more time"),
        FactKind.EXTENSION_DECLINED: Words("未批准延期", "more time declined"),
        FactKind.EXTENDED: Words("批准延期", "more time granted"),
        FactKind.WAIVED: Words("免办", "waived"),
        FactKind.LAPSED: Words("终止", "lapsed"),
        FactKind.REOPENED: Words("重新办理", "reopened"),
        FactKind.NUDGED: Words("人工催办", "nudged by hand"),
        FactKind.MOVED: Words("时限顺延", "date moved"),
        FactKind.ANSWERED: Words("来信", "mail came in"),
        FactKind.ROSTER: Words("名册变动", "roster changed"),
        FactKind.GATHERED: Words("受托岗位报结", "handed in by a delegate"),
        FactKind.PASSED_ON: Words("转交", "handed over within the unit"),
        FactKind.QUESTIONED: Words("提出不属于本单位", "said not to be the unit's own"),
        FactKind.WATCHED: Words("连续未达标，升级督办", "fell short again, escalated"),
        FactKind.READ: Words("查阅隐去内容或材料", "withheld values or a file read"),
        FactKind.ADOPTED: Words("方案施行", "plan adopted"),
        FactKind.PLAN_PROPOSED: Words("新版本提请批准", "plan proposed"),
        FactKind.PLAN_APPROVED: Words("新版本批准", "plan approved"),
        FactKind.REPORTED: Words("事件报告", "incident reported"),
        FactKind.EVENT_MARKED: Words("事件进展", "incident marked"),
        FactKind.EVENT_CORRECTED: Words("事件更正", "incident corrected"),
        FactKind.CROSSCHECKED: Words("名单核对", "list checked"),
        FactKind.DELIVERED: Words("信函送达", "letter accepted"),
        FactKind.UNDELIVERED: Words("信函未送达", "letter undelivered"),
        FactKind.MAILBOX_FAILED: Words("邮箱无法送达", "mailbox failed"),
        FactKind.MAILBOX_AWAY: Words("收件人不在岗", "out of office"),
        FactKind.MAILBOX_BACK: Words("邮箱恢复", "mailbox back"),
        FactKind.OUTAGE: Words("系统停运", "system down"),
        FactKind.ALARMED: Words("系统警示", "office warned"),
        FactKind.RELEASED: Words("恢复发送", "post released"),
        FactKind.CALENDAR: Words("工作日安排导入", "calendar imported"),
        FactKind.KEY: Words("记录签名密钥", "key of the record"),
        FactKind.ERASED: Words("个人信息删除", "personal values erased"),
        FactKind.EPOCH: Words("记录自备份恢复", "record restored from a backup"),
        FactKind.DRAW_COMMITTED: Words("随机抽取封存种子", "seed of a draw sealed"),
        FactKind.DRAW_REVEALED: Words("随机抽取公开种子", "seed of a draw revealed"),
        FactKind.WINDOW_OPENED: Words("时期开始", "window opened"),
        FactKind.WINDOW_EXTENDED: Words("时期延长", "window extended"),
        FactKind.WINDOW_CLOSED: Words("时期结束", "window closed"),
        FactKind.GRANTED: Words("授权登录", "let in"),
        FactKind.GRANT_ENDED: Words("授权终止", "grant ended"),
        FactKind.SIGNED_IN: Words("登录", "signed in"),
        FactKind.LINKS_REVOKED: Words("链接停用", "links revoked"),
    }
)
