"""What kind of line is this? The shape of an official document (GB/T 9704: 版头, 主体, 版记), told from single lines.

Every predicate takes one stripped line with markup removed (`bare`) and answers for that line alone.
"""

import re
import unicodedata

from kg.text import squeeze

_YEAR = r"(?:\d{4}|[〇○零一二三四五六七八九Ｏ０O0]{4})"
_DAY = r"(?:\d{1,2}|[〇○零一二三四五六七八九十廿]{1,3})"
DATE = rf"(?:{_YEAR}\s?年\s?{_DAY}\s?月\s?{_DAY}\s?日|(?:19|20)\d{{2}}[-./]\d{{1,2}}[-./]\d{{1,2}})"
_BRACKETED_YEAR = r"[〔\[（(【［﹝<〈]\s?(?:19|20)\d{2}\s?[〕\])）】］﹞>〉]"
# 国办发〔2021〕24号 alone on its line, with the wrappings scans leave: brackets of any kind, 文号 before it.
_NUMBER_LINE = re.compile(
    rf"(?:文\s?号\s?[:：]\s?)?[（(]?[一-鿿\w、·—-]{{1,24}}(?:[（(][一-鿿]{{1,6}}[）)][一-鿿]{{0,6}})?\s?{_BRACKETED_YEAR}\s?第?\s?\d{{1,5}}\s?号[）)]?"
    r"|[（(]?(?:19|20)\d{2}\s?年\s?第\s?\d{1,4}\s?号[）)]?"
    r"|第\s?[\d〇○零一二三四五六七八九十百]{1,6}\s?号(?:令|公告)?"
    rf"|{_BRACKETED_YEAR}\s?第?\s?\d{{1,4}}\s?号|[【（(]第\s?\d{{1,4}}\s?号[】）)]"
    r"|[（(]?(?:[一-鿿、]|[（(][一-鿿]{1,20}[）)]){0,40}(?:令|公告)\s?[（(]?(?:(?:19|20)\d{2}\s?年)?\s?第?\s?[\d〇○零一二三四五六七八九十百]{1,6}\s?号[）)]?"
    r"|[一-鿿]{0,30}(?:19|20)\d{2}\s?年\s?第\s?\d{1,4}\s?号\s?(?:令|公告)"
    rf"|[（(][一-鿿\w]{{1,24}}\s?{_BRACKETED_YEAR}\s?第?\s?\d{{1,5}}\s?号[，,\s]{{0,3}}{DATE}[）)]"
    r"|[〔（(][一二三四五六七八九十]{1,3}届[〕）)]\s?第?\s?[\d〇○零一二三四五六七八九十百]{1,6}\s?号"
    r"|[A-Z]{2,8}\s?[-—–]\s?\d{4}\s?[-—–]\s?\d{3,8}"
)
_BESIDE_NUMBER = re.compile(rf"(?<=号)[\s　|]*(?:{DATE}|类别\s?[:：].{{1,6}}|签发人\s?[:：].{{1,12}}|[（(]总第\s?\d{{1,4}}\s?号[）)]|[A-Z]{{4,6}}\d{{0,2}}[-—–]\d{{4}}[-—–]\d{{3,8}})?(?:[\s　|]*[【\[]?字体\s?[:：].{{1,16}})?$")  # printed on the same line, at its other end
_MASTHEAD = re.compile(r"[一-鿿（）\s]{2,40}(?:文\s?件|令|公\s?告|通\s?告|任免通知|会议公告|会议纪要)|[一-鿿]{3,28}(?:部|局|厅|委|会|府|办公厅|办公室)函")
_NOT_RECIPIENT = re.compile(r"^(?:问|答|附|注|第[一二三四五六七八九十]|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])|如下|下列|以下|联系|电话|邮箱|传真|网址|链接|要求|条件[:：]|^(?!各|.{0,4}各)[^，]{0,6}单位[:：]$|[:：].*[:：]")
_RECIPIENT = re.compile(r"各[省市县区地有直部中委司派国下人单相]|(?:人民政府|委员会|厅|局|部|院|委|公司|办公室|中心|协会|银行|集团|分行|分局|大学|学会|党委|党组|代表|委员|检察院|法院|部门|军区|兵团)[）)]?[:：]$")
_SENTENCE = re.compile("[。！？；]")
_TITLE_WORD = (
    "通知|通报|通告|公告|公报|答复|理解与适用|意见|决定|决议|命令|令|批复|复函|函|报告|请示|纪要|议案|办法|规定|条例|细则|规则|规程|规范|准则|章程|制度|方案|规划|计划|纲要|要点|"
    "指南|指引|目录|清单|名录|标准|措施|政策|若干措施|答记者问|解读|说明|释义|解答|解释|安排|建议|倡议书?|大纲|导则|预案|要求|法|方法|名单|公示|声明|复函|体系|白皮书|行动|工作"
)
_BRACKET_TAIL = r"(?:\s?[（(〔\[][^（）()]{1,24}[）)〕\]]){0,3}"
TITLE_END = re.compile(rf"(?:{_TITLE_WORD})[》〉”\"]?{_BRACKET_TAIL}$")
_OFFICIAL_TITLE = re.compile(
    rf"关于.{{2,200}}的?(?:通知|通报|通告|公告|意见|决定|决议|批复|复函|函|报告|请示|办法|规定|方案|措施|指导意见|公示|说明|解释|答复|纪要){_BRACKET_TAIL}$"
    rf"|^[^，。；：]{{0,40}}对.{{4,60}}(?:建议|提案)的(?:答复|复函)$"
    rf"|^[^，。；：]{{2,60}}(?:条例|办法|规定|细则|方案|规划|纲要|指南|规则){_BRACKET_TAIL}$"
)
_SIGN_TAIL = re.compile(rf"{DATE}(?:\s?(?:签发|发布|印发|公布))?$")
# What an order promulgates: 《…条例》已经…通过，现予公布; 现公布《…的决定》.
ORDERED = re.compile(r"(?:现(?:予以?|将)?(?:公布|发布)|兹公布)?《([^《》]{4,200})》(?:已经|已于|已由|经|业经|由|业已|于)|(?:现(?:予以?|将)?(?:公布|发布)|兹公布)(?:新?修[订正]后?的)?《([^《》]{4,200})》")
_IMPRINT = re.compile(rf"{DATE}\s?印发$|^抄送[:：]|^（?此件|^\(此件|^（?本文有删减|^主题词|^（?联系人")


def bare(line: str) -> str:
    """The line without Markdown marks, table pipes at its edges, bullets and outer space; wraps' spaces between Chinese taken out."""
    line = re.sub(r"^[\s　]*(?:#{1,6}(?=\s|$)|>|[-*+](?=\s))?[\s　]*", "", line)
    return squeeze(re.sub(r"^\|\s*|\s*\|$", "", line))


def is_rule(text: str) -> bool:
    """A line drawn across the page: ————————."""
    return _RULE.fullmatch(text) is not None


_RULE = re.compile("[—―─━═=~_-]{6,}")


def key(text: str) -> str:
    """What print variants of a title share: letters, digits and Chinese characters only, one width, lower case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def heading_level(line: str) -> int:
    """Number of Markdown # before a line, 0 for none."""
    m = re.match(r"\s*(#{1,6})(?:\s|$)", line)
    return len(m[1]) if m else 0


def is_number_line(line: str) -> bool:
    """国办发〔2021〕24号, 第746号, SDPR-2018-0040006 alone on a line."""
    return len(line) <= 60 and bool(_NUMBER_LINE.fullmatch(_BESIDE_NUMBER.sub("", line)))


def is_masthead(line: str) -> bool:
    """漯河市人民政府文件, 中华人民共和国国务院令."""
    return 4 <= len(line) <= 44 and "关于" not in line and bool(_MASTHEAD.fullmatch(line))


def is_recipients(line: str) -> bool:
    """各省、自治区、直辖市人民政府，国务院各部委、各直属机构："""
    return (
        len(line) <= 900 and line[-1:] in ":：" and not _SENTENCE.search(line) and not _NOT_RECIPIENT.search(line) and bool(_RECIPIENT.search(line))
    )


def is_date_line(line: str) -> bool:
    """2021年12月13日 alone, or in brackets."""
    return bool(re.fullmatch(rf"[（(]?{DATE}[）)]?(?:\s?(?:签发|发布|公布))?", line))


def ends_signature(line: str) -> bool:
    """A date alone, or names and a date: 工业和信息化部 2024年7月31日."""
    return len(line) <= 120 and bool(_SIGN_TAIL.search(line)) and not _SENTENCE.search(line) and not re.search("[，,]|年度|自.*起|至.*年", line)


def is_imprint(line: str) -> bool:
    """版记 and notes below the signature: 抄送, …印发, （此件公开发布）."""
    return bool(_IMPRINT.search(line))


def is_paragraph(line: str) -> bool:
    """Running text, as against a heading, a name or a list mark."""
    return len(line) > 60 or bool(_SENTENCE.search(line))


def is_title_like(line: str) -> bool:
    """Could be a title: of a title's length, no sentence, ends in a 文种 or another title word."""
    return 5 <= len(line) <= 160 and not re.search("[。；！]|[:：]$", line) and bool(TITLE_END.search(line))


def is_official_title(line: str) -> bool:
    """关于…的通知, …管理办法: the drafting forms of official titles, not of section headings."""
    if not 6 <= len(line) <= 160 or re.search("[。；！？]", line) or re.match(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第.{1,4}[条章节]", line):
        return False
    return bool(_OFFICIAL_TITLE.search(line))


_RETELLING = re.compile(r"(?:关于)?《[^《》]{4,120}》(?:的)?(?:政策)?(?:解读|理解与适用|说明|答记者问|问答)$|答记者问$|^(?:【解读】|专家解读|政策解读|一图读懂)")

_POINTS_ELSEWHERE = re.compile("(?:相关|政策|文件|原文|图文)?(?:解读|链接|附件|阅读|下载){1,2}[:：]")


def is_retelling_title(line: str) -> bool:
    """《X》解读, …就《X》答记者问, 专家解读之一…: the title of a text about another document."""
    return len(line) <= 140 and not _SENTENCE.search(line) and not _POINTS_ELSEWHERE.match(line) and bool(_RETELLING.search(line))


_HEADLINE = re.compile(
    r"[一-鿿、\s]{2,40}?(?:部|委|局|办|院|厅|会|府|署|总局|法|检|央|部门|机构|市|省|区)(?:等[一二三四五六七八九十]{1,2}(?:部门|部委|单位|机构))?(?:最新)?(?:联合)?"
    r"(?:印发|发布|公布|出台|下发|明确|部署|组织|公开|开展|启动|征集|批复|通知|召开|推出)(?!.*的(?:通知|公告|决定|函|意见)$)"
)


def is_headline(line: str) -> bool:
    """工信部等三部门明确…, 工信部、国家标准委联合印发《…》: a newspaper's sentence about a document, not its title."""
    return "关于" not in line.split("《")[0] and bool(_HEADLINE.match(line))


_FIELD_NAMES = (
    "名称|标题|文件名称|文号|统一编号|(?:规范性文件)?(?:登记|备案)号|规范性文件编号|发文字号|文件编号|发布机关|发文机关|发布机构|发文机构|发文单位|制定机关|公布机关|成文日期|生成日期|发文日期|公布日期|发布日期|施行日期|实施日期|生效日期|"
    "发布时间|发文时间|成文时间|印发日期|信息名称|信息索引|法规类型|内容类别|效力|失效日期|索引号|索引号码|分类|主题分类|主题信息|主题词|有效性|有效期|时效性|效力级别|来源|公开方式|公开范围|体裁分类|组配分类|服务对象"
)
_FIELD = re.compile(rf"(?:[\[【]({_FIELD_NAMES})[\]】]\s?[:：]?|({_FIELD_NAMES})\s?[:：])\s?(.*)")
_MARKED_FIELD = re.compile(rf"【({_FIELD_NAMES})】\s?[:：]?([^【】]*)")


def field(line: str) -> tuple[str, str] | None:
    """发文字号：国办发〔2021〕24号 as government sites print it above a text: the field's name and value."""
    m = _FIELD.fullmatch(line)
    return (m[1] or m[2], m[3].strip()) if m else None


def fields(line: str) -> list[tuple[str, str]]:
    """The fields of a line, which may hold several: 【文号】公告〔2024〕62号 【发文机关】海关总署, or 文号：…|成文日期：…."""
    if "|" in line:
        return [named for part in line.split("|") if (named := field(part.strip()))]
    marked = [(m[1], m[2].strip()) for m in _MARKED_FIELD.finditer(line)] if line.startswith("【") else []
    one = field(line)
    return marked if len(marked) > 1 else [one] if one else []


def is_annex_mark(line: str) -> bool:
    """附件, 附件1, 附：, 附表2 as a line of its own or opening one."""
    return bool(re.match(r"附\s?(?:件|表|录|图|[:：])\s?[\d一二三四五六七八九十]{0,3}", line)) and not _SENTENCE.search(line)
