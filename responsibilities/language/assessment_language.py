"""The plan language: the annual assessment (年度考核)."""

from typing import Literal

from pydantic import Field

from responsibilities.language.institution_language import Id, Name, Names, Section, key

SourceText = Literal["完成", "时限", "退回", "覆盖", "检查问题", "填报", "事件", "评分"]


class IndicatorText(Section):
    id: Id = key("代号", "英文代号", "done")
    name: Name = key("名称", "二级指标名称", "任务完成情况")
    weight: float = key("分值", "满分；0为只列出、不计分", 40)
    from_: SourceText = key(
        "来源",
        "完成、时限、退回、覆盖由系统按办理记录计，检查问题、填报、事件按登记计，评分由评分人给分",
        "完成",
        alias="from",
    )
    duties: Names | None = key(
        "职责", "只计这些职责；不写为全部（分值为0的职责不计）", ["monthly-report"], default=None
    )
    deduct: float = key(
        "每项扣分", "每发生一项扣几分；完成、时限不写的，按职责分值分摊", 2, default=0
    )
    cap: float | None = key("扣分上限", "最多扣几分；不写为扣完为止", 20, default=None)
    severity: Names | None = key("严重程度", "只计这些程度的检查问题", "重大", default=None)
    event: str | None = key("事件", "计哪一种事件（见 events）", "火警", default=None)
    figure: str | None = key("数字", "计哪一个填报数字", "培训人数", default=None)
    least: int = key("至少", "全年填报之和不少于多少", 200, default=0)
    evidence: Names | None = key("佐证", "随自评提交的材料", "年度自查报告", default=None)
    bonus: bool = key("加分项", "在满分之外加分，以分值为限", True, default=False)


class IndicatorGroupText(Section):
    id: Id = key("代号", "英文代号", "performance")
    name: Name = key("名称", "一级指标名称", "履职情况")
    weight: float = key("分值", "各二级指标（加分项除外）分值之和", 80)
    cap: float | None = key("扣分上限", "本组累计扣分以此为限", 30, default=None)
    indicators: list[IndicatorText] = key("二级指标", "本组的各项指标")


class VetoText(Section):
    id: Id = key("代号", "英文代号", "serious-finding")
    name: Name = key("名称", "情形的说法", "有重大检查问题")
    from_: SourceText = key("来源", "同 indicators", "检查问题", alias="from")
    excludes: Names = key("不评为", "不评为哪些等次；不减分，不作处理", "优秀")
    count: int = key("起算", "从几项起", 1, default=1)
    duties: Names | None = key("职责", "只计这些职责", ["incident-report"], default=None)
    severity: Names | None = key("严重程度", "只计这些程度的检查问题", "重大", default=None)
    event: str | None = key("事件", "计哪一种事件", "火警", default=None)


class GradeText(Section):
    name: Name = key("名称", "等次", "优秀")
    least: float = key("分数", "从几分起", 90, default=0)
    top: int = key("排名", "按得分排名的前百分之几", 20, default=100)


class AssessmentText(Section):
    id: Id = key("代号", "英文代号，一经施行不再更改", "yearly")
    name: Name = key("名称", "方案中的说法", "年度考核")
    of: Names = key("受考单位", "单位或单位组", "二级学院")
    period: Literal["自然年", "学年"] = key("考核期间", "自然年或学年", "自然年", default="自然年")
    raters: dict[str, int] = key(
        "评分人", "单位或职务及其权重，合计100", {"办公室": 70, "常务副组长": 30}
    )
    indicators: list[IndicatorGroupText] = key("指标", "一级指标，分值合计100")
    grades: list[GradeText] = key(
        "等次", "由高到低，最后一个不设条件", [{"name": "优秀", "least": 90}, {"name": "合格"}]
    )
    vetoes: list[VetoText] = key(
        "一票否决",
        "有此情形的不评为某等次",
        [{"name": "三项以上未办结", "from": "完成", "count": 3, "excludes": "优秀"}],
        default_factory=list,
    )
    not_applicable: Literal["折算", "满分"] = key(
        "不适用", "不适用的指标折算到其余指标，或计满分", "折算", default="折算"
    )
    appeal_days: int = Field(
        title="申诉期限", description="公布后几日内可以申诉", examples=[7], default=7, ge=1
    )
