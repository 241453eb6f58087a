"""The one module that spells prefixes and IRIs: plain strings, so that writing triples loads no RDF library.

A term is written as in the ontology, `PKG.citedDocument`, `DCTERMS.title`; one that is not listed here is an `AttributeError`, and a test
holds the list for `PKG` against `ontology/policy.ttl` in both directions.
"""

from kg.model import EffectLevel, Relation


class Namespace(str):
    """A namespace IRI that knows its terms: `PKG` is the IRI itself, `PKG.Law` is the IRI of a term."""

    terms: tuple[str, ...]

    def __new__(cls, iri: str, terms: str) -> "Namespace":
        self = super().__new__(cls, iri)
        self.terms = tuple(terms.split())
        for term in self.terms:
            setattr(self, term, f"{iri}{term}")  # shadows str methods such as title, which nobody calls on a namespace
        return self

    def __getattr__(self, term: str) -> str:
        raise AttributeError(f"{self!s} has no term {term!r}; declare it in ontology/ and list it in kg/graph/namespaces.py")


DEFAULT_BASE = "https://w3id.org/policy-kg/id/"  # resources are named below it; an option of the build

PKG = Namespace(
    "https://w3id.org/policy-kg/ontology#",
    """
    PolicyDocument Law AdministrativeRegulation DepartmentalRule LocalRegulation LocalGovernmentRule JudicialInterpretation PartyDocument
    NormativeDocument Standard Treaty Interpretation
    Agency Region Compilation Passage Reference Statement Warning Correction
    cites basedOn implements amends interprets forwards respondsTo callsForRevisionOf supersedes repeals replaces
    documentNumber issuer recipient documentType jurisdiction adoptedDate effectiveDate effectiveDateBasis expiryDate edition
    mentionsAgency mentionsRegion printedIn inCorpus alias
    sourceFile startLine endLine startOffset endOffset section
    citingDocument citedDocument relation provision scope quote sentence trigger inPassage confidence resolvedBy candidate
    validFrom validUntil
    states code message about action value reason
    """,
)
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type subject predicate object")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#", "boolean date decimal gYear gYearMonth integer string")
DCTERMS = Namespace("http://purl.org/dc/terms/", "title alternative issued source isPartOf isReplacedBy date creator")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#", "prefLabel altLabel notation broader")
ORG = Namespace("http://www.w3.org/ns/org#", "ChangeEvent originalOrganization resultingOrganization subOrganizationOf")
PROV = Namespace("http://www.w3.org/ns/prov#", "wasDerivedFrom")

PREFIXES: dict[str, str] = {
    "dcterms": str(DCTERMS), "org": str(ORG), "pkg": str(PKG), "prov": str(PROV), "rdf": str(RDF), "rdfs": str(RDFS), "skos": str(SKOS),
    "xsd": str(XSD),
}
SPARQL_PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

RELATION_IRI: dict[Relation, str] = {
    "cites": PKG.cites,
    "based_on": PKG.basedOn,
    "implements": PKG.implements,
    "amends": PKG.amends,
    "interprets": PKG.interprets,
    "forwards": PKG.forwards,
    "responds_to": PKG.respondsTo,
    "calls_for_revision": PKG.callsForRevisionOf,
    "supersedes": PKG.supersedes,
    "repeals": PKG.repeals,
    "replaces": PKG.replaces,
}
RELATION_OF_IRI: dict[str, Relation] = {iri: relation for relation, iri in RELATION_IRI.items()}

# The edges that hold as well when a relation holds, nearest first: the store keeps them all, so that no query needs a reasoner.
SUPER: dict[Relation, tuple[Relation, ...]] = {
    relation: ("supersedes", "cites") if relation in ("repeals", "replaces") else () if relation == "cites" else ("cites",)
    for relation in RELATION_IRI
}

CLASS_IRI: dict[EffectLevel, str] = {
    level: f"{PKG}{level}"
    for level in (
        "Law", "AdministrativeRegulation", "DepartmentalRule", "LocalRegulation", "LocalGovernmentRule", "JudicialInterpretation",
        "PartyDocument", "NormativeDocument", "Standard", "Treaty", "Interpretation",
    )
}


def shortened(iri: str) -> str:
    """The IRI with its prefix, `pkg:Law`, or in angle brackets where no prefix fits."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and iri[len(base):].isalnum():
            return f"{prefix}:{iri[len(base):]}"
    return f"<{iri}>"
