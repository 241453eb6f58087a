"""Decides the 效力级别 of a document from its title, number and issuers: the rank it has by who made it and in which form."""

import re

from kg.extract.document_type import bare_title, document_type
from kg.extract.issuer_code import issuers_of_number, region_of_number
from kg.model import NATIONAL, DocumentNumber, EffectLevel
from kg.regions import prefix_region, region_of_agency

__all__ = ["effect_level"]

_INTERPRETATION = re.compile(r"(?:解读|答记者问|政策问答|图解|释义|(?:问题|热点)解答)$|^(?:专家|权威|政策|一图)解读")
_STANDARD = re.compile(r"^(?:GB|DB\d{2}|HJ|JGJ|NY|YY|SL|JT|CJJ|QB|HG|AQ|MT|LY|T/[A-Z]{2,8})(?:/[TZ])?\s?\d")
_TREATY = re.compile(r"(?:公约|条约|议定书|协定|换文|谅解备忘录)$")
_BETWEEN_STATES = re.compile(r"中华人民共和国(?:政府)?[和与]|国际|联合国|[《〈]|巴黎|京都|日内瓦|维也纳|海牙|伯尔尼|马德里|布达佩斯|多边|双边|\w{2,8}共和国")
_CONGRESS = re.compile(r"人民代表大会(?:常务委员会)?$|人大(?:常委会)?$")
_COURT = ("最高人民法院", "最高人民检察院")
# 司法解释 have four forms of their own; without a 法释 number the words 若干问题 or 适用法律 tell one from the court's ordinary papers.
_JUDICIAL = re.compile(r"的解释$|(?:若干|有关|具体应用法律)问题的(?:规定|解释|意见|批复)$|适用.{1,60}(?:解释|规定)$")
_STATUTE = re.compile(r"^(?:中华人民共和国)?[\u4e00-\u9fff、]{2,30}法(?:典)?$|^中华人民共和国宪法|^中华人民共和国刑法修正案")
_RULES = ("条例", "规定", "办法", "细则", "规则", "决定", "法", "章程", "总则", "通则", "准则")
_SPECIAL_ZONE = re.compile(r"^(?:\w{2,4}[省市])?(?:(?:深圳|珠海|汕头|厦门|海南)经济特区|海南自由贸易港)")
_LOCAL_STATUTE = re.compile(r"条例$|条例实施办法$|(?:自治|单行)条例$|实施[《〈]?中华人民共和国.{2,40}法[》〉]?(?:的)?(?:办法|规定)$|实施[《〈].{2,40}法[》〉]的?(?:办法|规定)$")
_DECIDES = re.compile(r"^关于(?:修改|修正|废止|批准).{2,80}(?:法|条例|规定|办法|法规).{0,20}的决定$|^关于(?:修改|废止)")
_CENTRAL_PARTY = re.compile(r"^(?:中共中央|中国共产党中央委员会|中央纪委)(?:办公厅|纪律检查委员会)?(?:[、\s关印转发]|国务院|\b)")
_CENTRAL_PARTY_BODIES = frozenset({"中国共产党中央委员会", "中共中央办公厅", "中国共产党中央纪律检查委员会"})
_PARTY = re.compile(r"^(?:中共|中国共产党)")
_PARTY_GROUP = re.compile(r"党组|党委$|工委$|机关党")
_COMMITTEE = re.compile(r"(?:委员会|委|委员会办公[厅室]|委办公[厅室])$")  # and not 市委组织部, 市委…领导小组办公室


def effect_level(title: str, number: DocumentNumber | None, issuers: tuple[str, ...]) -> EffectLevel | None:
    """The rank of a document, or None for an empty title. `issuers` are full names; whoever they miss is read off the number.

    A 令 makes a rule of a ministry's or a government's 办法 and a regulation of the State Council's; a congress's announcement makes a local
    regulation; 法释 a judicial interpretation. What nothing lifts is a normative document (立法法, 规章制定程序条例).

    >>> effect_level("湖北省科学技术奖励办法", DocumentNumber("湖北省人民政府令第428号", "湖北省人民政府", None, None, 428, "令"), ())
    'LocalGovernmentRule'
    """
    text = bare_title(title)
    if not text:
        return None
    if _INTERPRETATION.search(text):
        return "Interpretation"
    if _STANDARD.match(text):
        return "Standard"
    makers = issuers or (issuers_of_number(number) if number else ())
    first = makers[0] if makers else ""
    kind = document_type(title)
    if party := _party(text, number, makers, kind):
        return party
    if _is_judicial(text, number, makers):
        return "JudicialInterpretation"
    if number and number.form == "令":
        return _of_order(text, number, first)
    if _TREATY.search(text) and _BETWEEN_STATES.search(text) and not _local(text, first):
        return "Treaty"
    return _of_legislature(text, number, first, kind) or "NormativeDocument"


def _local(text: str, first: str) -> bool:
    head = prefix_region(text)
    return head is not None or (region_of_agency(first) is not None if first else False)


def _party(text: str, number: DocumentNumber | None, makers: tuple[str, ...], kind: str | None) -> EffectLevel | None:
    """Papers of the party's centre and of party committees; of a party group where the paper itself lays down policy.

    A local committee's paper with its government, or one of its departments with other bodies, is an ordinary one, unless it bears the
    committee's number.
    """
    head = text.split("关于")[0]
    if _CENTRAL_PARTY.match(text) or (makers and makers[0] in _CENTRAL_PARTY_BODIES):
        return "PartyDocument"
    decoded = issuers_of_number(number) if number else ()
    if any(_PARTY.match(name) and _COMMITTEE.search(name) for name in decoded[:1]):
        return "PartyDocument"
    named = bool(_PARTY.match(text)) or bool(makers and _PARTY.match(makers[0]))
    if _PARTY_GROUP.search(head.rstrip("、")) or (makers and _PARTY_GROUP.search(makers[0])):
        return "PartyDocument" if named and kind in ("意见", "规定", "条例", "准则", "规则", "办法", "决定", "细则") else None
    if kind in ("条例", "准则", "规则", "规定", "细则") and text.startswith("中国共产党"):
        return "PartyDocument"  # 中国共产党纪律处分条例
    committees = [name for name in makers if _PARTY.match(name) and _COMMITTEE.search(name)]
    return "PartyDocument" if committees and len(committees) == len(makers) else None


def _is_judicial(text: str, number: DocumentNumber | None, makers: tuple[str, ...]) -> bool:
    if number and number.issuer_code in ("法释", "高检发释字"):
        return True
    if number and number.form != "公告":
        return False
    by_court = (bool(makers) and all(m.startswith(_COURT) for m in makers)) or text.startswith(_COURT)
    return by_court and bool(_JUDICIAL.search(text))


def _of_order(text: str, number: DocumentNumber, first: str) -> EffectLevel:
    """令: of the President a law, of the State Council a regulation, of a local government or a ministry a rule."""
    code = number.issuer_code or ""
    if code.endswith("主席") and "政府" not in code:
        return "Law"
    if code == "国务院" or first in ("国务院", "中央军事委员会") or code.startswith("国务院、"):
        return "AdministrativeRegulation"
    region = region_of_number(number)
    if (region and region != NATIONAL) or "政府" in code or (first and "人民政府" in first) or code.endswith(("省长", "市长", "主席")):
        return "LocalGovernmentRule"
    if code or first:
        return "DepartmentalRule"
    return "LocalGovernmentRule" if _local(text, first) else "DepartmentalRule"


def _of_legislature(text: str, number: DocumentNumber | None, first: str, kind: str | None) -> EffectLevel | None:
    """Laws, regulations and local regulations that carry an announcement's number or none at all."""
    announced = number is not None and number.form == "公告" and bool(_CONGRESS.search(number.issuer_code or ""))
    congress = bool(_CONGRESS.search(first)) or announced
    if number is not None and not announced:
        return None
    national = first.startswith("全国人民代表大会") or text.startswith("全国人民代表大会")
    if national and kind in ("法", "决定", "修正案", "决议"):
        return "Law"
    local = _local(text, first) or announced
    if congress and local:
        body = text.split("委员会关于")[-1]
        decides = _DECIDES.match("关于" + body if "委员会关于" in text else body)
        lifted = announced or kind == "条例" or decides or (kind in _RULES and "关于" not in text)
        return "LocalRegulation" if lifted and kind in _RULES else None
    if "关于" in text:
        return _amending(text, first)
    if _SPECIAL_ZONE.match(text):  # regulations there may be called 规定: 厦门经济特区促进科技创新若干规定
        return "LocalRegulation" if kind in ("条例", "规定") and "政府" not in first else None
    if local:
        return "LocalRegulation" if _LOCAL_STATUTE.search(text) else None
    if kind == "法" and _STATUTE.match(text) and (not first or national):
        return "Law"
    if text.startswith("中华人民共和国宪法") or text.startswith("中华人民共和国刑法修正案"):
        return "Law"
    if kind == "条例" and (not first or first == "国务院"):
        return "AdministrativeRegulation"
    if text.startswith("中华人民共和国") and kind in ("实施细则", "细则", "办法", "规定", "规则") and first in ("", "国务院"):
        return "AdministrativeRegulation"
    return None


def _amending(text: str, first: str) -> EffectLevel | None:
    """关于修改《…条例》的决定 without a number has the rank of what it changes."""
    m = re.search(r"关于(?:修改|修正|废止|修订)[《〈](.{2,60}?)[》〉].{0,20}的决定$", text)
    if m is None or first and not (first == "国务院" or _CONGRESS.search(first)):
        return None
    target = bare_title(m[1])
    if prefix_region(target) and target.endswith("条例"):
        return "LocalRegulation"
    if first == "国务院" or text.startswith("国务院"):
        return "AdministrativeRegulation" if target.endswith(("条例", "办法", "规定", "细则")) else None
    if _STATUTE.match(target) and document_type(target) == "法":
        return "Law"
    return None
