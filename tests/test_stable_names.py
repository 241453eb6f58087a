"""A document's name once exported still names it, itself or as an alias, when more files are added."""

from pathlib import Path

import pyoxigraph
import pytest

from kg.build import build
from kg.graph.namespaces import PKG
from kg.graph.store import open_graph

NOTICE = "{title}\n\n{number}\n\n各省辖市人民政府：\n\n{body}\n\n河南省人民政府\n{day}\n"
CITING = NOTICE.format(title="河南省人民政府关于加强节能工作的通知", number="豫政〔2019〕8号", day="2019年3月1日",
                       body="为落实《节约能源法》，按照《节能监察办法》和《河南省节约能源条例》要求，现通知如下。")
MORE = {
    "its-full-name.txt": NOTICE.format(title="河南省人民政府关于节能降碳的通知", number="豫政〔2019〕5号", day="2019年2月1日",
                                       body="为落实《中华人民共和国节约能源法》，现通知如下。"),
    "its-number.txt": "节能监察办法\n\n（2016年1月15日 国家发展和改革委员会令第33号公布）\n\n第一条 为了规范节能监察，制定本办法。\n\n第二条 本办法自2016年3月1日起施行。\n",
    "two-editions-1.txt": "河南省节约能源条例\n\n（2006年3月31日河南省第十届人民代表大会常务委员会第二十三次会议通过）\n\n第一条 为了节约能源，制定本条例。\n",
    "two-editions-2.txt": "河南省节约能源条例\n\n（2024年9月28日河南省第十四届人民代表大会常务委员会第十二次会议通过）\n\n第一条 为了节约能源，制定本条例。\n",
}


def names(store: pyoxigraph.Store) -> tuple[dict[str, set[str]], dict[str, list[str]]]:
    """Where each document is printed, by its IRI; and which documents each alias leads to."""
    documents: dict[str, set[str]] = {q.subject.value: set() for q in store.quads_for_pattern(None, pyoxigraph.NamedNode(PKG.inCorpus), None)}
    for q in store.quads_for_pattern(None, pyoxigraph.NamedNode(PKG.printedIn), None):
        documents[q.subject.value].add(q.object.value)
    aliases: dict[str, list[str]] = {}
    for q in store.quads_for_pattern(None, pyoxigraph.NamedNode(PKG.alias), None):
        aliases.setdefault(q.object.value, []).append(q.subject.value)
    return documents, aliases


def broken(before: pyoxigraph.Store, after: pyoxigraph.Store) -> list[str]:
    """Names of the earlier graph that name nothing, several documents or another document in the later one."""
    then, _ = names(before)
    now, aliases = names(after)
    found = [f"{iri}: alias of {len(owners)}" for iri, owners in aliases.items() if len(owners) > 1 or iri in now]
    for iri, printed in then.items():
        owner = iri if iri in now else next(iter(aliases.get(iri, ())), None)
        if owner is None:
            found.append(f"{iri}: names nothing")
        elif printed and not printed & now[owner]:
            found.append(f"{iri}: names another document")
    return sorted(found)


@pytest.mark.parametrize("added", [[name] for name in MORE] + [list(MORE)], ids=lambda added: "+".join(added))
def test_names_hold_when_files_are_added(added: list[str], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "m.txt").write_text(CITING, encoding="utf-8")
    build([tmp_path / "in"], tmp_path / "before", jobs=1)
    for name in added:
        (tmp_path / "in" / name).write_text(MORE[name], encoding="utf-8")
    build([tmp_path / "in"], tmp_path / "after", jobs=1)
    before = open_graph(tmp_path / "before")
    assert any(iri.endswith("/节能监察办法") for iri in names(before)[0])
    assert broken(before, open_graph(tmp_path / "after")) == []


def test_the_comparison_sees_a_lost_name(tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text(CITING, encoding="utf-8")
    build([tmp_path / "m.txt"], tmp_path / "before", jobs=1)
    (tmp_path / "m.txt").write_text(CITING.replace("《节能监察办法》", "《节能监测办法》"), encoding="utf-8")
    build([tmp_path / "m.txt"], tmp_path / "after", jobs=1)
    (lost,) = broken(open_graph(tmp_path / "before"), open_graph(tmp_path / "after"))
    assert lost.endswith("/节能监察办法: names nothing")


@pytest.mark.slow
def test_names_hold_as_the_corpus_grows(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shared)  # files keep their names, whether a folder or a part of it is built
    seeds, statutes = sorted(Path("corpus/seeds").iterdir()), sorted(Path("corpus/laws/行政法规").iterdir())
    stores = []
    for n, paths in enumerate([seeds[:1], seeds, [*seeds, *statutes[::6]], [*seeds, *statutes[::3]]]):
        build(paths, tmp_path / str(n))
        stores.append(open_graph(tmp_path / str(n)))
    for before, after in zip(stores, stores[1:], strict=False):
        assert broken(before, after) == []
