"""kg.text: files read in their encoding, page furniture found, clean text mapped back to the characters of the file."""

import os
from pathlib import Path

import pytest
from case_rows import rows
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.text import Source, clean_view, full_width, input_files, map_radicals, read_source, squeeze

TEXT = "国务院办公厅关于做好档案工作的通知\r\n国办发〔2020〕1号\n\n⽂件由⾏政机关保管。"
# What converters and scanners leave in a text, one piece at a time.
PIECES = [
    "第一条 ", "为了保护档案，", "根据《中华人民共和国档案法》", "（国发〔2018〕32号）", "制定本条例。", "\n", "\r\n", "\n\n", "　　", " ", "\t", "# ", "## ", "- ",
    "**", "| 1 | 2 |", "— 3 —", "⽂件", "<br>", "<!-- 页 -->", ",", "(", ")", ":", "GB/T 24001 ISO", "\u00a0", "\ufeff", "○", "甲", "《", "》", "附件1", "欢迎来电",
]


def source(text: str) -> Source:
    return Source("a.txt", text, "utf-8")


@pytest.mark.parametrize(("data", "encoding"), [
    (TEXT.encode(), "utf-8"), (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"), (TEXT.encode("gb18030"), "gb18030"), ("档".encode("gb18030"), "gb18030"),
], ids=["utf-8", "byte order mark", "gb18030", "one character"])
def test_encodings_give_the_text_and_its_own_line_ends(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    read = read_source(tmp_path / "a.txt", "in/a.txt")
    assert (read.path, read.encoding) == ("in/a.txt", encoding)
    assert read.text in (TEXT, "档")
    assert read.sha256 and read.sha256 != read_source(Path(__file__)).sha256


@pytest.mark.parametrize(("data", "words"), [
    (b"", "empty"), (b" \r\n\t\n", "empty"), ("\ufeff\n".encode(), "empty"), (bytes(range(256)) * 4, "binary"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
    ("通知".encode("utf-16"), "UTF-16"), ("通知".encode("utf-16-be"), "binary|UTF-16|neither"), (b"\xd6\xd0\xff\xff\xff" * 9, "neither"),
    (b"%PDF-1.4\n\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f", "binary"),
], ids=["no bytes", "white space", "a byte order mark", "every byte", "png", "utf-16 with mark", "utf-16 without mark", "no encoding", "control characters"])
def test_what_is_no_text_is_named_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(SourceError, match=f"^in/a.txt: .*(?:{words})") as caught:
        read_source(tmp_path / "a.txt", "in/a.txt")
    assert "\n" not in str(caught.value)


def test_missing_and_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="^in/none.txt: no such file"):
        read_source(tmp_path / "none.txt", "in/none.txt")
    with pytest.raises(SourceError, match="^in/folder: cannot be read"):
        read_source(tmp_path, "in/folder")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="a superuser may read every file")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(SourceError, match="^a: cannot be read .Permission denied"):
        read_source(tmp_path / "a.txt", "a")


def test_lines_are_counted_from_one_and_keep_their_place() -> None:
    s = source(TEXT)
    assert [s.line_of(TEXT.index(c)) for c in ("国务院", "\r", "国办发", "行") if c in TEXT] == [1, 1, 2]
    assert [s.text[start : start + 2] for start in s.line_starts] == ["国务", "国办", "\n⽂", "⽂件"]
    assert s.lines == ["国务院办公厅关于做好档案工作的通知", "国办发〔2020〕1号", "", "⽂件由⾏政机关保管。"]
    assert s.readable(3) == "文件由行政机关保管。"


@pytest.mark.parametrize("case", rows("furniture.jsonl"), ids=lambda c: c["why"])
def test_furniture(case: dict) -> None:
    assert sorted(i + 1 for i in source("\n".join(case["lines"])).furniture) == case["furniture"]


@pytest.mark.parametrize("case", rows("clean.csv"), ids=lambda c: c["text"])
def test_clean_view(case: dict[str, str]) -> None:
    s = source(case["text"])
    assert clean_view(s, 1, len(s.lines)).text == case["expected"], case["why"]


def test_rows_of_a_table_printed_one_cell_a_line_are_read_as_rows() -> None:
    cells = ["甲局决定废止下列文件：", "序号", "文件名称", "文号", "1", "关于采石管理的通知", "甲发〔1999〕1号", "2", "关于能源统计", "工作的通知", "甲发〔2002〕7号", "3", "关于节能的通知", "甲发〔2003〕9号", "", "甲局"]
    s = source("\n".join(cells))
    assert clean_view(s, 1, len(s.lines)).text == ("甲局决定废止下列文件：\n序号|文件名称|文号\n1|关于采石管理的通知|甲发〔1999〕1号\n2|关于能源统计工作的通知|甲发〔2002〕7号\n"
                                                  "3|关于节能的通知|甲发〔2003〕9号\n甲局")
    joint = source("\n".join(["序号", "名称", "日期、文号", *"1|甲办法|2001年2月3日|甲发〔2001〕1号|2|乙办法|2002年2月3日|甲发〔2002〕1号|3|丙办法|2003年2月3日|甲发〔2003〕1号|甲局".split("|")]))
    assert clean_view(joint, 1, len(joint.lines)).text.endswith("3|丙办法|2003年2月3日|甲发〔2003〕1号\n甲局")  # the last row is as long as the others
    wrapped = source("\n".join("序号|名称|文号|1|关于印发《养老机构服务质量|建设标准》的通知|甲发〔2001〕1号|2|甲厅 乙厅关于开展|婚姻登记工作的通知|甲发〔2002〕1号|3|丙办法|甲发〔2003〕1号".split("|")))
    assert clean_view(wrapped, 1, len(wrapped.lines)).text.split("\n")[1:3] == ["1|关于印发《养老机构服务质量建设标准》的通知|甲发〔2001〕1号", "2|甲厅乙厅关于开展婚姻登记工作的通知|甲发〔2002〕1号"]
    steps = source("\n".join(["序号", "步骤", "2", "先报名", "3", "后考试"]))  # not counted from one
    assert not steps.stacked


def test_furniture_in_the_middle_of_a_sentence_is_read_over() -> None:
    words = ["甲市", "乙市", "丙市"]
    page = ["{}的单位负责人应当在一小时之内报告县级以上人民政府安全生产监督管", "", "— {} —", "", "政策汇编之三", "", "理部门，不得迟报。", ""]
    s = source("\n".join(line.format(word) if line[0:1] == "{" else line.format(n) for n, word in enumerate(words, 1) for line in page))
    view = clean_view(s, 1, len(s.lines))
    assert view.text == "\n".join(f"{w}的单位负责人应当在一小时之内报告县级以上人民政府安全生产监督管理部门，不得迟报。" for w in words)
    start, end = view.to_source(view.text.index("监督管理"), view.text.index("监督管理") + 4)
    assert s.text[start:end] == "监督管\n\n— 1 —\n\n政策汇编之三\n\n理"


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@example("《甲\r\n　　乙》\n")
def test_every_clean_character_maps_to_its_own_in_the_source(text: str) -> None:
    s = source(text)
    view = clean_view(s, 1, len(s.lines))
    last = -1
    for i, c in enumerate(view.text):
        start, end = view.to_source(i, i + 1)
        assert end == start + 1 and start >= last
        if c != "\n":  # a line end stands for all that lies between two paragraphs
            assert start > last
            printed = s.text[start:end]
            assert c in (printed, map_radicals(printed), full_width(f"甲{printed}甲")[1]) or c in " |" and printed.isspace() or c in "01〔〕" and printed in "OoQlI[［【（(]］】）)〔〕"
        last = start


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.data())
def test_a_stretch_of_clean_text_lies_in_its_lines(text: str, data: st.DataObject) -> None:
    s = source(text)
    first = data.draw(st.integers(1, len(s.lines)))
    last = data.draw(st.integers(first, len(s.lines)))
    view = clean_view(s, first, last)
    for i, c in enumerate(view.text):
        assert c == "\n" or first <= s.line_of(view.to_source(i, i + 1)[0]) <= last


@pytest.mark.parametrize(("text", "expected"), [
    ("公平竞争\n审查制度", "公平竞争审查制度"), ("公平竞争 审查　制度", "公平竞争审查制度"), ("**公平**竞争", "公平竞争"), ("ISO  9001\n要求", "ISO 9001要求"),
    ("⽂件", "文件"), ("甲办法(试行)", "甲办法（试行）"), ("", ""), ("　", ""),
])
def test_squeeze(text: str, expected: str) -> None:
    assert squeeze(text) == expected


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_squeezing_twice_is_squeezing_once(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


def test_full_width_changes_no_length_and_no_mark_between_digits() -> None:
    assert full_width("甲,乙(1,200:a)、丙(二):b(c)d") == "甲，乙（1,200:a）、丙（二）：b(c)d"


def test_input_files_are_named_relative_and_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("in/b.txt", "in/a.md", "in/deep/er/c.TXT", "in/.hidden/d.txt", "in/note.pdf", "in/.e.txt", "direct.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "none").mkdir()
    monkeypatch.chdir(tmp_path)
    found, failures = input_files([Path("in"), Path("direct.log"), Path("gone"), Path("none"), Path("in/b.txt")])
    assert [name for _, name in found] == ["direct.log", "in/a.md", "in/b.txt", "in/deep/er/c.TXT"]
    assert all(path.read_text() == name for path, name in found)
    assert [line.split(":")[0] for line in failures] == ["gone", "none"]
    assert input_files([Path("in/b.txt"), Path("in"), Path("direct.log"), Path("in")])[0] == found


def test_an_absolute_path_is_named_from_its_last_step(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("甲")
    assert [name for _, name in input_files([tmp_path / "in"])[0]] == ["in/a.txt"]
    assert [name for _, name in input_files([tmp_path / "in" / "a.txt"])[0]] == ["a.txt"]


def test_two_inputs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("x/in", "y/in"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(folder)
    found, failures = input_files([tmp_path / "x/in", tmp_path / "y/in"])
    assert [name for _, name in found] == ["in/a.txt"]
    assert len(failures) == 1 and "y/in/a.txt" in failures[0] and "relative path" in failures[0]
