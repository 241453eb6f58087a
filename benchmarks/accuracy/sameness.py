"""Two spellings go in; whether they name the same title, number or agency comes out. Owes nothing to the package it judges."""

import re
import unicodedata

_UNSEEN = re.compile(r"[\s《》〈〉<>“”\"'‘’「」_*#]")
_DASHES = re.compile(r"[—–－]+|--")
_HAN_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_HAN_SERIAL = re.compile(r"第([〇○零一二三四五六七八九]{1,12})号")
_YEAR = re.compile(r"[\[【(](\d{4})[\]】)]")
_SERIAL = re.compile(r"(〔\d{4}〕)第?0*(\d{1,12})号?")
_BARE_NUMBER = re.compile(r"(?:\d{4}年)?第")
_STATE = re.compile(r"^(?:中华人民共和国|原)")
_EDITION = re.compile(r"\((?:试行|暂行|草案|修订|修正|\d{4}年?(?:本|版|修订|修正|调整)?)\)$")
_COVERING = re.compile(r"关于(?:印发|发布|公布|下达)(.{2,300}?)的(?:通知|公告|决定|函)$")


def fold(text: str | None) -> str:
    """One spelling for all prints of a name: `fold("《节 能—办法》") == "节能-办法"`."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text or ""))
    return _DASHES.sub("-", seen)


def fold_number(text: str | None) -> str:
    """One spelling for all prints of a document number: `fold_number("国办发[2021] 024号") == "国办发〔2021〕24"`."""
    seen = re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).replace("中华人民共和国", "")
    seen = _HAN_SERIAL.sub(lambda m: "第" + "".join(_HAN_DIGITS[c] for c in m[1]) + "号", seen)
    return _SERIAL.sub(r"\1\2", _YEAR.sub(r"〔\1〕", seen)).rstrip("号")


def same_number(a: str | None, b: str | None) -> bool:
    """Equal, or one of them is a bare 第N号 with which the other ends."""
    short, long = sorted((fold_number(a), fold_number(b)), key=len)
    return short == long or bool(_BARE_NUMBER.match(short) and long.endswith(short))


def _core(title: str) -> str:
    return _STATE.sub("", _EDITION.sub("", title))


def same_title(a: str | None, b: str | None) -> bool:
    """Equal but for 中华人民共和国, an edition in brackets, an issuer before 关于, or the notice that covers the text."""
    a, b = fold(a), fold(b)
    if not a or not b:
        return False
    short, long = sorted((_core(a), _core(b)), key=len)
    if a == b or short == long:
        return True
    if short.startswith("关于") and long.endswith(short):
        return True
    covered = _COVERING.search(long)
    return bool(covered and _core(covered[1]) == short)


def same_agency(name: str, labels: set[str]) -> bool:
    """One of the folded labels is the name, or one of the two ends with the other (省/市 left out) and is longer than three characters."""
    folded = fold(name)
    return folded in labels or any(len(x) > 3 and (x.endswith(folded) or folded.endswith(x)) for x in labels)
