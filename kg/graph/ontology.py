"""Where the ontology's files are, and the labels in them: an installed package or a checkout → paths, words for people."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from kg.errors import GraphError


@cache
def ontology_path() -> Path:
    """The folder with policy.ttl, shapes.ttl and queries/: inside the installed package, or beside `kg/` in a checkout."""
    package = Path(str(files("kg")))
    for folder in (package / "ontology", package.parent / "ontology"):
        if (folder / "policy.ttl").is_file():
            return folder
    raise GraphError(f"no ontology/policy.ttl in {package} or beside it; reinstall policy-kg")


@cache
def labels(language: str = "zh") -> dict[str, str]:
    """IRI → label in `language` (zh or en) of every term of policy.ttl and concept of schemes.ttl: `PKG.repeals` → 废止."""
    from pyoxigraph import Literal, RdfFormat, parse

    found: dict[str, str] = {}
    for name in ("policy.ttl", "schemes.ttl"):
        for quad in parse(path=ontology_path() / name, format=RdfFormat.TURTLE):
            if quad.predicate.value.endswith(("#label", "#prefLabel")) and isinstance(quad.object, Literal):
                if quad.object.language == language:
                    found[quad.subject.value] = quad.object.value
    return found
