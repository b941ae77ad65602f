"""The plan language: the institution and its calendar, ladders and events, as text comes in.

Keys are English, values the plan's own phrases. What the phrases mean is read by `phrases`; the
models only hold the shape, and publish it with Chinese words for every key (see `schema`).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from responsibilities.calendars.dates import read_day

VACANT = "空缺"
"""What is written instead of a mailbox while a post is vacant."""
MAILBOX = rf"^({VACANT}|[^@\s,;<>\"]+@[^@\s,;<>\"]+)$"
ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"


def key(title: str, description: str, *examples: Any, **more: Any) -> Any:
    """A field with its Chinese title, description and examples; mandatory without a default."""
    return Field(title=title, description=description, examples=list(examples), **more)


def listed(value: object) -> object:
    """One alone may be written without a list."""
    return [value] if isinstance(value, (str, dict)) else value


def _day(value: object) -> date:
    found = read_day(value)
    if found is None:
        raise PydanticCustomError("bad_date", "not a date")
    return found


_DAY_SCHEMA = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_NAMES_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(listed),
    Field(min_length=1),
    WithJsonSchema(_NAMES_SCHEMA),
]
"""One name, or a list of names."""
Id = Annotated[str, Field(pattern=ID)]
Name = Annotated[str, Field(min_length=1)]
Mailbox = Annotated[str, Field(pattern=MAILBOX)]


class Section(BaseModel):
    """Every key is known, or the clerk is told."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class LeadershipText(Section):
    group_leader: Name = key("组长", "领导小组组长，写职务名称（见 posts），不写人名", "组长")
    deputy_group_leader: Name = key("副组长", "主持日常工作的副组长职务", "常务副组长")


class HostText(Section):
    unit: Name = key("所在单位", "办公室设在哪个单位（见 units）", "保卫处")
    reviewed_by: Name = key(
        "审核人", "该单位和办公室自身报结的事项由谁审核（单位或职务）", "常务副组长"
    )


class PlanText(Section):
    id: Id = key("方案代号", "英文代号，一经施行不再更改", "anti-fraud")
    title: Name = key("方案名称", "印发的正式名称", "“反电信网络诈骗”工作方案")
    number: str = key("发文字号", "正式文件的字号", "长医高专校字〔2023〕48号", default="")
    issued: Day = key("印发日期", "文件落款日期", "2023-07-12")
    in_force: Day | None = key(
        "施行日期", "自哪一天起产生督办事项；不写即印发日期", "2023-07-12", default=None
    )
    until: Day | None = key("终止日期", "方案到期之日，可不写", "2026-12-31", default=None)
    text: str = key("方案原文", "同一文件夹内的原文文件，摘录逐字核对", "text.md", default="")
    zone: Name = key("时区", "时区名称", "Asia/Shanghai", default="Asia/Shanghai")
    office_hours: Names = key(
        "办公时间",
        "每个工作日的办公时段，按先后排列",
        ["08:00-11:30", "13:30-17:00"],
        default=("08:00-12:00", "13:30-17:00"),
    )
    office: Name = key("领导小组办公室", "办公室是哪个单位（见 units）", "领导小组办公室")
    office_host: HostText | None = key(
        "办公室所在单位",
        "办公室设在某单位的，该单位和办公室的事项另由他人审核，不自审",
        {"unit": "保卫处", "reviewed_by": "常务副组长"},
        default=None,
    )
    leadership: LeadershipText = key("领导小组", "组长和副组长的职务")


class PostText(Section):
    id: Id = key("代号", "英文代号", "zuzhang")
    name: Name = key("职务", "职务名称，不写人名", "组长", "分管学生工作校领导")
    mail: Mailbox | None = key(
        "邮箱", "职务邮箱；职务空缺写“空缺”", "zuzhang@school.example", "空缺", default=None
    )


class ValueText(Section):
    from_: Day | None = key(
        "起", "自哪一天起（含当日）；不写即一直如此", "2027-03-01", alias="from", default=None
    )
    value: Name = key("值", "这一天起的值", "Ⅰ级")


def _values(value: object) -> object:
    """One value for ever may be written without a list."""
    return [{"value": value}] if isinstance(value, str) else listed(value)


def _one_value(schema: dict[str, Any]) -> None:
    """An editor, too, takes one value for ever."""
    several = dict(schema)
    schema.clear()
    schema["anyOf"] = [{"type": "string"}, several]


Values = Annotated[
    tuple[ValueText, ...],
    BeforeValidator(_values),
    Field(min_length=1, json_schema_extra=_one_value),
]
Attributes = dict[str, Values]
_LEVELS = {"实验室等级": [{"from": "2026-01-01", "value": "Ⅰ级"}]}


class UnitText(Section):
    id: Id = key("代号", "英文代号", "bwc")
    name: Name = key("单位名称", "部门、二级学院等", "保卫处")
    contact: Mailbox | None = key(
        "联络员邮箱", "岗位邮箱；空缺写“空缺”", "bwc@school.example", default=None
    )
    deputy: Mailbox | None = key(
        "副联络员邮箱", "岗位邮箱；空缺写“空缺”", "bwc-b@school.example", default=None
    )
    head: Mailbox | None = key(
        "负责人邮箱", "岗位邮箱；空缺写“空缺”", "bwc-head@school.example", default=None
    )
    leader: str | None = key(
        "分管领导", "分管该单位的校领导职务（见 posts）", "分管安全校领导", default=None
    )
    phone: str = key("电话", "岗位电话", "0431-00000000", default="")
    attributes: Attributes = key(
        "属性", "决定频次的属性，如等级；一直不变的只写值", _LEVELS, default_factory=dict
    )


class DelegateText(Section):
    id: Id = key("代号", "英文代号", "fdy-hl24")
    name: Name = key("名称", "岗位的完整名称，不写人名", "护理学院2024级辅导员")
    unit: Name = key("所属单位", "属于哪个单位（见 units）", "护理学院")
    as_: Name = key("岗位类别", "职责的 delegate 中所写的名称", "辅导员", alias="as")
    mail: Mailbox | None = key(
        "邮箱", "岗位邮箱；空缺写“空缺”，由单位联络员代收", "fdy-hl24@school.example", default=None
    )
    covers: dict[str, Names] = key(
        "负责范围",
        "按名册写本岗位负责的班级等",
        {"班级": ["护理2401班", "护理2402班"]},
        default_factory=dict,
    )


class GroupText(Section):
    id: Id = key("代号", "英文代号", "colleges")
    name: Name = key("名称", "单位组的名称", "二级学院", "职能部门")
    units: Names = key("成员单位", "单位名称，也可写其他单位组", ["护理学院", "药学院"])


class MemberText(Section):
    name: Name = key(
        "名称", "班级、实验室、器材等的名称；人员写岗位或工号，不写人名", "护理2404班", "分析实验室"
    )
    id: Id | None = key("代号", "英文代号，一经施行不再更改；不写即名称", "lab-3", default=None)
    from_: Day | None = key(
        "加入", "自哪一天起在册（含当日）；不写即一直在册", "2026-10-12", alias="from", default=None
    )
    valid_until: Day | None = key(
        "有效期至",
        "此前办理的有效期至哪一天；首期由此起算（见 renew）",
        "2027-05-31",
        default=None,
    )
    last_done: Day | None = key(
        "上次完成", "此前哪一天完成；首期由此起算（见 renew）", "2026-03-01", default=None
    )
    attributes: Attributes = key(
        "属性", "决定频次的属性，如等级；一直不变的只写值", _LEVELS, default_factory=dict
    )
    until: Day | None = key(
        "离册", "至哪一天在册（含当日）；不写即一直在册", "2027-01-16", default=None
    )


MemberItem = Annotated[
    Annotated[str, Field(min_length=1), Tag("bare")] | Annotated[MemberText, Tag("dated")],
    Discriminator(lambda value: "bare" if isinstance(value, str) else "dated"),
]
Members = Annotated[tuple[MemberItem, ...], BeforeValidator(listed), Field(min_length=1)]
"""Names, some of them with the days on which they are on the roster."""


class RosterText(Section):
    id: Id = key("代号", "英文代号", "classes")
    name: Name = key("名称", "名册的名称", "班级", "团支部", "教职工")
    as_of: Day = key("统计日期", "名册截至哪一天", "2026-09-20")
    members: dict[str, Members] = key(
        "名单",
        "每个单位的班级、支部等名称；中途加入、离册的写 {name: 名称, from: 日期, until: 日期}",
        {"护理学院": ["护理2401班", {"name": "护理2404班", "from": "2026-10-12"}]},
        default_factory=dict,
    )
    pairs: Annotated[Names, Field(min_length=2, max_length=2)] | None = key(
        "配对", "两份名册逐一配对：前者的每一个对后者的每一个", ["班级", "专题"], default=None
    )
    counts: dict[str, Annotated[int, Field(ge=0)]] = key(
        "人数", "只有人数、没有名单时填写", {"护理学院": 86}, default_factory=dict
    )


class StepText(Section):
    when: Name = key(
        "何时",
        "相对下达、截止或报结的时间；剩余30%按工作时间计，24小时连续计写“剩余30%（全时）”",
        "下达时",
        "截止前3个工作日",
        "剩余30%",
        "截止当日",
        "逾期1个工作日",
        "报结后3个工作日",
    )
    tell: Names = key(
        "告知谁",
        "联络员、副联络员、负责人、分管领导、办公室、副组长、组长、审核人、知会单位、配合单位",
        "联络员",
        ["联络员", "负责人"],
    )
    notice: Name = key("通知名称", "文书名称", "临期提醒", "黄色预警通知单", "催办单")
    colour: Literal["蓝", "黄", "橙", "红", ""] = key("颜色", "预警颜色", "黄", default="")
    urgent: bool = key("紧急", "随即单独发出，不并入每日汇总", True, default=False)


class LadderText(Section):
    id: Id = key("代号", "英文代号", "ordinary")
    name: Name = key("名称", "督办梯次的名称", "常规", "紧急")
    steps: list[StepText] = key("步骤", "按时间先后排列", min_length=1)


class EventFieldText(Section):
    id: Id = key("代号", "英文代号", "loss")
    name: Name = key("名称", "登记事件时填写的项目", "损失金额")
    kind: Literal["text", "number", "unit", "choice", "yes_no"] = key(
        "类型",
        "text 文字、number 数字、unit 单位、choice 选项、yes_no 是否",
        "number",
        default="text",
    )
    required: bool = key("必填", "登记时必须填写", False, default=True)
    choices: Names | None = key("选项", "kind: choice 的选项", ["学生", "教职工"], default=None)
    min: int | None = key("最小值", "kind: number 的最小值", 0, default=None)
    max: int | None = key("最大值", "kind: number 的最大值", 500, default=None)
    private: bool = key("不外传", "不进入邮件、日志和错误页面", True, default=False)


class EventText(Section):
    id: Id = key("代号", "英文代号", "case")
    name: Name = key("名称", "事件的名称", "电诈案件")
    urgent: bool = key("紧急", "登记后通知随即发出", True, default=False)
    ahead: bool = key(
        "事先登记",
        "活动等举办之前登记的，登记时写明举办时间，时限从“活动”倒数",
        True,
        default=False,
    )
    units: Names | None = key(
        "可发生的单位", "只在这些单位发生；不写为任何单位", ["二级学院"], default=None
    )
    finding: Names | None = key(
        "检查发现的问题",
        "督导检查发现问题即登记此事件、下达整改；写严重程度各档",
        ["一般", "重大"],
        default=None,
    )
    fields: list[EventFieldText] = key("项目", "登记时填写的项目", default_factory=list)


class CalendarText(Section):
    national: str = key("工作日安排", "采用哪国的工作日安排", "cn", default="cn")
    school: dict[str, Any] | None = key(
        "校历",
        "按学年写：terms 学期（teaching 教学周、exams 考试、staff_return 教职工返校、"
        "students_register 学生注册、freshmen_register 新生报到、students_leave 放假、"
        "staff_leave 教职工放假）、overrides 调课与停课、anchors 自定日期",
        {"2026-2027": {"terms": [{"teaching": {"week1": "2026-09-07", "weeks": 18}}]}},
        default=None,
    )
