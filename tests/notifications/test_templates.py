"""What the letters say: every kind, in both languages, under StrictUndefined."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from notifications.groups import SHOWN, group_of, groups
from notifications.letters import KINDS, Item, Letter, LetterLink
from notifications.rendering import STYLE, TEMPLATES, environment, render, render_subject
from notifications.specimen import specimen, specimens
from responsibilities.tasks import Standing
from tests.notifications.approve import LANGUAGES, approved_path, as_read
from tests.notifications.specimen_page import PAGE, page

DOCUMENTED = Path(__file__).parents[2] / "docs" / "reference" / "letters.md"
EVERY = [letter for language in LANGUAGES for letter in specimens(language)]
EVERY_GROUP = groups(specimen("digest", "zh").items)
FIRST_SENTENCE = {"zh": "请", "en": "Please "}


def name(letter: Letter) -> str:
    return f"{letter.kind}-{letter.language}"


class Words(HTMLParser):
    """The words of an HTML letter, as a reader sees them, and the classes it uses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.classes: set[str] = set()
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = tag == "style"
        self.classes |= set((dict(attrs).get("class") or "").split())

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_a_letter_says_what_was_approved(letter: Letter) -> None:
    said = as_read(letter)
    approved = approved_path(letter).read_text("utf-8")
    assert said == approved, "read it, then: python -m tests.notifications.approve"


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_the_first_sentence_says_what_to_do(letter: Letter) -> None:
    rendered = render(letter)
    paragraphs = rendered.text.split("\n\n")
    assert letter.to_name in paragraphs[1]
    assert paragraphs[2].strip().startswith(FIRST_SENTENCE[letter.language])
    assert paragraphs[2].strip() in " ".join(Words(rendered.html).text.split())


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_a_letter_names_whom_to_ask_why_it_came_and_where_to_answer(letter: Letter) -> None:
    rendered = render(letter)
    for words in (rendered.text, Words(rendered.html).text):
        assert letter.ask in words
        assert letter.plan_number in words
        assert letter.to_name in words
        ours = words.strip().removeprefix(letter.plan_title).lstrip()  # which is HTML's <title>
        assert ours.startswith("=== 请在此行以上回复")  # whatever we say is below the answer
    if len(letter.items) == 1:
        assert f"=== 请在此行以上回复 {letter.items[0].number} ===" in rendered.text


@pytest.mark.parametrize("letter", [one for one in EVERY if one.reply], ids=name)
def test_a_letter_about_a_mail_needs_no_task(letter: Letter) -> None:
    rendered = render(replace(letter, items=()))
    assert letter.reply is not None
    for words in (rendered.text, Words(rendered.html).text):
        assert letter.reply.lead in words
        assert "督办〔" not in words


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_text_and_html_say_the_same_facts(letter: Letter) -> None:
    rendered = render(letter)
    html = Words(rendered.html).text
    for item in letter.items:
        for fact in (item.title, item.number, item.unit, item.period, item.next_step, item.reason):
            assert fact in rendered.text
            assert fact in html
        for missing in item.missing if item.kind != "opened" else ():
            assert missing in rendered.text
            assert missing in html
    for label, value in letter.facts.items():
        assert f"{value}" in rendered.text
        assert label in html


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_a_letter_needs_no_link_no_image_and_no_script(letter: Letter) -> None:
    rendered = render(replace(letter, link=None))
    assert not {"a", "img", "script", "link", "form", "iframe"} & set(Words(rendered.html).tags)
    assert not re.search(r"https?:|//|url\(|@import", rendered.html + rendered.text)


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_with_a_portal_it_carries_one_link_to_be_read_pressed_and_typed(letter: Letter) -> None:
    home = "https://duban.school.example"
    for code, acts in (("K7QM-2XWP", True), ("K7QM-2XWP", False)):
        link = LetterLink(f"{home}/l/{'t' * 43}", home, code, acts)
        rendered = render(replace(letter, link=link))
        html = Words(rendered.html)
        assert rendered.text.count(code) == html.text.count(code) == 1
        assert link.url in rendered.text
        assert link.url in html.text
        led = set(re.findall(r'href="([^"]*)"', rendered.html))
        assert led <= {link.url, f"{link.url}/links"}
        assert link.url in led
        assert not {"img", "script", "link", "form", "iframe"} & set(html.tags)


@pytest.mark.parametrize("letter", [one for one in EVERY if one.language == "zh"], ids=name)
def test_chinese_is_formal(letter: Letter) -> None:
    rendered = render(letter)
    said = rendered.subject + rendered.text + Words(rendered.html).text
    assert not re.findall("[你您妳！!]", said)
    assert not re.findall(r"[零一二三四五六七八九十]+月|[零一二三四五六七八九十]+天", said)


def test_english_is_complete() -> None:
    for path in (TEMPLATES / "en").rglob("*.*"):
        text = path.read_text("utf-8").replace("请在此行以上回复", "")
        assert not set(re.findall("[\u4e00-\u9fff]+", text)) - {"红", "橙", "黄", "蓝"}, path
    chinese = {path.relative_to(TEMPLATES / "zh") for path in (TEMPLATES / "zh").rglob("*.*")}
    assert chinese == {
        path.relative_to(TEMPLATES / "en") for path in (TEMPLATES / "en").rglob("*.*")
    }


def test_every_kind_has_its_three_templates_and_no_other_has_any() -> None:
    for language in LANGUAGES:
        folders = {path.name for path in (TEMPLATES / language).iterdir() if path.is_dir()}
        assert folders == set(KINDS)
        for kind in KINDS:
            for part in ("subject.txt", "body.txt", "body.html"):
                assert (TEMPLATES / language / kind / part).is_file()


def test_every_kind_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", DOCUMENTED.read_text("utf-8"), re.M)
    assert documented == list(KINDS)


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_html_reads_on_a_phone_and_in_the_dark(letter: Letter) -> None:
    html = render(letter).html
    assert html.startswith("<!DOCTYPE html>")
    assert 'name="viewport"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert re.search(r'class="sheet[ a-z]*" style="[^"]*max-width: 640px', html)
    assert "jinja" not in html
    assert "{" not in Words(html).text


def test_every_class_has_a_style_and_every_style_a_use() -> None:
    declared = set(re.findall(r"^\.([\w-]+)", STYLE.read_text("utf-8"), re.M))
    used: set[str] = set()
    for language in LANGUAGES:
        for path in (TEMPLATES / language).rglob("*.html"):
            used |= {name for names in re.findall(r'class="([^"]+)"', path.read_text("utf-8"))
                     for name in names.split()}  # fmt: skip
    assert declared == used


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_is_legible_on_its_ground() -> None:
    """WCAG 2.2 AA: 4.5 to 1."""
    light, dark = STYLE.read_text("utf-8").split("@media", 1)
    for rules, ground in ((light, "#ffffff"), (dark, "#171b21")):
        for rule in re.findall(r"{([^{}]*)}", rules):
            found = dict(re.findall(r"(?:^|[; ])(color|background-color): (#\w{6})", rule))
            if "color" in found:
                assert _contrast(found["color"], found.get("background-color", ground)) >= 4.5, rule


def test_what_a_clerk_types_is_shown_and_never_run() -> None:
    letter = specimen("returned", "zh")
    item = replace(letter.items[0], reason="缺<script>alert(1)</script>\n第二行 & “引号”\x00")
    rendered = render(replace(letter, items=(item,)))
    assert "缺&lt;script&gt;alert(1)&lt;/script&gt;\n第二行 &amp;" in rendered.html
    assert "缺<script>alert(1)</script>\n第二行 & “引号”\ufffd" in rendered.text
    assert "\x00" not in rendered.html


def test_a_template_that_names_what_is_not_there_fails() -> None:
    with pytest.raises(Exception, match="no_such_thing"):
        environment("zh").from_string("{{ letter.no_such_thing }}").render(letter=EVERY[0])


SUBJECTS = {
    "reminder": "【临期提醒·剩3天】主题班会全覆盖 23/25（11月26日17:00截止）[督办〔2026〕12号]",
    "accepted": "【已办结】主题班会全覆盖 25/25 [督办〔2026〕12号]",
    "incident": "【紧急·事件·今日截止】事件首报（11月23日10:30截止）[督办〔2026〕57号]",
    "outage": "【系统通报】督办系统停运，通知已补发",
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_the_subject_is_state_matter_progress_due_and_number(kind: str) -> None:
    assert render_subject(specimen(kind, "zh")) == SUBJECTS[kind]


def test_a_digest_counts_and_names_the_most_urgent_first() -> None:
    subject = render_subject(specimen("digest", "zh"))
    assert subject == (
        "【督办·逾期2项、待办3项、新下达4项、结果1项】主题班会全覆盖 23/25（已逾期3天）等10项"
    )


def test_a_digest_is_grouped_by_whose_turn_it_is_and_how_late() -> None:
    found = groups(specimen("digest", "zh").items)
    assert [group.name for group in found] == ["overdue", "due_soon", "new", "news"]
    assert [group.start for group in found] == [1, 3, 6, 10]
    for group in found:
        assert list(group.items) == sorted(group.items, key=lambda item: item.due_at)


def test_what_waits_for_a_reviewer_is_never_called_overdue() -> None:
    item = replace(specimen("review", "zh").items[0], standing=Standing.OVERDUE)
    assert group_of(item) == "review"


def test_a_moved_task_is_still_to_do_and_a_closed_one_is_news() -> None:
    kinds = {group.name: [item.kind for item in group.items] for group in EVERY_GROUP}
    assert "moved" in kinds["due_soon"]
    assert kinds["news"] == ["accepted"]


def test_a_new_task_does_not_list_everything_as_missing() -> None:
    opened = specimen("opened", "zh")
    item = replace(opened.items[0], missing=("护理2401班", "护理2402班"))
    for kind in ("opened", "digest"):
        assert "护理2401班" not in render(replace(opened, kind=kind, items=(item,))).text


def test_a_digest_names_ten_missing_classes_and_counts_the_rest() -> None:
    classes = tuple(f"护理24{number:02d}班" for number in range(1, 26))
    item = replace(specimen("reminder", "zh").items[0], missing=classes)
    digest = render(replace(specimen("digest", "zh"), items=(item,)))
    assert "护理2409班；护理2410班等25项" in digest.text
    assert "护理2411班" not in digest.text
    alone = render(replace(specimen("reminder", "zh"), items=(item,)))
    assert "护理2425班" in alone.text


def test_a_clause_that_is_named_twice_is_named_once() -> None:
    item = replace(
        specimen("reminder", "zh").items[0], basis=(("四（二）", "甲"), ("四（二）", "乙"))
    )
    assert "依据：四（二）\n" in render(replace(specimen("digest", "zh"), items=(item,))).text


def test_quotation_marks_within_quotation_marks_are_single() -> None:
    item = replace(specimen("opened", "zh").items[0], title="安装“防诈”软件")
    assert "办结“安装‘防诈’软件”。" in render(replace(specimen("opened", "zh"), items=(item,))).text


def test_what_was_sent_late_is_marked_and_explained_once() -> None:
    text = render(specimen("digest", "zh")).text
    assert text.count("补发说明") == 1
    assert "标有“补发”的1项" in text
    assert "督办〔2026〕20号，护理学院，2026年11月，补发\n" in text


def many(count: int) -> tuple[Item, ...]:
    one = specimen("opened", "zh").items[0]
    return tuple(
        replace(one, key=f"{one.key}/{n}", number=f"督办〔2026〕{n}号", title=f"第{n}件事")
        for n in range(1, count + 1)
    )


def test_a_long_digest_shows_forty_and_says_how_many_more() -> None:
    letter = replace(specimen("digest", "zh"), items=many(53))
    rendered = render(letter)
    html = Words(rendered.html).text
    assert "另有13项未在此列出" in html
    assert html.count("件事") == SHOWN
    assert rendered.text.count("件事") == 53
    assert "53. 第53件事" in rendered.text


def test_a_digest_of_forty_hides_nothing() -> None:
    rendered = render(replace(specimen("digest", "zh"), items=many(SHOWN)))
    assert "未在此列出" not in rendered.html


def test_the_page_of_specimens_shows_what_is_sent() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.notifications.specimen_page"
