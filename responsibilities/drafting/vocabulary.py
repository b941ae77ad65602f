"""The words by which plans order things: how often, upon what, what sort of act.

Sources: the cadence groups of the language reference and the phrasing of public plans; no word is
here for the sake of one plan's sentence.
"""

import re
from typing import Final

RHYTHM_WORD: Final = re.compile(
    r"每(?:[0-9]{1,2}|[一二两三四五六七八九十])?个?"
    r"(?:工作日|教学日|教学周|学期|学年|季度|半年|半月|日|天|周|旬|月|季|年)"
)
MECHANISM: Final = re.compile(
    r"(?<![一二三四五六七八九十0-9第当本上下同])([日周月季年])"
    r"(?=(?:提醒|通报|考核|调度|排查|报告|检查|分析|小结|总结|会商|巡查|管控|报表|例会|研判|抽查))"
)
"""周提醒、月通报、年考核: a beat and an act, without 每."""
PERIODS: Final = {"日": "每日", "周": "每周", "月": "每月", "季": "每季度", "年": "每年"}
BODY: Final = (
    "委员会|领导小组|小组|办公室|指挥部|图书馆|医院|学院|中心|部门|单位|科室|院系|年级|班级|班组|"
    "车间|公司|街道|团委|工会|处|部|科|室|局|所|站|队|院|馆|村|厂|办"
)
"""How the names of institutions' bodies end, longest first."""
STANDING: Final = re.compile(
    r"不定期|定期|常态化|持续|不断|不间断|长期|经常性?|日常|实时|动态|跟进|始终"
)
PROMPT: Final = re.compile(r"第一时间|立即|马上|即刻|随时|及时")
URGENT: Final = frozenset({"第一时间", "立即", "马上", "即刻"})
WITHIN: Final = re.compile(
    r"(?:[0-9]{1,3}|[一二两三四五六七八九十]+)个?(?:分钟|小时|工作日|日|天|周|月)(?:内|之内|以内)"
)
UPON: Final = re.compile(
    r"如发现|一旦|发现|发生|接到|接报|收到|出现|遇有?|预警信息|突发|倒查|劝阻|处置|回访|帮扶|违纪|违规"
)
"""What happens first, or acts that always answer something that happened."""
DEADLINE: Final = re.compile(
    r"(?:[0-9]{4}年)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日|底)(?:之?前|以前)"
)
FOUNDING: Final = re.compile(
    r"建立|制定|组建|成立|修订|编制|印发|签订|设立|配备|明确|纳入|出台|拟定|完善|健全|构建|安排专人"
)
"""What is done once, and then there."""
SHALL: Final = re.compile("应当|必须")
"""How a law orders; what, the next word says."""
DIRECTIVE: Final = re.compile(
    r"组织|开展|做好|落实|建立|制定|组建|成立|修订|编制|签订|设立|配备|纳入|负责|召开|召集|督促|检查|"
    r"指导|监督|协调|配合|联合|报送|上报|通报|报告|回访|倒查|劝阻|处置|播放|发放|宣传|培训|演练|"
    r"巡查|排查|整改|登记|统计|汇总|审核|考核|评估|维护|更新|关注|安装|下载|开启|增加|利用|"
    r"加强|推动|推进|完善|健全|统筹|分享|转发|深入|跟进|发现|提升|提高|安排|总结|明确|履行|承担|"
    rf"{SHALL.pattern}"
)
"""Verbs by which an order begins."""
ATTITUDE: Final = re.compile(
    r"高度重视|充分认识|牢固树立|坚持|坚决|切实|树立|各司其职|各负其责|强化|充分发动|杜绝|履行|"
    r"严格(?:执行|遵守|落实|掌握)|第一责任人|负责制|责任制|适用于|追究.{0,8}责任"
)
"""Verbs of attitude: how all things are to be done."""
OUTCOME: Final = re.compile(
    r"率(?:应当)?(?:不低于|不高于|低于|控制在)|遏制|严防|控[\u4e00-\u9fff]{0,2}发|降[\u4e00-\u9fff]{0,2}损|成功率|发生率|覆盖率|满意率|减少|杜绝.{0,8}发生"
)
"""What is to come of it: counted, not carried out."""
COVERAGE: Final = re.compile(r"全覆盖|全员|百分之百|100%|覆盖率")
AIM: Final = re.compile(
    r"^(?:为|为了|按照|根据|依据|以.{1,40}为指导|坚持以)|以下简称|成员如下|从略|特此|制定本"
)
"""Preambles, definitions and lists: nothing is ordered."""
