"""Turns shapes into SPARQL: the SHACL core of shapes.ttl in, one SELECT a shape out, for stores that a SHACL engine cannot hold.

A query's rows are what the shape refuses: `?focus`, and `?value` where one value is to blame. Only what shapes.ttl uses is understood;
any other constraint is a `GraphError`, never a check silently left out.
"""

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import GraphError
from kg.graph.namespaces import RDF, XSD

SH = "http://www.w3.org/ns/shacl#"
SHAPE = "https://w3id.org/policy-kg/shapes#"
_FIRST, _REST, _NIL = (f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("first", "rest", "nil"))
_DESCRIPTION = {SH + name for name in ("path", "severity", "message", "targetClass", "targetSubjectsOf", "targetObjectsOf")} | {RDF.type}

Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape: what it is called, how bad a failure is, what to do then, and the query that finds failures."""

    name: str  # document-without-title
    severity: str  # violation or warning
    message_zh: str
    message_en: str
    query: str


def read_shapes(path: Path) -> list[Shape]:
    """The shapes of a Turtle file, in the order of their names. Raises `GraphError` for one it cannot turn into a query."""
    nodes: dict[Term, dict[str, list[Term]]] = {}
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        nodes.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    reader = _Reader(nodes, path)
    names = (node for node in nodes if isinstance(node, ox.NamedNode) and node.value.startswith(SHAPE))
    return [reader.shape(node) for node in sorted(names, key=lambda node: node.value)]


class _Reader:
    def __init__(self, nodes: dict[Term, dict[str, list[Term]]], path: Path) -> None:
        self.nodes = nodes
        self.path = path

    def shape(self, node: ox.NamedNode) -> Shape:
        properties = self.nodes[node]
        name = node.value.removeprefix(SHAPE)
        messages = {m.language: m.value for m in properties.get(SH + "message", [])}
        target = self.target(node, name)
        path = self.predicates(properties[SH + "path"][0]) if SH + "path" in properties else []
        refused = []
        for constraint in sorted(set(properties) - _DESCRIPTION):
            for argument in properties[constraint]:
                refused += self.refused(constraint.removeprefix(SH), argument, path, target, name)
        query = f"SELECT DISTINCT ?focus ?value WHERE {{ {' UNION '.join(f'{{ {r} }}' for r in refused)} }}"
        severity = properties[SH + "severity"][0].value.removeprefix(SH).lower()
        return Shape(name, severity, messages.get("zh", name), messages.get("en", name), query)

    def target(self, node: ox.NamedNode, name: str) -> str:
        """A pattern that holds for ?focus where the shape applies."""
        properties = self.nodes[node]
        patterns = [f"?focus a {c}" for c in properties.get(SH + "targetClass", [])]
        patterns += [f"?focus {p} ?any" for p in properties.get(SH + "targetSubjectsOf", [])]
        patterns += [f"?any {p} ?focus" for p in properties.get(SH + "targetObjectsOf", [])]
        if not patterns:
            raise GraphError(f"{self.path}: shape:{name} has no target; give it sh:targetClass")
        return _union(patterns)

    def refused(self, constraint: str, argument: Term, path: list[str], target: str, name: str) -> list[str]:
        """Patterns that bind ?focus, and ?value where one is to blame, to what breaks the constraint.

        Bad values are looked for first, in a subquery, and their focus nodes joined with the target afterwards: bad ones are few, and a
        join for each good one takes four times as long.
        """
        values = _union([f"?focus {p} ?value" for p in path]) if path else f"{target} BIND(?focus AS ?value)"

        def bad(pattern: str) -> list[str]:
            return [f"{{ SELECT ?focus ?value WHERE {{ {pattern} }} }} {target}"]

        match constraint:
            case "minCount" | "hasValue":
                return [f"{target} MINUS {{ {self.required(constraint, argument, path, name)} }}"]
            case "maxCount" if argument.value == "1":
                # COUNT(DISTINCT) is slow, and one predicate cannot count a value twice
                counted = "*" if len(path) == 1 else "DISTINCT ?each"
                each = _union([f"?focus {p} ?each" for p in path])
                return [f"{{ SELECT ?focus WHERE {{ {each} }} GROUP BY ?focus HAVING (COUNT({counted}) > 1) }} {target}"]
            case "datatype":
                return bad(f"{values} FILTER(!COALESCE({_has_datatype(argument.value)}, false))")
            case "class":
                return bad(f"{values} MINUS {{ ?value a {argument} }}")
            case "in":
                return bad(f"{values} FILTER(!({' || '.join(f'sameTerm(?value, {term})' for term in self.items(argument))}))")
            case "pattern":
                return bad(f"{values} FILTER(!REGEX(STR(?value), {argument}))")
            case "minInclusive" | "maxInclusive":
                sign = ">=" if constraint == "minInclusive" else "<="
                return bad(f"{values} FILTER(!COALESCE(?value {sign} {argument}, false))")
            case "lessThan" | "lessThanOrEquals":
                sign = "<" if constraint == "lessThan" else "<="
                other = f"{{ SELECT ?focus ?other WHERE {{ ?focus {argument} ?other }} }}"  # two subqueries are joined by hashing
                return bad(f"{{ SELECT ?focus ?value WHERE {{ {values} }} }} {other} FILTER(!COALESCE(?value {sign} ?other, false))")
            case "disjoint":
                other = f"{{ SELECT ?focus ?value WHERE {{ ?focus {argument} ?value }} }}"
                return bad(f"{{ SELECT ?focus ?value WHERE {{ {values} }} }} {other}")
            case "equals" if str(argument) in path:  # its own values cannot be missing from the path
                return bad(f"{_union([f'?focus {p} ?value' for p in path if p != str(argument)])} MINUS {{ ?focus {argument} ?value }}")
            case "or":  # every alternative asks for something to be there
                required = []
                for alternative in self.items(argument):
                    properties = self.nodes[alternative]
                    inner = self.predicates(properties[SH + "path"][0])
                    for key in sorted(set(properties) - _DESCRIPTION):
                        required += [self.required(key.removeprefix(SH), properties[key][0], inner, name)]
                return [target + "".join(f" MINUS {{ {r} }}" for r in required)]
        raise self.unknown(name, constraint, argument)

    def required(self, constraint: str, argument: Term, path: list[str], name: str) -> str:
        """A pattern that holds for ?focus where what must be there is there."""
        if constraint == "hasValue":
            return _union([f"?focus {p} {argument}" for p in path])
        if constraint == "minCount" and argument.value == "1":
            return _union([f"?focus {p} ?some" for p in path])
        raise self.unknown(name, constraint, argument)

    def unknown(self, name: str, constraint: str, argument: Term) -> GraphError:
        said = f"shape:{name} uses sh:{constraint} {argument}"
        return GraphError(f"{self.path}: {said}, which is not turned into SPARQL; teach kg/graph/shapes.py")

    def predicates(self, node: Term) -> list[str]:
        """The path as alternatives: a UNION of predicates is read twice as fast as a path with |."""
        properties = self.nodes.get(node, {})
        if SH + "alternativePath" in properties:
            return [p for member in self.items(properties[SH + "alternativePath"][0]) for p in self.predicates(member)]
        return [self.sparql_path(node)]

    def sparql_path(self, node: Term) -> str:
        if isinstance(node, ox.NamedNode):
            return str(node)
        properties = self.nodes[node]
        if SH + "inversePath" in properties:
            return f"^{self.sparql_path(properties[SH + 'inversePath'][0])}"
        if _FIRST not in properties:
            kind = ", ".join(sorted(properties)) or node
            raise GraphError(f"{self.path}: a path with {kind} is not turned into SPARQL; teach kg/graph/shapes.py")
        return f"({'/'.join(self.sparql_path(p) for p in self.items(node))})"

    def items(self, node: Term) -> list[Term]:
        """The members of an RDF list."""
        found = []
        while not (isinstance(node, ox.NamedNode) and node.value == _NIL):
            found.append(self.nodes[node][_FIRST][0])
            node = self.nodes[node][_REST][0]
        return found


def _has_datatype(datatype: str) -> str:
    """SHACL asks for a well-formed value as well; casting fails for 2021-13-45, and the failure counts as no."""
    test = f"DATATYPE(?value) = <{datatype}>"
    return test if datatype == XSD.string else f"{test} && <{datatype}>(STR(?value)) = ?value"


def _union(patterns: list[str]) -> str:
    return patterns[0] + " ." if len(patterns) == 1 else " UNION ".join(f"{{ {p} }}" for p in patterns)
