"""Chinese numerals: 二〇二四, 一百二十三, 十五 in, integers out."""

import re

_DIGIT = {c: n for n, cs in enumerate(["〇○零Ｏ０O0", "一壹1１", "二贰两2２", "三叁3３", "四肆4４", "五伍5５", "六陆6６", "七柒7７", "八捌8８", "九玖9９"]) for c in cs}
_UNIT = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000}
NUMERAL = "[〇○零一二三四五六七八九十百千两廿]"


def to_int(text: str) -> int | None:
    """The number a numeral writes, by digits (二〇二四) or by units (一百二十三); None where it writes none.

    >>> to_int("二〇二四"), to_int("一百零八"), to_int("十五"), to_int("廿一"), to_int("746")
    (2024, 108, 15, 21, 746)
    """
    text = re.sub(r"\s", "", text).replace("廿", "二十")
    if not text:
        return None
    if not any(c in _UNIT for c in text):
        digits = [_DIGIT.get(c) for c in text]
        return None if None in digits else int("".join(map(str, digits)))
    total, digit = 0, 0
    for c in text:
        if c in _UNIT:
            total += (digit or 1) * _UNIT[c]
            digit = 0
        elif c in _DIGIT:
            digit = _DIGIT[c]
        else:
            return None
    return total + digit
