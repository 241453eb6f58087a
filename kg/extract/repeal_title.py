"""Reads from a title or head line whether a document repeals others or only tells of it: title or text in, yes or no out."""

import re

from kg.extract.repeal_target import lapsing_things

_ENDING = "(?:决定|通知|公告|命令|令|决议|通告|布告)"
_ABOUT_REPEAL = re.compile(rf"(?:关于|^)[^。\n]{{0,160}}(?:废止|失效|停止执行|停止施行)[^。\n]{{0,300}}的?{_ENDING}(?:[（(][^（）()]{{0,40}}[）)])?$")
_LISTED = re.compile(r"^[^，。]{0,40}(?:废止|失效)(?:[、和及与]{1,2}(?:宣布|修改)?(?:失效|废止))?的?[^，。]{0,40}(?:目录|清单|名录)$")
_ASKED = re.compile(
    "征求|清理工作|做好|开展|贯彻|实施|有关问题|有关事项|情况|程序|建议|意见[稿的]|草案|议案|说明|解读|衔接|过渡|期间(?![制印发颁公联])|后|废止工作|通报|试行|报送|废止案|申请|是否|能否|规程|规则"
)
_CLEAR_OUT = re.compile(rf"(?:关于|^)(?:重新)?(?:公布|发布|印发|公开)[^。\n]{{0,80}}清理(?:结果|目录|结论)[^。\n]{{0,40}}的?{_ENDING}(?:[（(][^（）()]{{0,40}}[）)])?$")
_DRAFT = re.compile(r"[（(][^（）()]{0,12}(?:草案|讨论稿|审议稿)[^（）()]{0,8}[）)]$|征求意见稿|送审稿|公开征求[^。\n]{0,30}意见|征求[^。\n]{0,40}意见的?(?:通知|公告|函|通告|启事)")
_PUT_OUT = re.compile(
    r"(?:现(?:就|将|向|面向|予以?)?|特此)[^。\n]{0,120}(?:征求意见稿|送审稿|征求)|(?:起草|形成|拟订|拟定|编制|修订|制定|研究)了[^。\n]{0,100}(?:征求意见稿|送审稿)|公开征求[^。\n]{0,30}意见"
)
_RETELLS = re.compile(r"(?:解读|答记者问|记者问|政策问答|起草说明|修订说明|编制说明|释义|图解|的说明|新闻发布会)$|一图读懂")
_DOCUMENT = re.compile("文件|规章|法规|法律|规定|办法|条例|细则|规则|通知|规范|标准|解释|批复|意见|目录")
_INNER = re.compile(r"《[^《》]{1,200}》|〈[^〈〉]{1,200}〉|<[^<>]{1,200}>")


def is_repealing_decision(title: str) -> bool:
    """Does a document with this title end the force of others: 关于废止…的决定, 关于宣布…失效的通知?

    >>> is_repealing_decision("国务院关于废止部分行政法规的决定"), is_repealing_decision("关于做好规章废止工作的通知")
    (True, False)
    """
    title = re.sub(r"\s", "", title)
    if title.startswith("《") and title.endswith("》"):
        title = title[1:-1]
    while (bare := _INNER.sub("", title)) != title:
        title = bare
    if any(word in title for word in lapsing_things()) and not _DOCUMENT.search(re.sub(rf"的?{_ENDING}$", "", title)):
        return False
    return bool(_ABOUT_REPEAL.search(title) or _LISTED.search(title)) and not _ASKED.search(title)


def reports_clear_out(title: str) -> bool:
    """Does a document with this title publish what a clear-out left and ended? Its lists say by their headings which is which.

    >>> reports_clear_out("关于公布规范性文件清理结果的通知"), reports_clear_out("关于报送规范性文件清理结果的通知")
    (True, False)
    """
    return _CLEAR_OUT.search(re.sub(r"\s", "", title)) is not None


def retells(text: str) -> bool:
    """Is a document a draft put out for comment, an interpretation or the like, which repeals nothing itself? Its first lines say so."""
    lines = [line.strip("《》 ") for line in text[:400].split("\n")]
    head = [line for line in lines[:3] if len(line) < 120]
    drafted = any(_DRAFT.search(line) for line in lines[:6] if len(line) < 120 and not line.endswith(("。", "；")))
    return drafted or bool(_PUT_OUT.search(text[:400])) or any(_RETELLS.search(line) for line in head)
