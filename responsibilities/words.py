"""One sentence in both languages: Chinese first, English complete."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """What a person reads. Written side by side so that neither language is forgotten."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.zh if language == "zh" else self.en


class Refused(Exception):
    """What the rules forbid; `words` is the sentence the user sees."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words
