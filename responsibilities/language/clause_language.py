"""The plan language: clauses of the text, what a duty rests on, and what proves it was done."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from responsibilities.language.institution_language import Id, Name, Names, Section, key, listed


class ClauseText(Section):
    id: Id = key("条款号", "英文编号", "S04")
    section: Name = key("章节", "条款所在章节", "五（二）保卫处")
    quote: Name = key(
        "原文", "逐字摘录原文（空白与 Markdown 标记不计）", "每月向二级学院…通报…情况"
    )
    as_: Literal["duty", "policy", "metric", "rhetoric", "question"] = key(
        "处理",
        "duty 形成职责、policy 管总的要求、metric 指标、rhetoric 宣示、question 退请办公室核定",
        "duty",
        alias="as",
    )
    merged_into: Id | None = key("并入", "由哪一条款的职责一并落实", "X03", default=None)
    note: str = key("说明", "处理的理由", "与X03同义", default="")


class InlineSource(Section):
    clause: Name = key("章节", "条款所在章节", "五（二）")
    quote: Name = key("原文", "逐字摘录原文", "定期回访被骗师生")


class FileEvidence(Section):
    file: Name = key("文件", "材料名称", "通报正文")
    kinds: Names | None = key("格式", "允许的文件格式；不写则不限", ["pdf", "docx"], default=None)
    min: Annotated[int, Field(ge=0)] = key("最少份数", "至少几份", 1, default=1)
    optional: bool = key("选交", "可以不交", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "bulletin", default=None)


class NumberEvidence(Section):
    number: Name = key("数字", "填报的数字", "发案数")
    min: int = key("最小值", "不得小于", 0, default=0)
    max: int | None = key("最大值", "不得大于", 100, default=None)
    optional: bool = key("选填", "可以不填", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "cases", default=None)


class TextEvidence(Section):
    text: Name = key("文字", "填写的文字说明", "下步要求")
    optional: bool = key("选填", "可以不填", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "next", default=None)


class DateEvidence(Section):
    date: Name = key("日期", "填写的日期", "印发日期")
    within: Literal["本期"] | None = key("期内", "日期应在本期之内", "本期", default=None)
    optional: bool = key("选填", "可以不填", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "issued", default=None)


class ChoiceEvidence(Section):
    choice: Name = key("选择", "从选项中选一项", "检查结论")
    choices: Annotated[Names, Field(min_length=1)] = key("选项", "可选的内容", ["合格", "不合格"])
    optional: bool = key("选填", "可以不填", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "result", default=None)


class SignersEvidence(Section):
    signers: Name = key("签名", "由几人签名；姓名不进入办理记录", "检查人员签名")
    min: Annotated[int, Field(ge=1)] = key("最少人数", "至少几人", 2, default=2)
    optional: bool = key("选填", "可以不填", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "signed", default=None)


class DurationEvidence(Section):
    duration: Name = key("起止时间", "填写何时起、何时止", "巡查时间")
    min: str | None = key("最短时长", "至少多长时间", "不少于30分钟", "2小时", default=None)
    within: Literal["本期"] | None = key("期内", "应在本期之内", "本期", default=None)
    optional: bool = key("选填", "可以不填", True, default=False)
    id: Id | None = key("代号", "英文代号，一般不写", "patrol", default=None)


EVIDENCE_MODELS: dict[str, type[Section]] = {
    "file": FileEvidence,
    "number": NumberEvidence,
    "text": TextEvidence,
    "date": DateEvidence,
    "choice": ChoiceEvidence,
    "signers": SignersEvidence,
    "duration": DurationEvidence,
    "inline": InlineSource,
}
"""The models behind the tags of the unions, as pydantic names them in an error's location."""


def _which_evidence(value: object) -> str | None:
    if isinstance(value, dict):
        return next((kind for kind in EVIDENCE_MODELS if kind in value and kind != "inline"), None)
    return type(value).__name__.removesuffix("Evidence").lower()


EvidenceText = Annotated[
    Annotated[FileEvidence, Tag("file")]
    | Annotated[NumberEvidence, Tag("number")]
    | Annotated[TextEvidence, Tag("text")]
    | Annotated[DateEvidence, Tag("date")]
    | Annotated[ChoiceEvidence, Tag("choice")]
    | Annotated[SignersEvidence, Tag("signers")]
    | Annotated[DurationEvidence, Tag("duration")],
    Discriminator(
        _which_evidence,
        custom_error_type="which_evidence",
        custom_error_message="file, number, text, date, choice, signers or duration",
    ),
]


def _source(value: object) -> object:
    if isinstance(value, (str, dict, InlineSource)):
        return value
    raise PydanticCustomError("which_source", "a clause id, or clause and quote")


SourceText = Annotated[
    Annotated[str, Tag("id")] | Annotated[InlineSource, Tag("inline")],
    Discriminator(lambda value: "id" if isinstance(value, str) else "inline"),
    BeforeValidator(_source),
]


_INLINE = {
    "type": "object",
    "title": "章节与原文",
    "properties": {
        name: {"type": "string", "title": field.title, "description": field.description}
        for name, field in InlineSource.model_fields.items()
    },
    "required": ["clause", "quote"],
    "additionalProperties": False,
}
_ONE_SOURCE = {"anyOf": [{"type": "string"}, _INLINE]}
Sources = Annotated[
    tuple[SourceText, ...],
    BeforeValidator(listed),
    WithJsonSchema({"anyOf": [*_ONE_SOURCE["anyOf"], {"type": "array", "items": _ONE_SOURCE}]}),
]
