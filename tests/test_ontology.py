"""The ontology says every term in two languages, once; code and files use the same terms; its examples pass and fail as their names say."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.graph import namespaces
from kg.graph.namespaces import CLASS_IRI, PKG, RELATION_IRI, RELATION_OF_IRI, SUPER, shortened
from kg.graph.ontology import labels, ontology_path
from kg.graph.shapes import SHAPE
from kg.model import EffectLevel, Relation

ONTOLOGY = ontology_path()
SCHEME = rdflib.Namespace("https://w3id.org/policy-kg/scheme#")
ELI = "http://data.europa.eu/eli/ontology#"
SCHEMA_ORG_NOT_IN_RDFLIB = {f"https://schema.org/legislation{name}" for name in ("Amends", "Repeals")}
EXAMPLES = sorted((ONTOLOGY / "examples").glob("*/*.ttl"))


@pytest.fixture(scope="module")
def policy() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "policy.ttl")


@pytest.fixture(scope="module")
def schemes() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "schemes.ttl")


@pytest.fixture(scope="module")
def alignments() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "alignments.ttl")


def declared(graph: rdflib.Graph) -> set[str]:
    kinds = (rdflib.OWL.Class, rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    return {str(s) for kind in kinds for s in graph.subjects(rdflib.RDF.type, kind) if str(s).startswith(PKG)}


def terms_in(path: Path) -> set[str]:
    """Every pkg: term written in a Turtle or SPARQL file, comments aside."""
    text = re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))
    return set(re.findall(r"\bpkg:([A-Za-z]+)", re.sub(r'"[^"\n]*"', "", text)))


def test_terms_in_code_are_declared_and_declared_terms_are_in_code(policy: rdflib.Graph) -> None:
    assert declared(policy) == {f"{PKG}{term}" for term in PKG.terms}


def test_declared_terms_are_used_by_the_program_a_shape_or_a_query() -> None:
    package = Path(namespaces.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py")) if path.name != "namespaces.py")
    used = set(re.findall(r"\bPKG\.([A-Za-z]+)", code)) | set(re.findall(r"\bpkg:([A-Za-z]+)", code))
    used |= {iri.removeprefix(PKG) for iri in (*CLASS_IRI.values(), *RELATION_IRI.values())}
    for path in (ONTOLOGY / "shapes.ttl", *(ONTOLOGY / "queries").glob("*.rq")):
        used |= terms_in(path)
    assert set(PKG.terms) - used == set()


@pytest.mark.parametrize("path", [*EXAMPLES, *sorted((ONTOLOGY / "queries").glob("*.rq")), *sorted(ONTOLOGY.glob("*.ttl"))],
                         ids=lambda path: path.stem)
def test_files_use_declared_terms_only(path: Path) -> None:
    assert terms_in(path) <= set(PKG.terms)


def test_every_subject_of_the_policy_file_is_a_declared_term(policy: rdflib.Graph) -> None:
    assert {str(s) for s in policy.subjects()} - {PKG.rstrip("#")} == declared(policy)


@pytest.mark.parametrize("term", PKG.terms)
def test_each_term_has_label_and_definition_in_both_languages_and_an_example(policy: rdflib.Graph, term: str) -> None:
    node = rdflib.URIRef(PKG + term)
    for property in (rdflib.RDFS.label, rdflib.SKOS.definition):
        assert sorted(value.language for value in policy.objects(node, property)) == ["en", "zh"], property
    assert policy.value(node, rdflib.SKOS.example) is not None
    for definition in policy.objects(node, rdflib.SKOS.definition):
        assert str(definition).endswith("。" if definition.language == "zh" else "."), "one sentence, with its full stop"
        assert str(definition).count("。" if definition.language == "zh" else ". ") == (1 if definition.language == "zh" else 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_terms_share_a_label(policy: rdflib.Graph, language: str) -> None:
    found = [str(label) for label in policy.objects(None, rdflib.RDFS.label) if label.language == language]
    assert sorted(found) == sorted(set(found))
    assert len(found) == len(PKG.terms)


def test_object_properties_lead_to_classes_and_datatype_properties_to_datatypes(policy: rdflib.Graph) -> None:
    classes = set(policy.subjects(rdflib.RDF.type, rdflib.OWL.Class))
    for property, range in policy.subject_objects(rdflib.RDFS.range):
        if (property, rdflib.RDF.type, rdflib.OWL.ObjectProperty) in policy:
            assert range in classes, property
        else:
            assert str(range).startswith(str(rdflib.XSD)), property
    assert set(policy.objects(None, rdflib.RDFS.domain)) <= classes


def test_relations_of_the_model_are_the_edges_of_the_ontology(policy: rdflib.Graph) -> None:
    edges = set(policy.transitive_subjects(rdflib.RDFS.subPropertyOf, rdflib.URIRef(PKG.cites)))
    assert {str(edge) for edge in edges} == set(RELATION_IRI.values())
    assert set(RELATION_IRI) == set(Relation.__args__) == set(SUPER)
    assert {RELATION_IRI[r]: r for r in RELATION_IRI} == RELATION_OF_IRI


@pytest.mark.parametrize("relation", sorted(RELATION_IRI))
def test_super_properties_in_code_are_those_of_the_ontology_nearest_first(policy: rdflib.Graph, relation: Relation) -> None:
    above = list(policy.transitive_objects(rdflib.URIRef(RELATION_IRI[relation]), rdflib.RDFS.subPropertyOf))[1:]
    assert [str(iri) for iri in above] == [RELATION_IRI[r] for r in SUPER[relation]]


@pytest.mark.parametrize("relation", sorted(RELATION_IRI))
def test_relation_names_are_those_of_the_ontology_letter_for_letter(relation: Relation) -> None:
    camel = re.sub(r"_([a-z])", lambda m: m[1].upper(), relation)
    assert RELATION_IRI[relation].removeprefix(PKG) in (camel, f"{camel}Of")  # calls_for_revision: the contract's names


def test_effect_levels_of_the_model_are_the_subclasses_of_document(policy: rdflib.Graph) -> None:
    subclasses = {str(c) for c in policy.subjects(rdflib.RDFS.subClassOf, rdflib.URIRef(PKG.PolicyDocument))}
    assert subclasses == set(CLASS_IRI.values())
    assert set(CLASS_IRI) == set(EffectLevel.__args__)


def test_an_undeclared_term_is_an_error_that_says_where_to_declare_it() -> None:
    with pytest.raises(AttributeError, match="'repealz'.*ontology/.*namespaces.py"):
        PKG.repealz  # noqa: B018


@pytest.mark.parametrize(("iri", "expected"), [
    (PKG.repeals, "pkg:repeals"),
    (namespaces.DCTERMS.title, "dcterms:title"),
    (f"{PKG}a/b", f"<{PKG}a/b>"),  # a slash ends a prefixed name
    (f"{namespaces.DEFAULT_BASE}agency/国务院", f"<{namespaces.DEFAULT_BASE}agency/国务院>"),
])
def test_shortened(iri: str, expected: str) -> None:
    assert shortened(iri) == expected


@pytest.mark.parametrize(("ours", "theirs"), [
    (namespaces.DCTERMS, rdflib.DCTERMS), (namespaces.SKOS, rdflib.SKOS), (namespaces.ORG, rdflib.ORG), (namespaces.PROV, rdflib.PROV),
    (namespaces.XSD, rdflib.XSD), (namespaces.RDF, rdflib.RDF), (namespaces.RDFS, rdflib.RDFS),
])
def test_borrowed_terms_exist_in_their_vocabulary(ours: namespaces.Namespace, theirs: type) -> None:
    for term in ours.terms:
        assert str(theirs[term]) == getattr(ours, term)
        assert rdflib.URIRef(getattr(ours, term)) in theirs


def test_labels_hold_terms_and_concepts() -> None:
    assert labels("zh")[PKG.repeals] == "废止"
    assert labels("en")[PKG.repeals] == "repeals"
    assert labels("zh")[str(SCHEME.inForce)] == "现行有效"
    assert set(labels("zh")) == set(labels("en"))


def test_schemes_hold_every_effect_level_and_relation(schemes: rdflib.Graph) -> None:
    assert {str(c) for c in schemes.objects(SCHEME.effectLevel, rdflib.SKOS.hasTopConcept)} == set(CLASS_IRI.values())
    top = schemes.value(SCHEME.relation, rdflib.SKOS.hasTopConcept)
    assert {str(c) for c in schemes.transitive_objects(top, rdflib.SKOS.narrower)} == set(RELATION_IRI.values())


def test_relation_scheme_agrees_with_the_sub_properties(schemes: rdflib.Graph, policy: rdflib.Graph) -> None:
    assert {(n, b) for b, n in schemes.subject_objects(rdflib.SKOS.narrower)} == set(policy.subject_objects(rdflib.RDFS.subPropertyOf))


def test_concepts_have_labels_in_both_languages_and_one_notation_each(schemes: rdflib.Graph) -> None:
    for scheme in (SCHEME.forceStatus, SCHEME.documentType):
        concepts = list(schemes.subjects(rdflib.SKOS.inScheme, scheme))
        notations = [str(schemes.value(c, rdflib.SKOS.notation)) for c in concepts]
        assert len(notations) == len(set(notations)) > 5
        for concept in concepts:
            assert sorted(label.language for label in schemes.objects(concept, rdflib.SKOS.prefLabel)) == ["en", "zh"]


def test_force_status_is_the_contract_list(schemes: rdflib.Graph) -> None:
    found = {str(schemes.value(c, rdflib.SKOS.notation)) for c in schemes.subjects(rdflib.SKOS.inScheme, SCHEME.forceStatus)}
    assert found == {"not_yet_in_force", "in_force", "partly_repealed", "amended", "repealed", "expired", "unknown"}


def test_alignments_start_from_declared_terms(alignments: rdflib.Graph, policy: rdflib.Graph, schemes: rdflib.Graph) -> None:
    known = declared(policy) | {str(s) for s in schemes.subjects(rdflib.RDF.type, rdflib.SKOS.Concept)}
    assert {str(s) for s in alignments.subjects()} <= known
    allowed = {rdflib.RDFS.subClassOf, rdflib.RDFS.subPropertyOf, rdflib.SKOS.closeMatch, rdflib.SKOS.broadMatch}
    assert set(alignments.predicates()) <= allowed


def test_alignment_targets_exist_in_their_vocabularies(alignments: rdflib.Graph) -> None:
    for vocabulary in (rdflib.DCTERMS, rdflib.SKOS, rdflib.ORG, rdflib.PROV, rdflib.OWL, rdflib.SDO):
        targets = [o for o in alignments.objects() if str(o).startswith(str(vocabulary))]
        assert targets or vocabulary is rdflib.OWL
        for target in targets:
            assert target in vocabulary or str(target) in SCHEMA_ORG_NOT_IN_RDFLIB, target


def test_alignment_targets_exist_in_eli_and_are_not_deprecated(alignments: rdflib.Graph, shared: Path) -> None:
    eli: dict[str, list[str]] = {}
    for quad in ox.parse(path=shared / "reference" / "eli.ttl", format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode):
            eli.setdefault(quad.subject.value, []).append(getattr(quad.object, "value", ""))
    targets = [str(o) for o in alignments.objects() if str(o).startswith(ELI)]
    assert len(targets) > 10
    for target in targets:
        assert target in eli, target
        assert not any("deprecated" in value for value in eli[target]), target


def test_aligned_classes_and_properties_are_not_mixed(alignments: rdflib.Graph, policy: rdflib.Graph) -> None:
    classes = set(policy.subjects(rdflib.RDF.type, rdflib.OWL.Class))
    assert set(alignments.subjects(rdflib.RDFS.subClassOf)) <= classes
    assert not set(alignments.subjects(rdflib.RDFS.subPropertyOf)) & classes


@pytest.mark.parametrize("path", [p for p in EXAMPLES if p.parent.name == "valid"], ids=lambda path: path.stem)
def test_examples_quote_their_sentence_at_their_offsets(path: Path) -> None:
    graph = rdflib.Graph().parse(path)
    pkg = rdflib.Namespace(PKG)
    for reference in graph.subjects(rdflib.RDF.type, pkg.Reference):
        quote, sentence = str(graph.value(reference, pkg.quote)), str(graph.value(reference, pkg.sentence))
        assert quote in sentence
        assert int(graph.value(reference, pkg.endOffset)) - int(graph.value(reference, pkg.startOffset)) == len(quote)
        trigger = graph.value(reference, pkg.trigger)
        assert trigger is None or str(trigger) in sentence


def test_shapes_have_a_message_in_both_languages_a_severity_and_no_sparql() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    sh = rdflib.SH
    names = {s for s in graph.subjects() if str(s).startswith(SHAPE)}
    assert len(names) > 50
    for shape in names:
        assert sorted(m.language for m in graph.objects(shape, sh.message)) == ["en", "zh"], shape
        assert graph.value(shape, sh.severity) in (sh.Violation, sh.Warning), shape
    assert not list(graph.triples((None, sh.sparql, None)))  # one made a check 25 times slower
