"""An article's language: the page's word, unless its script says otherwise; else told by script, or by small words."""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_].*)?$")
# Letters of one script, and the language that is meant where nothing else is said.
_SCRIPTS = (
    ("ko", re.compile(r"[가-힣ㄱ-ㆎ]")), ("ja", re.compile(r"[぀-ヿ]")), ("zh", re.compile(r"[㐀-鿿]")), ("ar", re.compile(r"[؀-ۿݐ-ݿ]")),
    ("he", re.compile(r"[א-ת]")), ("ru", re.compile(r"[Ѐ-ӿ]")), ("el", re.compile(r"[Ͱ-Ͽ]")), ("th", re.compile(r"[฀-๿]")),
    ("hi", re.compile(r"[ऀ-ॿ]")), ("bn", re.compile(r"[ঀ-৿]")), ("ta", re.compile(r"[஀-௿]")), ("te", re.compile(r"[ఀ-౿]")),
    ("ka", re.compile(r"[Ⴀ-ჿ]")), ("hy", re.compile(r"[԰-֏]")), ("am", re.compile(r"[ሀ-፿]")),
    ("km", re.compile(r"[ក-៿]")), ("my", re.compile(r"[က-႟]")),
)  # fmt: skip
# Languages that share a script with the one that stands for it above.
_SHARING = {
    "ar": frozenset(["ar", "fa", "ur", "ps", "ckb", "ug", "sd"]),
    "ru": frozenset(["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"]),
    "he": frozenset(["he", "iw", "yi"]), "hi": frozenset(["hi", "mr", "ne", "sa"]), "zh": frozenset(["zh", "ja", "ko", "yue"]),
    "bn": frozenset(["bn", "as"]), "ja": frozenset(("ja",)), "ko": frozenset(("ko",)),
}  # fmt: skip
_SIGNS = (("fa", "ar", "پچژگ"), ("ur", "ar", "ٹڈڑے"), ("uk", "ru", "іїєґ"), ("be", "ru", "ў"))
_SMALL = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to that for with was is on by as from has it said",
        "de": "der die und das den von zu mit sich auf für ist im nicht ein eine dem",
        "fr": "le la les des et en du une que est pour dans qui sur pas au par",
        "es": "el la los de que y en las del se por con una para su al lo",
        "pt": "o de que e do da em um para com não uma os no se na por mais",
        "it": "il di che e la per un del non sono con della una si nel le alla",
        "nl": "de het een van en in is dat op te voor met zijn niet aan er om",
        "sv": "och i att det som en på är av för med den till inte har om ett",
        "no": "og i det er på til som en av for at med har ikke de et fra",
        "da": "og i at det er en til på som af for med der de den har ikke",
        "pl": "w i na z się do nie że o jest to przez po od za jak",
        "tr": "ve bir bu için ile da de olarak daha çok olan gibi sonra kadar",
        "id": "yang dan di dari untuk dengan pada ini itu dalam tidak akan oleh juga",
        "vi": "và của là có trong được cho các một với đã không này người",
        "cs": "a v se na je že to s z do o by pro i za k od po",
        "ro": "și în de la a cu pe din că nu o este pentru un mai",
        "hu": "a az és hogy nem is egy ez meg volt de csak már el",
        "fi": "ja on ei että se oli hän mutta ovat myös kun sen joka",
    }.items()
}
_SAMPLE = 4000
_FEW = 20  # letters, from which no script is told


def subtag(value: str | None) -> str | None:
    """The primary subtag of a language tag or a locale: en-US and en_GB are en; None where it is none."""
    match = _TAG.match(value or "")
    tag = match[1].lower() if match else None
    return (
        None
        if tag in ("und", "mul", "zxx", "xx", "qaa")
        else {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}.get(tag or "", tag)
    )


def script_language(text: str) -> str | None:
    """The language that a text's script gives away; None for Latin letters and for too few letters."""
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < _FEW:
        return None
    counts = {language: len(pattern.findall(sample)) for language, pattern in _SCRIPTS} if not sample.isascii() else {}
    # Japanese mixes kana with Han; Korean papers still write some Han.
    if counts.get("ja", 0) * 10 > letters:
        return "ja"
    best = max(counts, key=lambda language: counts[language], default=None)
    if best is None or counts[best] * 2 < letters:
        return None
    for language, script, signs in _SIGNS:
        if best == script and sum(sample.count(sign) for sign in signs) * 100 > letters:
            return language
    return best


def small_words(text: str, *, sure: bool = False) -> str | None:
    """The language of a Latin text by its commonest small words, where one is clearly ahead; with `sure`, far ahead."""
    words = Counter(re.findall(r"[^\W\d_]+", text[:_SAMPLE].lower()))
    total = sum(words.values())
    if total < (60 if sure else 20):
        return None
    scores = sorted(((sum(words[word] for word in small), language) for language, small in _SMALL.items()), reverse=True)
    (first, language), (second, _) = scores[0], scores[1]
    return language if first * (6 if sure else 10) >= total and first >= second * (1.6 if sure else 1.2) else None


def language_of(text: str, declared: list[str | None]) -> str | None:
    """The primary subtag of the text's language; `declared` is what the page says, the weightiest first."""
    said = next((tag for tag in map(subtag, declared) if tag), None)
    script = script_language(text)
    if script is None:
        # A page in Latin letters that calls itself Korean is a template's mistake.
        if said and (not _needs_script(said) or sum(map(str.isalpha, text[:_SAMPLE])) < _FEW):
            # English is what templates say unasked: other small words outweigh it, if there are many.
            return (small_words(text, sure=True) or said) if said == "en" else said
        return small_words(text)
    if said == script or (said and said in _SHARING.get(script, ())):
        return said
    return script


def _needs_script(tag: str) -> bool:
    return any(tag == language for language, _ in _SCRIPTS)
