"""The words in which offices answer, as patterns; `understanding` makes drafts of them."""

import re

from notifications.incoming.lines import NUMBER
from notifications.incoming.spoken_days import DAY


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


def _not_after(*words: str) -> str:
    """Nothing that turns the meaning around stands directly before."""
    return "".join(f"(?<!{word})" for word in words)


_DID = "(?:完成|开展|覆盖|召开|参加|参训|签订|签署|签)"
_UNIT = "(?:单位|部门|校区|处|院|学院|中心|科室?|馆|们)"

# ---- so many of so many

N_OF_N = re.compile(
    _not_after(r"[\d/.至到前于]", "截至")
    + rf"({NUMBER})\s?/\s?({NUMBER})"
    + r"(?![\d/.日号前止年月])"
)
DUE_AND_THERE = re.compile(
    _any(f"应(?:到|报|{_DID})", "总人?数", "全[校院系]共?", "共有?", "总计")
    + rf"[^\d\n，。；]{{0,8}}?({NUMBER})[^\d\n。]{{0,12}}?"
    + _any("实[到际]", f"(?:均?已)?{_DID}")
    + rf"[^\d\n。，,]{{0,6}}?({NUMBER})(?![\d%.])"
)
DUE_AND_DONE = re.compile(
    rf"({NUMBER})\s?[个名]?[^\d\n，。；]{{0,4}}?已{_DID}\s?({NUMBER})(?![\d/%.])"
)
THERE_AND_DUE = re.compile(
    rf"实到[^\d\n]{{0,4}}({NUMBER})[^\d\n]{{0,8}}应到[^\d\n]{{0,4}}({NUMBER})"
)
SHARE = re.compile(
    r"([\u4e00-\u9fff]{1,10}?率)\s?(?:为|达到?|是|约|[:：])?\s?"
    + _any(r"(\d{1,3}(?:\.\d{1,4})?)\s?%", "百分之百")
)

# ---- what is said in words

ZERO = re.compile(
    _not_after("不是", "并非", "是否", "实行")
    + _any(
        r"本[周月季期旬日]度?无(?!法|需|故)[\u4e00-\u9fff]{0,8}",
        "零报告(?!制)",
        "零(?:发案|新增|案件)",
        "无(?:新增|新发|发案|案件|相关情况)",
        "未(?:发生|发现)",
        "没有(?:发生|新增|发现)",
        "无(?:情况|事项|内容)?(?:可报|需报)",
    )
)
EXTENSION = re.compile(
    _not_after("[不无]", "无需", "不再")
    + "(?:延期|延长|推迟|延后|展期|顺延|宽限)"
    + _any(
        rf"[^\d\n，。；,]{{0,12}}?(?:至|到|为)\s?({DAY})",
        r"[^\n，。；,]{0,6}?(?:\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?:工作日|天|日|周|星期|月)",
    )
)
REASON = re.compile(r"(?:因为?|由于|原因是?[:：]?|鉴于)\s?([^\n。；]{2,120})")
REQUEST = re.compile(r"[,，]?\s?(?:现|特|故|拟)?(?:申请|请求|恳请|希望|需要?|拟|望|请)?[,，]?\s*$")
"""What stands between a reason and what is asked for."""
NOT_OURS = re.compile(
    _any(
        rf"(?:不|非)(?:属于?|归|是|在)?(?:我|本){_UNIT}?[^\n，。；,]{{0,4}}?"
        "(?:职责|职能|业务|管辖|负责|范围|承办|主管|管理|单位|部门|管|处|院)",
        f"与(?:我|本){_UNIT}无关",
        r"(?:应|建议)(?:转|由|交|转交)[\u4e00-\u9fff]{2,12}?(?:办理|负责|承办|处理|报送)",
    )
)
DONE = re.compile(
    _not_after("[未没不无]", "尚未", "并非", "预计", "计划", "力争", "是否", "如果", "没有")
    + _any(
        "(?:均|都|全部|现)?已经?(?:按要求|按时|如期|全部|顺利|圆满)?"
        "(?:完成|办结|落实|办理完毕|整改(?:完成|到位)|完结|报送完毕)",
        "全部(?:完成|办结|落实)",
        r"(?:^|(?<=\n))\s*完成了?(?=[。\s]*$|\n)",
    )
    + r"(?!\s?(?:\d|百分|部分|大部|一半|情况|后|的(?:请|单位)|时间|率))"
)

# ---- the reviewer

_VERDICT = (
    r"(?:^|\n)\s*(?:(?:审核|审查|核验|复核|办公室)(?:意见|结果)?[:：]?\s?)?"
    r"(?:经(?:审核|核查|研究)[,，]?\s?)?"
)
APPROVED = re.compile(
    f"{_VERDICT}(?:予以|准予)?"
    + _any("审核通过", "通过", "同意(?:办结|延期|通过)?", "准予办结", "approved?", "ok")
    + r"(?=\s*(?:[。.!！,，;；]|\n|$))",
    re.IGNORECASE,
)
SENT_BACK = re.compile(
    f"{_VERDICT}(?:现|予以|请)?"
    + _any(
        "退回(?:补充|修改|重报)?", "不予?(?:通过|同意)(?:延期)?", "驳回", "(?:return|reject)(?:ed)?"
    )
    + r"(?=\s*(?:[。.:：,，;；（(]|\n|$))\s*[。.:：,，;；]?\s*([\s\S]{0,500})",
    re.IGNORECASE,
)
