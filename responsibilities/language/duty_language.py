"""The plan language: duties, and the whole file."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from responsibilities.language.assessment_language import AssessmentText
from responsibilities.language.clause_language import ClauseText, EvidenceText, Sources
from responsibilities.language.institution_language import (
    CalendarText,
    DelegateText,
    EventText,
    GroupText,
    Id,
    LadderText,
    Name,
    Names,
    PlanText,
    PostText,
    RosterText,
    Section,
    UnitText,
    key,
    listed,
)

_RHYTHMS = (
    "每周",
    "每教学周",
    "每月",
    "每学期",
    "每年9月",
    "每2周",
    "每个节假日",
    "每周，3月至12月",
)
_MOMENTS = ("5日前", "次月5日前", "月底前", "周五前", "9月30日前", "期末", "开课后4个教学周内")
_EVENT_MOMENTS = ("知悉后30分钟内", "知悉后1个工作日内", "结案后5个工作日内")


EveryText = Annotated[
    Annotated[str, Tag("phrase")] | Annotated[dict[str, Name], Tag("by")],
    Discriminator(lambda value: "phrase" if isinstance(value, str) else "by"),
]
"""One rhythm for all, or one for each value of an attribute."""


class StageText(Section):
    id: Id = key("代号", "英文代号", "first")
    name: Name = key("名称", "阶段名称，可作为后一阶段的起算点", "首报", "续报", "终报")
    due: Name = key("时限", "从何时起算、多久之内", "知悉后30分钟内", "首报后24小时内")
    repeat: str | None = key(
        "重复", "此后多久再报一次，直至结案", "每4小时", "每4小时续报一次，直至结案", default=None
    )


class WindowText(Section):
    id: Id = key("代号", "英文代号，一经施行不再更改", "sensitive")
    name: Name = key("名称", "方案中的说法", "敏感时期", "重大活动期间")


class PhaseText(Section):
    id: Id = key("代号", "英文代号，一经施行不再更改", "rectify")
    name: Name = key("名称", "方案中的说法", "动员部署阶段", "集中整治阶段", "总结提升阶段")
    from_: Name = key("开始", "第一天，可写到旬", "2026-04-01", "2026年4月上旬", alias="from")
    until: Name = key("结束", "最后一天，可写到旬", "2026-04-20", "2026年4月中旬", "2026年6月底")


class MechanismText(Section):
    id: Id = key("代号", "英文代号，一经施行不再更改", "remind-report-assess")
    name: Name = key(
        "名称",
        "方案中的说法；各节拍以顿号分开，以日、周、旬、月、季、半年、学期、学年、年开头",
        "周提醒、月通报、年考核",
    )
    duties: Names = key("职责", "落实各节拍的职责代号", ["weekly-reminder", "monthly-bulletin"])


class SurgeText(Section):
    during: Name = key(
        "期间", "每年的哪几个月或哪几天", "6月至8月", "11月至次年3月", "4月15日至9月30日"
    )
    every: Name = key("频次", "此期间的频次；“加倍”即每期两次", "每周", "加倍")
    opens: str | None = key("下达时间", "不写为期初", "周一", default=None)
    due: str | None = key("办理时限", "不写为期末", "周五前", default=None)


class DrawText(Section):
    every: Name = key("频次", "每期随机几次；只写频次即一次", "每学期随机2次", "每学期")
    units: str | None = key(
        "抽取单位", "每次抽取责任单位的几成或几个；不写为全部", "20%", "3个", default=None
    )
    inspectors: str | None = key("抽取人员", "每次抽取几名检查人员", "2名", default=None)
    of: str | None = key("人员名单", "检查人员名单（见 rosters）", "督查员名单", default=None)


def _drawn(value: object) -> object:
    """`draw: 每学期随机2次` is the same as `draw: {every: 每学期随机2次}`."""
    return {"every": value} if isinstance(value, str) else value


class WatchText(Section):
    metric: Literal["完成率", "按时率", "覆盖率"] = key(
        "统计", "完成率（审核通过）、按时率（按时报结）、覆盖率", "完成率"
    )
    below: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?%$")] = key(
        "低于", "低于多少即为未达标", "90%"
    )
    for_: Name = key("连续", "连续多少期", "连续2个月", "连续两次", alias="for")
    then: Name = key("则", "升级至谁", "升级至分管领导", "升级至分管领导、组长")


Reviewers = Annotated[
    Annotated[str, Tag("one")] | Annotated[dict[str, Name], Tag("by_unit")],
    Discriminator(lambda value: "by_unit" if isinstance(value, dict) else "one"),
]
"""One reviewer, or one for each unit or group; `default` for the others."""
DEFAULT_REVIEWER = "default"


class DutyText(Section):
    id: Id = key("代号", "英文代号，一经施行不再更改", "monthly-bulletin")
    title: Name = key("事项", "动词开头，一句话", "编发电信网络诈骗情况月通报")
    source: Sources = key(
        "依据", "条款号，或写 {clause: 章节, quote: 原文}", "S04", ["X03", "X07"], default=()
    )
    responsible: Names = key(
        "责任单位", "单位、单位组，或“事发单位”（事件触发的职责）", "保卫处", ["学生处", "人事处"]
    )
    with_: Names | None = key(
        "配合单位", "配合办理的单位", ["二级学院"], alias="with", default=None
    )
    inform: Names | None = key("通报单位", "办结后通报的单位", ["二级学院"], default=None)
    leader: str | None = key(
        "分管领导", "分管此事的领导职务；不写按责任单位的分管领导", "分管安全校领导", default=None
    )
    every: EveryText | None = key(
        "频次",
        "周期性任务多久一次；随单位或成员的属性而定的，写 by 和每个值的频次，其余的写“其他”",
        *_RHYTHMS,
        {"by": "实验室等级", "Ⅰ级": "每月", "其他": "每3个月"},
        default=None,
    )
    times: str | None = key(
        "次数", "一期之内的次数，及两次之间最短的间隔", "至少4次，间隔不少于10日", default=None
    )
    surge: Annotated[tuple[SurgeText, ...], BeforeValidator(listed)] | None = key(
        "加密",
        "每年某个期间改用的频次（汛期加倍、冬防加密），可写几个期间",
        {"during": "6月至8月", "every": "每周"},
        default=None,
    )
    window: str | None = key(
        "时期", "只在此时期内办理（见 windows），起止由办公室临时确定", "敏感时期", default=None
    )
    renew: str | None = key(
        "有效期",
        "做过一次管多久，到期前多少日起办下一次；从上次完成之日起算",
        "有效期1年，到期前30日",
        default=None,
    )
    phase: str | None = key(
        "工作阶段", "只在方案的这一阶段内办理（见 phases）", "集中整治阶段", default=None
    )
    draw: Annotated[DrawText, BeforeValidator(_drawn)] | None = key(
        "随机",
        "不定期、随机、双随机：每期随机几次；也可写抽取多少单位、哪份名单中的几名检查人员",
        "每学期随机2次",
        {"every": "每学期", "units": "20%", "inspectors": "2名", "of": "督查员名单"},
        default=None,
    )
    standing: str | None = key("常态化", "方案原词；须同时写 checkpoint", "常态化", default=None)
    checkpoint: str | None = key("核查频次", "常态化工作多久核查一次", *_RHYTHMS, default=None)
    watch: WatchText | None = key(
        "连续未达标",
        "连续几期低于要求即升级",
        {"metric": "完成率", "below": "90%", "for": "连续2个月", "then": "升级至分管领导"},
        default=None,
    )
    on_change: str | None = key(
        "变动更新", "登记变动后多久更新", "3个工作日内", "变动后3个工作日内", default=None
    )
    on: str | None = key("触发事件", "事件名称（见 events）", "电诈案件", default=None)
    when: str | None = key(
        "触发条件",
        "事件项目应满足的条件，以“且”连接",
        "损失金额 >= 50000 且 身份 = 学生",
        default=None,
    )
    once: str | None = key(
        "一次性时限", "一次性任务的办理时限", "2026-12-31前", "施行后30日内", default=None
    )
    policy: str | None = key(
        "管总要求", "不形成任务的理由", "管总要求，体现于各项职责", default=None
    )
    metric: str | None = key("指标", "统计什么", "发案数同比", default=None)
    about: Literal["本期", "上一期"] = key("所指周期", "事项针对哪一期", "上一期", default="本期")
    opens: str | None = key("下达时间", "何时下达；不写为期初", "1日", "开课当日", default=None)
    due: str | None = key(
        "办理时限", "何时截止，“前”含当日；不写为期末", *_MOMENTS, *_EVENT_MOMENTS, default=None
    )
    lapses: str | None = key("失效时间", "过后不能补办的时间", "次月5日", default=None)
    roll: Literal["顺延", "提前", "不变"] = key(
        "遇休息日", "截止日遇休息日如何处理", "提前", default="顺延"
    )
    no_workday: Literal["顺延", "免办"] = key(
        "整期无工作日", "一期内没有工作日时如何处理", "免办", default="顺延"
    )
    stages: list[StageText] | None = key("阶段", "首报、续报、终报等分阶段时限", default=None)
    evidence: list[EvidenceText] = key(
        "材料清单",
        "报结时须提交的材料",
        [{"file": "通报正文", "kinds": ["pdf"]}],
        default_factory=list,
    )
    cover: str | None = key("全覆盖", "以哪份名册为准（见 rosters）", "班级", default=None)
    each: str | None = key(
        "逐一", "名册中的每一个各办一次，各为一个事项（见 rosters）", "实验室", default=None
    )
    target: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?%$")] | None = key(
        "覆盖率", "应达到的覆盖率；不写为 100%", "95%", default=None
    )
    late_joiners: str | None = key(
        "中途加入",
        "名册中途加入的，何时以前加入计入本期；不写为截止以前",
        "截止前5日",
        "下达后10日内",
        "不计入",
        default=None,
    )
    zero_report: bool = key("零报告", "没有情况也须报告", True, default=False)
    review: Reviewers | None = key(
        "审核人",
        "审核的单位或职务；不写为领导小组办公室；各单位审核人不同的，按单位写",
        "领导小组办公室",
        {"default": "领导小组办公室", "保卫处": "分管安全校领导"},
        default=None,
    )
    delegate: str | None = key(
        "分解到岗",
        "每个责任单位内由哪一类岗位（见 delegates）分别办理、分别报结，单位汇总负责",
        "辅导员",
        default=None,
    )
    ladder: str | None = key("督办梯次", "采用哪一套步骤（见 ladders）", "常规", default=None)
    weight: float = key("考核权重", "年度考核中的分值", 5, default=0)
    assumed: dict[str, str] = key(
        "办公室核定",
        "方案未写明而由办公室核定的项目及理由",
        {"due": "方案未写明日期，办公室核定为每月5日前"},
        default_factory=dict,
    )
    question: str = key("待核定", "请办公室答复的问题", "新生是否计入？", default="")
    note: str = key("说明", "备注", "与X03同义", default="")


class PlanFile(Section):
    """One file of a plan; every section is optional, lists of several files are joined."""

    plan: PlanText | None = key("方案", "方案本身，各文件中只写一次", default=None)
    posts: list[PostText] | None = key("职务", "领导小组成员职务", default=None)
    units: list[UnitText] | None = key("单位", "按本单位惯用的排列顺序", default=None)
    delegates: list[DelegateText] | None = key(
        "受托岗位", "单位内分别办理的岗位，如各年级辅导员", default=None
    )
    groups: list[GroupText] | None = key("单位组", "单位的集合", default=None)
    rosters: list[RosterText] | None = key("名册", "全覆盖的分母", default=None)
    calendar: CalendarText | None = key("日历", "工作日安排与校历", default=None)
    ladders: list[LadderText] | None = key("督办梯次", "提醒、催办、提级的步骤", default=None)
    events: list[EventText] | None = key("事件", "事件类型及登记项目", default=None)
    windows: list[WindowText] | None = key(
        "时期", "起止由办公室临时确定的时期，如敏感时期", default=None
    )
    phases: list[PhaseText] | None = key("工作阶段", "方案分几个阶段推进", default=None)
    mechanisms: list[MechanismText] | None = key(
        "机制", "方案以一个名称统称的几项职责，如周提醒、月通报、年考核", default=None
    )
    assessments: list[AssessmentText] | None = key(
        "年度考核", "年度考核的指标、分值、评分人和等次", default=None
    )
    clauses: list[ClauseText] | None = key("条款", "方案原文逐句处理", default=None)
    duties: list[DutyText] | None = key("职责", "各单位的职责，一个部门一个文件", default=None)


SECTIONS: dict[str, type[Section]] = {
    "posts": PostText,
    "units": UnitText,
    "delegates": DelegateText,
    "groups": GroupText,
    "rosters": RosterText,
    "ladders": LadderText,
    "events": EventText,
    "windows": WindowText,
    "phases": PhaseText,
    "mechanisms": MechanismText,
    "assessments": AssessmentText,
    "clauses": ClauseText,
    "duties": DutyText,
}
"""The sections that are lists, with the model of one entry."""


def known_sections() -> tuple[str, ...]:
    """Every top-level key of a file."""
    return tuple(PlanFile.model_fields)


def example_of(model: type[Section], name: str) -> Any:
    """The first published example of a key, for messages that show what would be right."""
    for field_name, field in model.model_fields.items():
        if name in (field_name, field.alias) and field.examples:
            return field.examples[0]
    return None


def reviewers_named(review: str | dict[str, str] | None) -> dict[str, str]:
    """Reviewer by the unit or group that is named, or by `default`."""
    return {DEFAULT_REVIEWER: review} if isinstance(review, str) else review or {}
