"""Names of bodies, their lifetimes and their history."""

import csv
from pathlib import Path

import pytest

from kg.agencies import agencies, agency_by_name, changes, full_name, names, organ_forms, organs, owner
from kg.agency_labels import labels

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "agency_names.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['printed']}-{c['jurisdiction']}-{c['on']}")
def test_full_name_of_a_printed_name(case):
    found = full_name(case["printed"], jurisdiction=case["jurisdiction"] or None, on=case["on"] or None)
    assert found == (case["full"] or None), case["why"]


@pytest.mark.parametrize("case", [c for c in CASES if c["full"]], ids=lambda c: c["printed"])
def test_full_name_of_a_full_name_is_itself(case):
    assert full_name(case["full"], on=case["on"] or None) == case["full"]


@pytest.mark.parametrize(("full", "alias"), [
    ("国家发展和改革委员会", "国家发展改革委"),
    ("中国共产党中央委员会", "党中央"),
    ("中国共产党中央委员会", "中共中央"),
    ("国家发展和改革委员会办公厅", "国家发展改革委办公厅"),
    ("河南省发展和改革委员会", "河南省发改委"),
    ("中国共产党河南省委员会", "中共河南省委"),
    ("河南省人民政府国有资产监督管理委员会", "河南省政府国资委"),
    ("中国银行保险监督管理委员会河南监管局", "河南银保监局"),
    ("中国人民银行郑州中心支行", "人行郑州中心支行"),
    ("国家税务总局漯河市税务局", "漯河市税务局"),
    ("工业和信息化部中小企业局", "工信部中小企业局"),
    ("广西壮族自治区科学技术厅", "广西科技厅"),
    ("北京市丰台区人民政府办公室", "丰台区人民政府办公室"),
    ("济源产城融合示范区管理委员会", "济源示范区管委会"),
    ("许昌高新区管理委员会", "许昌高新区管委会"),
    ("天津市工业和信息化委员会节能与综合利用处", "天津市工业和信息化委节能与综合利用处"),
])
def test_labels_hold_the_alias_and_begin_with_the_name(full, alias):
    assert labels(full)[0] == full
    assert alias in labels(full)


@pytest.mark.parametrize(("full", "other"), [
    ("国家能源局", "能源局"),  # a province has one too
    ("国务院国有资产监督管理委员会", "国资委"),
    ("河南省财政厅", "财政厅"),
    ("国家市场监督管理总局", "国家市场监督管理总管委会"),
])
def test_labels_hold_no_name_that_means_others_too(full, other):
    assert other not in labels(full)


@pytest.mark.parametrize(("name", "body"), [
    ("工业和信息化部中小企业局", "工业和信息化部"),
    ("国家能源局综合司", "国家能源局"),
    ("科学技术部党组", "科学技术部"),
    ("科学技术部火炬高技术产业开发中心", "科学技术部"),
    ("河南省工业和信息化厅财务处", "河南省工业和信息化厅"),
    ("财政部", None),
    ("河南省财政厅", None),
    ("国务院办公厅", None),
])
def test_owner_of_a_department(name, body):
    assert owner(name) == body


@pytest.mark.parametrize(("name", "day", "alive"), [
    ("中国银行保险监督管理委员会", "2018-03-16", False),
    ("中国银行保险监督管理委员会", "2020-01-01", True),
    ("中国银行保险监督管理委员会", "2023-06-01", False),
    ("国家药品监督管理局", "2000-01-01", True),
    ("国家药品监督管理局", "2010-01-01", False),
    ("国家药品监督管理局", "2020-01-01", True),
    ("教育部", "1990-01-01", False),
    ("财政部", "1955-01-01", True),
    ("国家数据局", "2023-03-09", False),
])
def test_agency_stands_in_its_lifetime_only(name, day, alive):
    assert any(a.valid_on(day) for a in names()[name] if a.name == name) is alive


def test_agency_by_name_takes_the_bearer_of_the_day():
    assert agency_by_name("林业局", on="2010-05-01").name == "国家林业局"
    assert agency_by_name("国家药监局", on="2000-05-01").valid_to == "2003-03-10"
    assert agency_by_name("国家药监局").valid_to is None
    assert agency_by_name("河南省财政厅") is None


def line(start: str) -> list[str]:
    """The chain of successors from a body to the one in being, at each step the renaming or merger."""
    chain = [start]
    while step := [c for c in changes() if c.former == chain[-1] and c.kind in ("renamed", "merged") and c.successor not in chain]:
        chain.append(max(step, key=lambda c: c.date).successor)
    return chain


@pytest.mark.parametrize(("start", "through", "end"), [
    ("国家环境保护局", ("国家环境保护总局", "环境保护部"), "生态环境部"),
    ("中国银行业监督管理委员会", ("中国银行保险监督管理委员会",), "国家金融监督管理总局"),
    ("中国保险监督管理委员会", ("中国银行保险监督管理委员会",), "国家金融监督管理总局"),
    ("国家技术监督局", ("国家质量技术监督局", "国家质量监督检验检疫总局"), "国家市场监督管理总局"),
    ("国家工商行政管理局", ("国家工商行政管理总局",), "国家市场监督管理总局"),
    ("国家食品药品监督管理局", ("国家食品药品监督管理总局",), "国家市场监督管理总局"),
    ("卫生部", ("国家卫生和计划生育委员会",), "国家卫生健康委员会"),
    ("国家计划委员会", ("国家发展计划委员会",), "国家发展和改革委员会"),
    ("建设部", (), "住房和城乡建设部"),
    ("邮电部", ("信息产业部",), "工业和信息化部"),
    ("国家旅游局", (), "文化和旅游部"),
    ("国土资源部", (), "自然资源部"),
    ("国家煤矿安全监察局", (), "国家矿山安全监察局"),
])
def test_changes_lead_from_former_bodies_to_those_in_being(start, through, end):
    chain = line(start)
    assert chain[-1] == end or end in chain
    assert all(t in chain for t in through)


def test_changes_agree_with_lifetimes():
    """Who is renamed or merged has an end near that day; whom a renaming makes has a beginning near it."""
    wrong = []
    for c in changes():
        former = [a for a in names()[c.former] if a.name == c.former]
        year = c.date[:4]
        if c.kind == "renamed" and not any(a.valid_to and a.valid_to[:4] == year for a in former):
            wrong.append(c)
        if c.kind == "renamed" and c.successor:
            successor = [a for a in names()[c.successor] if a.name == c.successor]
            if not any(a.valid_from[:4] <= year for a in successor):
                wrong.append(c)
        if c.successor and not any(a.valid_to is None or a.valid_to[:4] >= year for a in names()[c.successor] if a.name == c.successor):
            wrong.append(c)
    assert wrong == []


def test_every_former_ministry_has_a_successor():
    """A body that ended is the beginning of a change, but for bodies that ended without one."""
    known = {c.former for c in changes()}
    last = {}
    for a in agencies():
        if a.kind == "state" and a.parent == "国务院":
            last[a.name] = max(last.get(a.name, ""), a.valid_to or "9999")
    ended = {n for n, d in last.items() if d != "9999" and d >= "1982" and not n.startswith(("国务院", "全国"))}
    assert ended - known <= {"国家科技教育领导小组", "国家信息化领导小组", "国务院口岸领导小组"}


def test_lifetimes_of_one_name_do_not_overlap():
    spans = {}
    for a in agencies():
        spans.setdefault(a.name, []).append((a.valid_from, a.valid_to or "9999"))
    assert [n for n, s in spans.items() if any(x[1] > y[0] for x, y in zip(sorted(s), sorted(s)[1:], strict=False))] == []


def test_tables_are_as_large_as_their_purpose_needs():
    assert len(agencies()) >= 350
    assert len(changes()) >= 200


def test_every_local_form_leads_to_one_organ():
    assert set(organ_forms().values()) == {o for o in organs() if o.short_names or "{" not in o.name}
