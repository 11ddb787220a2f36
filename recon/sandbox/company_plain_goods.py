"""Articles of a plain company; products, work types and travel expense types of Severa."""

from __future__ import annotations

from recon.sandbox.company_cases import Pair
from recon.sandbox.company_goods import Good, Kind, art_types, article, document, reference_rows
from recon.sandbox.company_guids import Document, Guids, Row
from recon.sandbox.company_plain_states import State, States, held, in_global, in_severa

KINDS: tuple[tuple[Kind, int, str, str], ...] = (
    ("products", 2, "stk", "Vare"),
    ("travelexpensetypes", 3, "stk", "Utlegg"),
    ("worktypes", 4, "time", "Arbeid"),
)
FIRST = {"products": 100_000, "travelexpensetypes": 300_000, "worktypes": 400_000}
SEVERA_FIRST = 500_000
ROWS = {
    "Hours": "worktypes",
    "ProjectFees": "products",
    "TravelExpenses": "travelexpensetypes",
    "FlatRate": "worktypes",
}
MATERIALS = ("stål", "tre", "glass", "kobber", "lin", "betong", "skifer", "ull", "messing", "papir")


class PlainGoods:
    """So many products, and one travel expense type and one work type for every hundred."""

    def __init__(self, guids: Guids, count: int, states: States) -> None:
        self.guids = guids
        small = max(1, count // 100) if count else 0
        counts = {"products": count, "travelexpensetypes": small, "worktypes": small}
        self.goods = [
            (_good(at, states[at % len(states)], kind), states[at % len(states)])
            for kind in KINDS
            for at in range(counts[kind[0]])
        ]

    def rows(self) -> dict[str, list[Row]]:
        """Articles, their types, posting templates, VAT rates and units."""
        rng = self.guids.dice("plain goods rows")
        articles = [
            {**article(good, rng), "SeveraGUID": held(state, self._guid(good))}
            for good, state in self.goods
            if in_global(state)
        ]
        return {**reference_rows(rng), "ArtType": art_types(rng), "Article": articles}

    def documents(self) -> dict[str, list[Document]]:
        """Products, work types and travel expense types."""
        rng = self.guids.dice("plain goods documents")
        found: dict[str, list[Document]] = {kind: [] for kind, *_ in KINDS}
        for good, state in self.goods:
            if in_severa(state):
                found[good.kind].append({"guid": self._guid(good), **document(good, rng)})
        return found

    def pairs(self) -> list[Pair]:
        """Articles that both systems have."""
        return [
            Pair("product", good.number, self._guid(good), state)
            for good, state in self.goods
            if in_global(state) and in_severa(state)
        ]

    def of_rows(self) -> dict[str, str]:
        """The articles of invoice rows whose code leads to none, by the kind of the row."""
        first = {kind: str(number) for kind, number in FIRST.items()} if self.goods else {}
        return {row: first[kind] for row, kind in ROWS.items() if kind in first}

    def _guid(self, good: Good) -> str:
        return self.guids.new(f"{good.kind}/{good.number}")


def _good(at: int, state: State, described: tuple[Kind, int, str, str]) -> Good:
    kind, type_no, unit, word = described
    moved = 0 if in_global(state) else SEVERA_FIRST
    number = str(FIRST[kind] + at + moved)
    name = f"{word} i {MATERIALS[at % len(MATERIALS)]} {number}"
    price, cost = 100.0 + at % 9_000 + 0.5, 60.0 + at % 5_000 + 0.25
    vat = 12.0 if kind == "travelexpensetypes" else 25.0
    return Good(number, name, type_no, unit, price, cost, kind, number, name, vat=vat)
