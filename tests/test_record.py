"""kg.record: one file in, one record out: evidence that is the file's own characters whatever was done to it, in time linear in its length."""

import random
import re
import time
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import FileRecord
from kg.record import read_file, read_record
from kg.text import Source, read_source

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(p for p in (ROOT / "samples").iterdir() if p.suffix in (".txt", ".md"))
BULLETIN = read_source(ROOT / "samples" / "bulletin-2023-07.txt").text
LINE_END = re.compile(r"\r\n|\r|\n")
HALF_WIDTH = str.maketrans("，；：（）！？", ",;:()!?")
FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
RADICALS = str.maketrans("文行目立工人心", "⽂⾏⽬⽴⼯⼈⼼")
# A record's content, whatever its offsets: what damage that keeps every word must leave as it is.
LOSSLESS: dict[str, Callable[[str], str]] = {
    "crlf": lambda t: t.replace("\n", "\r\n"),
    "blank lines twice": lambda t: t.replace("\n\n", "\n\n\n"),
    "spaces at line ends": lambda t: t.replace("\n", "  \n"),
    "half-width punctuation": lambda t: t.translate(HALF_WIDTH),
    "square brackets round years": lambda t: re.sub(r"〔(\d{4})〕", r"[\1]", t),
    "indented paragraphs": lambda t: "\n".join(f"　　{line}" if re.match("[（第]", line) else line for line in t.split("\n")),
    "non-breaking spaces": lambda t: t.replace(" ", "\u00a0").replace("　", "\u00a0"),
    "a final line end less": lambda t: t.rstrip("\n"),
    "lone carriage returns": lambda t: t.replace("\n", "\r"),
    "blank lines dropped": lambda t: re.sub("(?<!\\d \u2014)\n\n(?!\u2014)", "\n", t),  # but those that set page numbers apart
    "full-width digits": lambda t: t.translate(FULL_WIDTH_DIGITS),
    "radicals of converters": lambda t: t.translate(RADICALS),
}


def source(text: str, name: str = "a.txt") -> Source:
    return Source(name, text, "utf-8")


def assert_evidence(record: FileRecord, text: str) -> int:
    """Every offset, line, quote and sentence of a record is what the text says there; how many references it has."""
    lines = LINE_END.split(text)
    starts = [0, *(m.end() for m in LINE_END.finditer(text))]
    end = count = 0
    for p in record.passages:
        assert end <= p.start < p.end <= len(text), "passages overlap or leave the text"
        assert 1 <= p.start_line <= p.end_line <= len(lines)
        assert (bisect_right(starts, p.start), bisect_right(starts, p.end - 1)) == (p.start_line, p.end_line)
        end = p.end
        for r in (*p.references, *p.amended_by):
            assert text[r.start : r.end] == r.quote and r.quote
            assert r.quote in r.sentence and r.sentence in text
            assert bisect_right(starts, r.start) == r.line
            assert p.start <= r.start < r.end <= p.end
            assert r.title or r.number
            if r.relation != "cites" and r.trigger and r in p.references:
                assert bare(r.trigger) in bare(r.sentence), "the words that decided stand in the sentence"
            count += 1
    for w in record.warnings:
        assert w.line is None or 1 <= w.line <= len(lines)
    return count


def bare(text: str) -> str:
    """Without the white space and marks that a wrap or a heading puts between characters."""
    return re.sub(r"[\s*#>]", "", text)


def content(record: FileRecord) -> list:
    """What a record says, without where and in which characters."""
    return [
        (p.title, p.numbers, p.issuers, p.recipients, p.issued, p.effective_date, p.expiry_date, p.document_type, p.effect_level, p.jurisdiction,
         sorted(p.agencies), sorted(p.regions), sorted((r.relation, r.number or "", r.title or "", r.scope) for r in p.references))
        for p in record.passages
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_evidence_of_the_samples(path: Path) -> None:
    assert assert_evidence(read_file(path), read_source(path).text) > 0


@pytest.mark.corpus
def test_evidence_of_the_compilations(shared: Path) -> None:
    counts = [assert_evidence(read_file(path), read_source(path).text) for path in sorted((shared / "corpus" / "seeds").iterdir())]
    assert min(counts) > 0 and sum(counts) > 300


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_reading_twice_gives_the_same_record(path: Path) -> None:
    assert read_file(path, "in/a.txt") == read_file(path, "in/a.txt")
    assert read_file(path, "in/a.txt").file == "in/a.txt"


@pytest.mark.parametrize("damage", LOSSLESS, ids=list(LOSSLESS))
@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_damage_that_keeps_every_word_changes_no_finding(path: Path, damage: str) -> None:
    text = read_source(path).text
    damaged = LOSSLESS[damage](text)
    record = read_record(source(damaged))
    assert_evidence(record, damaged)
    assert content(record) == content(read_record(source(text)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_changes_no_finding_and_no_offset(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(BULLETIN.encode(encoding))
    record = read_file(tmp_path / "a.txt", "a.txt")
    assert record.passages == read_record(source(BULLETIN)).passages


# Without shrinking: a failure prints the whole text, and a smaller one takes minutes to find.
@settings(deadline=None, max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.randoms(use_true_random=False), st.sets(st.sampled_from(sorted(LOSSLESS)), max_size=4), st.floats(0, 0.15))
def test_evidence_holds_under_random_damage(chance: random.Random, damages: set[str], share: float) -> None:
    text = BULLETIN
    for damage in sorted(damages):
        text = LOSSLESS[damage](text)
    fates: list[Callable[[str], str]] = [
        lambda s: "", lambda s: s + s, lambda s: s[: len(s) // 2], lambda s: s[: len(s) // 2] + "\n" + s[len(s) // 2 :], lambda s: "\n\n",
        lambda s: "## " + s, lambda s: s.replace("《", ""), lambda s: s.replace("》", ""), lambda s: s.replace("。", ""), lambda s: s.strip("\r\n"),
        lambda s: s.replace("第", "第 "), lambda s: "".join(chance.sample(s, len(s))),
    ]
    text = "".join(chance.choice(fates)(line) if chance.random() < share else line for line in text.splitlines(keepends=True))
    assert_evidence(read_record(source(text)), text)


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="《》〈〉（）〔〕[]国发令第号年月日一二三123条根据废止附件目录：。；，、\n\r #|-*　 \u3000\ufeff⽂", max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert_evidence(read_record(source(text)), text)


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="^in/none.txt: "):
        read_file(tmp_path / "none.txt", "in/none.txt")


def test_contents_and_body_that_disagree_are_warnings_with_their_line() -> None:
    record = read_record(source(BULLETIN))
    line = BULLETIN[: BULLETIN.index("国市监反垄规〔2021〕2号")].count("\n") + 1
    said = [w for w in record.warnings if "国市监反垄规〔2021〕12号" in w.message]
    assert [(w.code, w.file) for w in said] == [("contents_number_differs", "a.txt")]
    assert abs(said[0].line - line) <= 3


UNITS = ["《", "》", "、", "根据", "0", "第", "〔2021〕", "（", "一、", "甲", "国务院", "财政部、", "2021年1月1日", "\n", "# 甲\n", "|甲|乙|\n", "目录\n", "目录 1\n",
         "1. 关于甲的通知\n", "各省人民政府：\n"]
# Much to decide in little text: dear, but no dearer each the more there are of them.
DENSE_UNITS = ["附件1\n", "【甲】\n", "《甲办法》、", "以下简称《甲》", "本办法自2021年1月1日起施行", "《甲办法", "甲办法》", "国发〔2021〕1号",
               "2 0 0 3 年 3 ", "1\t甲办法\t国发〔1993〕12号\n", "1．关于粮油的通知\n", "“甲\n", "县财政局", "（一）《甲》\n将第六条"]
LONG = 200_000  # bytes of UTF-8


def seconds_of(text: str, times: int = 1) -> float:
    """Processor time of reading a text, the best of so many."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        read_record(source(text))
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_worst_inputs_are_read_in_two_seconds(unit: str) -> None:
    assert seconds_of(unit * (LONG // len(unit.encode()))) < 2


@pytest.mark.parametrize("unit", DENSE_UNITS, ids=repr)
def test_dense_inputs_are_read_in_time_linear_in_their_length(unit: str) -> None:
    assert seconds_of(unit * 3_000, 2) < 9 * seconds_of(unit * 500, 2) + 0.1  # six times the text


@pytest.mark.parametrize("joint", ["", "，"], ids=["no punctuation", "commas alone"])
def test_one_long_line_of_running_text_is_read_in_two_seconds(joint: str) -> None:
    text = joint.join(re.findall("[一-鿿]+", BULLETIN))
    assert seconds_of((text * (LONG // len(text) + 1))[: LONG // 3]) < 2


def documents(characters: int) -> str:
    """A compilation with contents, of about so many characters: notices, each with a body of the bulletin's sentences."""
    sentences = [s for s in re.findall("[^。\n]{20,}。", BULLETIN)]
    body = "\n".join(f"{n}、{s}" for n, s in zip("一二三四五六七八九十", sentences, strict=False))
    notices, length = [], 0
    while length < characters:
        n = len(notices) + 1
        title = f"国家发展改革委关于做好第{n}批节能审查工作的通知"
        notices.append((title, f"{title}\n发改环资〔2021〕{n}号\n各省、自治区、直辖市发展改革委：\n现将有关事项通知如下。\n{body}\n国家发展改革委\n2021年9月11日\n"))
        length += len(notices[-1][1]) + 40
    contents = "".join(f"{n}. {title}（发改环资〔2021〕{n}号）......{n}\n" for n, (title, _) in enumerate(notices, 1))
    return f"目录\n{contents}\n" + "".join(text for _, text in notices)


@pytest.mark.slow
def test_a_million_characters_take_no_longer_each_than_ten_thousand() -> None:
    read_record(source(documents(5_000)))  # what is made once a process is made here
    small, large = documents(10_000), documents(1_000_000)
    assert len(large) > 90 * len(small)
    assert len(read_record(source(small)).passages) == small.count("现将有关事项通知如下。")
    assert seconds_of(large, 1) / len(large) < 1.5 * seconds_of(small, 5) / len(small)


def said(body: str) -> list[tuple[str, str | None, str | None]]:
    """(relation, title, number) of every reference of a notice with that body."""
    text = f"某省水利厅关于做好河道工作的通知\n\n各市水利局：\n    {body}\n\n某省水利厅\n2020年5月1日\n"
    return [(r.relation, r.title, r.number) for p in read_record(source(text)).passages for r in p.references]


@pytest.mark.parametrize(("body", "expected"), [
    ("根据1997年5月1日国务院第218号令《国务院关于修改〈河道管理条例〉的决定》修正的《河道管理条例》同时废止。",
     [("cites", "国务院关于修改〈河道管理条例〉的决定", "国务院令第218号"), ("repeals", "河道管理条例", None)]),
    ("1988年6月10日国务院令第3号发布、根据2011年1月8日《国务院关于修改部分行政法规的决定》修订的《河道管理条例》同时废止。",
     [("cites", None, "国务院令第3号"), ("cites", "国务院关于修改部分行政法规的决定", None), ("repeals", "河道管理条例", "国务院令第3号")]),
    ("2001年国务院令第300号公布的《河道管理条例》同时废止。", [("repeals", "河道管理条例", "国务院令第300号")]),
], ids=["the decision's number", "the order's number", "a year before the order"])
def test_an_amending_decision_keeps_its_number(body: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert said(body) == expected


def test_an_item_without_marks_is_said_once_and_long_lists_stay_readable() -> None:
    items = "\n".join(f"    {n}.关于加强第{n}类水务管理的通知（水资源〔2009〕{n}号）" for n in range(1, 1200))
    text = f"某省水利厅关于做好清理工作的通知\n\n各市水利局：\n    决定废止以下文件：\n{items}\n\n某省水利厅\n2020年5月1日\n"
    found = [r for p in read_record(source(text)).passages for r in p.references]
    assert [(r.relation, r.number) for r in found] == [("repeals", f"水资源〔2009〕{n}号") for n in range(1, 1200)]
    assert max(len(r.sentence) for r in found) <= 1_200  # with the white space of the source


def test_a_draft_repeals_nothing_but_a_word_of_a_draft_makes_none() -> None:
    assert ("repeals", "湖南省水管理办法", None) in said("《湖南省水管理办法》同时废止。征求意见稿完成后报送我厅。")
    assert ("cites", "湖南省水管理办法", None) in said("现将新办法（征求意见稿）印发给你们，请提出意见。《湖南省水管理办法》同时废止。")


def test_what_changed_a_former_edition_does_not_change_the_revised_one() -> None:
    text = ("# 农药管理条例\n\n1997年5月8日 中华人民共和国国务院令第216号发布\n\n2001年11月29日 《国务院关于修改〈农药管理条例〉的决定》第一次修正\n\n"
            "2017年2月8日 国务院第164次常务会议修订通过\n\n2017年3月16日 中华人民共和国国务院令第677号公布\n\n"
            "2022年3月29日 《国务院关于修改和废止部分行政法规的决定》第二次修正\n\n第一条 为了加强管理，制定本条例。\n")
    (passage,) = read_record(source(text)).passages
    assert passage.numbers == ("国务院令第677号",) and passage.issued == "2017-03-16"
    assert [r.date for r in passage.amended_by] == ["2022-03-29"]
