"""A document while its evidence is gathered, and the names it gets: stable as the corpus grows, the same on every machine."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from kg.agencies import full_name
from kg.extract.document_number import number_key, parse_number
from kg.model import PassageRecord
from kg.resolve.title_key import issued_text

ORDER = re.compile(r"([一-鿿]{2,60}?)(令|公告)(?:((?:19|20)\d{2})年)?第(\d+)号")


@dataclass(eq=False)
class Node:
    """A document while its evidence is gathered."""

    title: str | None
    numbers: list[str] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)  # every form, how often
    passages: list[PassageRecord] = field(default_factory=list)
    date: str | None = None  # adoption or issue, as printed by itself or by who cites it
    dates: set[str] = field(default_factory=set)
    cited_numbers: set[str] = field(default_factory=set)
    unclear: bool = False  # stands for citations that fit several documents of its title
    name: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def in_corpus(self) -> bool:
        return bool(self.passages)

    def call(self, title: str | None) -> None:
        if title:
            self.titles[title] = self.titles.get(title, 0) + 1


@lru_cache(maxsize=100_000)
def number_identity(number: str) -> str | None:
    """One spelling of a number: an order's issuer by its full name, its year left to the date (国家发展改革委令2016年第44号 = …委员会令第44号).

    None for a number that names no body (2018年第26号公告): it tells a document only together with its title.
    """
    parsed = parse_number(number)
    if parsed is None:
        return number  # of a standard
    if not parsed.issuer_code:
        return None
    key = number_key(number)
    m = ORDER.fullmatch(key)
    return f"{full_name(m[1]) or m[1]}{m[2]}第{m[4]}号" if m else key


def name_documents(nodes: list[Node]) -> None:
    """Names that do not depend on what else is in the corpus: the number, else the title with its date; a clash adds what tells apart.

    A document answers as well to every name it would have had in a smaller corpus: each number and form of its title it is cited by, bare and dated.
    """
    taken: dict[str, Node] = {}

    def rank(node: Node) -> tuple[bool, bool, str, str, str]:
        first = node.passages[0] if node.passages else None
        return (not node.in_corpus, not node.unclear, node.title or "", node.date or "", f"{first.file}:{first.start_line:09}" if first else "")

    for node in sorted(nodes, key=rank):
        choices = [n.replace("中华人民共和国", "") for n in node.numbers if number_identity(n)][:1]
        title = plain(node.title or next(iter((*node.numbers, *node.cited_numbers)), "无题"))
        choices += [title, f"{title}(未定)"] if node.unclear else [f"{title}({node.date})"] if node.date else [title, f"{title}(旧)"]
        if not node.in_corpus and not node.numbers:
            choices.append(title)
        n = 2
        name = next((c for c in choices if c not in taken), None)
        while name is None:
            candidate = f"{choices[0]}-{n}"
            name = candidate if candidate not in taken else None
            n += 1
        node.name = name
        taken[name] = node
    _name_besides(nodes, taken)


def _name_besides(nodes: list[Node], taken: dict[str, Node]) -> None:
    """Other names, each to one document: that of the title itself before those cited by it, the printed, then the youngest."""
    wanted: dict[str, tuple[tuple[bool, bool, str, str], Node]] = {}
    editions: dict[str, list[Node]] = defaultdict(list)
    for node in sorted((n for n in nodes if not n.unclear), key=lambda n: (n.date or "", n.name)):
        editions[plain(node.title or "")].append(node)
    for node in nodes:
        own = plain(node.title or "")
        forms = [own, *(plain(t) for t in node.titles), plain(issued_text(node.title or "") or "")]
        dates = {d for d in (node.date, *node.dates) if d}
        numbers = {n.replace("中华人民共和国", "") for n in (*node.numbers, *node.cited_numbers) if number_identity(n)}
        for form in dict.fromkeys(f for f in forms if f):
            claim = (form == own, node.in_corpus, node.date or "", node.name)
            former = [f"{form}(旧)"] if form == own and any(n.in_corpus for n in editions[own][1:]) and editions[own][0] is node else []
            for name in (form, *former, *(f"{form}({d})" for d in dates)):
                if name not in taken and (name not in wanted or wanted[name][0] < claim):
                    wanted[name] = (claim, node)
        for name in numbers - taken.keys():
            wanted.setdefault(name, ((True, node.in_corpus, node.date or "", node.name), node))
    owned: dict[int, list[str]] = defaultdict(list)
    for name, (_, node) in wanted.items():
        owned[id(node)].append(name)
    for node in nodes:
        node.aliases = tuple(sorted(owned.get(id(node), ())))


def plain(title: str) -> str:
    return re.sub(r"[\s《》〈〉<>\"{}|\\^`]", "", title)
