"""One incoming mail, read."""

from datetime import date

from notifications.compose import compose
from notifications.incoming.drafts import Coverage, Quote, ZeroReport
from notifications.incoming.reading import read_mail
from notifications.incoming.understanding import read_drafts
from notifications.incoming.values import Nature
from notifications.specimen import specimen

HEADERS = b"""\
From: =?gb2312?B?zsDWvrn90afUug==?= <nursing@college.example>
To: <duban+k3yt0ken@college.example>
Subject: =?utf-8?B?5Zue5aSN77ya44CQ5o+Q6YaS44CRW+edo+WKnuOAlDIwMjbjgJUxMuWPt10=?=
Message-ID: <a@college.example>
In-Reply-To: <opened.1@college.example>
Content-Type: text/plain; charset=gb2312
Content-Transfer-Encoding: 8bit

"""
BODY = """\
主题班会 23/25，喆班、䶮班已补。

=== 请在此行以上回复 督办〔2026〕12号 ===
请报送"""
REPLY = HEADERS + BODY.encode("gb18030")


def test_an_answer_is_what_stands_above_our_line_and_its_letters_survive_a_wrong_label() -> None:
    mail = read_mail(REPLY)
    assert mail.nature is Nature.ANSWER
    assert mail.answer == "主题班会 23/25，喆班、䶮班已补。"
    assert mail.text.endswith("请报送")
    assert (mail.tokens, mail.numbers) == (("k3yt0ken",), ("督办〔2026〕12号",))
    assert mail.in_reply_to == ("<opened.1@college.example>",)


def test_our_own_letter_coming_back_is_a_loop() -> None:
    letter = specimen("digest", "zh")
    assert read_mail(compose(letter), frozenset({letter.sender})).nature is Nature.OWN_LOOP


def test_figures_are_drafts_with_the_words_they_stand_on() -> None:
    coverage, zero = read_drafts("班会 23/25；本周零报告", date(2026, 11, 20))
    assert coverage == Coverage(Quote("23/25", 3, 8), 23, 25)
    assert isinstance(zero, ZeroReport)
