"""超大附件 and 云附件: links that stand where a file should be. Never evidence, never fetched."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from notifications.incoming.values import LinkedFile

_PROVIDERS = (
    ("qq", r"mail\.qq\.com/(?:cgi-bin/ftnExs_|ftn/)|wx\.mail\.qq\.com/(?:s\?k=|ftn/)"),
    ("exmail", r"exmail\.qq\.com/(?:cgi-bin/ftnExs_|ftn/|qy_mng)|drive\.weixin\.qq\.com/s"),
    ("netease", r"(?:fs|dashi|mail|edisk\.qiye|u|mbig|qiye)\.163\.com/\S*(?:filehub|bigfile|large"
                r"|cloudAttach|html|file|download|dl|attach)|\.126\.net/\S*(?:bigfile|filehub)"),
    ("coremail", r"/coremail/\S*(?:nf/|share|largefile|cloud)|/nf/s/|/h5/share"),
    ("aliyun", r"aliyun\.com/\S*(?:download|share|alimail)|alipan\.com/s|aliyundrive\.com/s"),
    ("pan", r"pan\.baidu\.com/s|share\.weiyun\.com/|cloud\.189\.cn/|lanzou\w?\.com/|123pan\.\w+/s"
            r"|caiyun\.139\.com/|jianguoyun\.com/p/"),
)  # fmt: skip
_KNOWN = tuple((name, re.compile(pattern)) for name, pattern in _PROVIDERS)
_HINTS = (
    "qq.com/", "163.com/", "126.net/", "coremail/", "/nf/", "/h5/", "aliyun", "alipan", "pan.baidu",
    "weiyun", "189.cn", "lanzou", "123pan", "139.com", "jianguoyun", "附件", "中转站", "网盘",
)  # fmt: skip
_URL = re.compile(r"https?://[^\s<>\"'，。；、）】》]{6,600}")
_WORDS = re.compile(r"超大附件|云附件|大附件|(?:进入|点击)下载(?:页面)?|文件中转站|网盘|提取码")
_NAME = re.compile(
    r"([^\s/\\:*?\"<>|；，。]{1,120}\.(?:docx?|xlsx?|pptx?|pdf|ofd|wps|et|dps|zip|rar|7z|jpe?g|png"
    r"|heic|mp4|mov|avi|mp3|wav|txt|csv|psd|tar|gz))(?![\w])",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) ?([KMGT])(?:i?B)?\b", re.IGNORECASE)
_DAY = r"(\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?(?: ?\d{1,2}:\d{2})?)"
_EXPIRES = re.compile(
    rf"{_DAY} ?(?:到期|过期|失效|前有效)"
    rf"|(?:到期|过期|失效|有效期)(?:时间|至|到)?[:： ]{{0,3}}{_DAY}"
)
_AROUND = 300
"""Characters before a link in which its file is named."""
_MOST = 50
"""Linked files of one mail that are told."""


def may_link(source: str) -> bool:
    """Is it worth looking for linked files in a page?"""
    return any(hint in source for hint in _HINTS)


def linked_files(text: str, links: Iterable[tuple[str, str]]) -> tuple[LinkedFile, ...]:
    """The linked files of a mail; `links` are (address, words) of its HTML."""
    found: dict[str, LinkedFile] = {}
    for url, words, around in _candidates(text, links):
        provider = next((name for name, known in _KNOWN if known.search(url)), "")
        if not provider and not _WORDS.search(around):
            continue
        one = LinkedFile(provider or "other", *_shown(words, around, url))
        if not provider and not one.name:
            continue
        if len(found) < _MOST:
            found.setdefault(one.url, one)
    return tuple(found.values())


def _candidates(text: str, links: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """(address, its words, the text around) of everything that might be one."""
    for url, words in islice(links, 10 * _MOST):
        at = text.find(words) if len(words) > 3 else -1
        yield url, words, _around(text, at, at + len(words)) if at >= 0 else words
    for hit in islice(_URL.finditer(text), 10 * _MOST):
        yield hit[0], "", _around(text, hit.start(), hit.end())


def _around(text: str, start: int, end: int) -> str:
    return text[max(start - _AROUND, 0) : end + 100]


def _shown(words: str, around: str, url: str) -> tuple[str, str, str, str]:
    """File name, address, size and expiry as the mail shows them, the nearest before the link."""
    names = _NAME.findall(words) or _NAME.findall(around.partition(url)[0])[-1:]
    size = _SIZE.findall(around.partition(url)[0])[-1:]
    expires = [one or other for one, other in _EXPIRES.findall(around)][-1:]
    return (
        names[0] if names else "",
        url,
        "".join(size[0]) if size else "",
        expires[0] if expires else "",
    )
