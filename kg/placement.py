"""Places a network's boxes and leads its edges round them: a network goes in, positions and bends come out, in the picture's pixels."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

CELL = (226, 112)  # a box with its margin: what two neighbours must keep apart
Point = tuple[float, float]
Bend = tuple[str, float] | None  # vis' names of curves, and how round; None is a straight line
_BENDS: tuple[Bend, ...] = (None, *((side, r) for r in (0.12, 0.24, 0.36, 0.5) for side in ("curvedCW", "curvedCCW")))


def positions(graph: "networkx.MultiDiGraph", centre: str, order: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Where each node goes: rings round the centre, neighbours of one relation side by side, no two boxes overlapping.

    `order` lists the relations as they shall follow each other round the centre.
    """
    import networkx

    plain = networkx.Graph()
    plain.add_nodes_from(graph.nodes)
    plain.add_edges_from((a, b) for a, b, _ in graph.edges)
    rings: list[list[str]] = [[centre]]
    angle: dict[str, float] = {centre: 0.0}
    for hop in (1, 2):
        members = [n for n, d in graph.nodes(data=True) if d["hop"] == hop]
        members.sort(key=(lambda n: _first_key(graph, centre, n, order)) if hop == 1 else (lambda n: (_mean_angle(plain, n, angle), n)))
        while members:
            size = min(len(members), _capacity(len(rings)))
            ring, members = members[:size], members[size:]
            if members and len(members) < size // 3:  # no last ring with a few strays
                ring, members = ring + members, []
            rings.append(ring)
            angle.update({n: 2 * math.pi * i / len(ring) for i, n in enumerate(ring)})
    around = networkx.shell_layout(plain, nlist=rings, rotate=math.pi / 7)
    reach = max(1, len(rings) - 1)
    start = {n: (float(x) * reach * 1.6, float(y) * reach) for n, (x, y) in around.items()}
    if len(plain) > 2:
        start = {n: (float(x), float(y)) for n, (x, y) in networkx.spring_layout(
            plain, pos=start, fixed=[centre], k=1.15, iterations=25, seed=7, weight=None).items()}
    return _spread(start, centre)


def bends(edges: Sequence[tuple[str, str]], place: dict[str, tuple[int, int]]) -> list[Bend]:
    """For each edge the flattest curve that crosses the fewest boxes: a line that runs under a box would seem to start there.

    Edges between the same two boxes get different curves.
    """
    taken: dict[frozenset[str], set[tuple[bool, Bend]]] = {}
    chosen: list[Bend] = []
    for a, b in edges:
        used = taken.setdefault(frozenset((a, b)), set())
        free = [bend for bend in _BENDS if (a < b, bend) not in used] or [_BENDS[-1]]
        others = [spot for name, spot in place.items() if name not in (a, b)]
        best = min(free, key=lambda bend: (_boxes_crossed(curve(place[a], place[b], bend), others), _BENDS.index(bend)))
        chosen.append(best)
        # Seen from the other end, a curve to the left is the one to the right.
        mirrored = None if best is None else ({"curvedCW": "curvedCCW", "curvedCCW": "curvedCW"}[best[0]], best[1])
        used |= {(a < b, best), (a > b, mirrored)}
    return chosen


def curve(a: Point, b: Point, bend: Bend, *, steps: int = 24) -> list[Point]:
    """Points along an edge as vis draws it: a quadratic Bézier curve whose third point depends on the kind of bend."""
    if bend is None:
        via = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    else:
        side, roundness = bend
        dx, dy = b[0] - a[0], a[1] - b[1]
        reach = (0.5 * roundness + 0.5) * math.hypot(dx, dy)
        angle = math.atan2(dy, dx) + (0.5 * (roundness if side == "curvedCW" else -roundness) + 0.5) * math.pi
        via = (a[0] + reach * math.sin(angle), a[1] + reach * math.cos(angle))
    points = []
    for i in range(steps + 1):
        t = i / steps
        points.append(tuple((1 - t) ** 2 * a[k] + 2 * t * (1 - t) * via[k] + t * t * b[k] for k in (0, 1)))
    return points  # type: ignore[return-value]


def _boxes_crossed(points: list[Point], boxes: Sequence[Point]) -> int:
    half_x, half_y = CELL[0] / 2 - 8, CELL[1] / 2 - 4
    low_x, high_x = min(p[0] for p in points) - half_x, max(p[0] for p in points) + half_x
    low_y, high_y = min(p[1] for p in points) - half_y, max(p[1] for p in points) + half_y
    near = (box for box in boxes if low_x < box[0] < high_x and low_y < box[1] < high_y)
    return sum(any(abs(x - box[0]) < half_x and abs(y - box[1]) < half_y for x, y in points) for box in near)


def _capacity(ring: int) -> int:
    """How many boxes fit on a ring: its ellipse's circumference by the boxes' mean extent."""
    return 8 * ring + (2 if ring == 1 else 4)


def _first_key(graph: "networkx.MultiDiGraph", centre: str, node: str, order: Sequence[str]) -> tuple[int, int, str]:
    """Round the centre: what it points at together, by relation; then what points at it."""
    for side, (a, b) in enumerate(((centre, node), (node, centre))):
        relations = [d["relation"] for d in (graph.get_edge_data(a, b) or {}).values()]
        if relations:
            return side, min(order.index(r) for r in relations), node
    return 2, 0, node


def _mean_angle(plain: "networkx.Graph", node: str, angle: dict[str, float]) -> float:
    around = [angle[n] for n in sorted(plain.neighbors(node)) if n in angle]
    return math.atan2(sum(map(math.sin, around)), sum(map(math.cos, around))) % (2 * math.pi) if around else 0.0


def _spread(place: dict[str, tuple[float, float]], centre: str) -> dict[str, tuple[int, int]]:
    """Shrinks the layout until boxes begin to touch, then pushes them apart until none overlaps; the centre stays at 0, 0."""
    cx, cy = place[centre]
    names = sorted(place, key=lambda n: (n != centre, n))
    unit = [((place[n][0] - cx), (place[n][1] - cy)) for n in names]
    gaps = sorted(max(abs(unit[i][0] - unit[j][0]) / CELL[0], abs(unit[i][1] - unit[j][1]) / CELL[1])
                  for i in range(len(unit)) for j in range(i))
    scale = 1 / max(gaps[min(len(gaps) - 1, len(names) * len(names) // 60)], 1e-6) if gaps else 1.0
    spots = [[x * scale, y * scale] for x, y in unit]
    for _ in range(400):
        if not _push_apart(spots):
            break
    return {n: (round(x), round(y)) for n, (x, y) in zip(names, spots, strict=True)}


def _push_apart(spots: list[list[float]]) -> bool:
    """One pass over all pairs, moving overlapping ones along the shorter way; whether anything moved. The first stays."""
    moved = False
    for i, a in enumerate(spots):
        for j in range(i + 1, len(spots)):
            b = spots[j]
            over = (CELL[0] - abs(b[0] - a[0]), CELL[1] - abs(b[1] - a[1]))
            if over[0] <= 0.5 or over[1] <= 0.5:
                continue
            moved = True
            axis = 0 if over[0] / CELL[0] < over[1] / CELL[1] else 1
            gap = b[axis] - a[axis]
            push = over[axis] if gap > 0 or (gap == 0 and j % 2) else -over[axis]
            share = 1.0 if i == 0 else 0.5
            b[axis] += push * share
            a[axis] -= push * (1 - share)
    return moved
