"""One incoming mail, read."""

from base64 import b64encode
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


def attached(name: str, data: bytes) -> bytes:
    head = f"From: a@b.example\nContent-Disposition: attachment; filename={name}\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\n\n" + b64encode(data)


def test_a_picture_pasted_into_the_page_is_a_file_and_hides_no_words() -> None:
    photo = b"\xff\xd8\xff\xe0" + b"x" * 900_000
    page = b"Content-Type: text/html\n\n<p>done</p><img src='data:image/jpeg;base64," + (
        b64encode(photo) + b"'><p>below</p>"
    )
    mail = read_mail(page)
    (file,) = mail.files
    assert (file.name, file.media_type, file.data) == ("正文图片1.jpg", "image/jpeg", photo)
    assert mail.answer == "done\n\nbelow"
    assert not file.decoration
    assert mail.remarks == ()


def test_the_test_virus_is_told() -> None:
    text = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
    (file,) = read_mail(attached("a.txt", text)).files
    assert [remark.zh for remark in file.remarks] == ["疑似含有病毒，请勿打开。"]


def test_a_mail_nested_too_deep_is_kept_for_a_person() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                      for n in range(50))  # fmt: skip
    mail = read_mail(b"From: a@b.example\n" + nested + b"\nhello")
    assert not mail.understood
    assert any("结构" in remark.zh for remark in mail.remarks)


def test_a_text_too_long_is_said_to_be_cut() -> None:
    mail = read_mail(b"Content-Type: text/plain; charset=utf-8\n\n" + "反诈\n".encode() * 99999)
    assert any("过长" in remark.zh for remark in mail.remarks)
    assert set(mail.text.split("\n")) == {"反诈"}


def test_an_answer_written_into_the_quoted_letter_is_pointed_at() -> None:
    letter = "=== 请在此行以上回复 督办〔2026〕12号 ===\n请报送：\n已报送，见系统。"
    mail = read_mail(b"Content-Type: text/plain; charset=utf-8\n\n" + letter.encode())
    assert mail.answer == ""
    assert mail.text == letter
    assert any("请看全文" in remark.zh for remark in mail.remarks)


def test_the_directory_of_an_archive_is_not_followed_where_it_is_huge() -> None:
    directory = b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff" * 2 + b"\xff" * 4 + b"\0" * 6
    (file,) = read_mail(attached("a.zip", b"PK\x03\x04" + b"x" * 99 + directory)).files
    assert (file.media_type, file.remarks) == ("application/zip", ())


def test_figures_are_drafts_with_the_words_they_stand_on() -> None:
    coverage, zero = read_drafts("班会 23/25；本周零报告", date(2026, 11, 20))
    assert coverage == Coverage(Quote("23/25", 3, 8), 23, 25)
    assert isinstance(zero, ZeroReport)
