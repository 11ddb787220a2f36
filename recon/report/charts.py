"""A chart's data as a picture: SVG that needs no network and no script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from recon.report.clean import legal
from recon.report.shapes import Chart, ChartKind
from recon.report.words import STANDINGS

if TYPE_CHECKING:
    import altair as alt

INK = "currentColor"
FONT = "Segoe UI, Helvetica, Arial, sans-serif"
WIDTH = 760
STATE_COLOURS: Mapping[str, str] = {
    "unchanged": "#4C9F70",
    "linked": "#7FC29B",
    "created": "#2F6DB5",
    "updated": "#7DAEE0",
    "initial difference": "#F2CF63",
    "drift": "#E3A72F",
    "conflict": "#C9731A",
    "held": "#9B7FC4",
    "waiting": "#C3B1E1",
    "out of scope": "#A8ADB3",
    "refused": "#C8373A",
    "parked": "#8E1B1E",
    "unknown": "#E0787A",
    "vanished": "#6B6F76",
    "unreadable": "#45484D",
}
STANDING_INKS = ("#4C9F70", "#E3A72F", "#7DAEE0", "#2F6DB5", "#9B7FC4", "#A8ADB3", "#C8373A")
TREND_COLOURS: Mapping[str, str] = {
    "Linked": "#4C9F70",
    "Differing": "#E3A72F",
    "Held": "#9B7FC4",
    "Failures": "#C8373A",
}
MONEY_COLOUR = "#2F6DB5"
ROOM = 1.3
LEAST_SHARE = 0.004
Counted = tuple[str, str, int]
STANDING_COLOURS: Mapping[str, str] = dict(zip(STANDINGS, STANDING_INKS, strict=True))


def svg(chart: Chart) -> str:
    """The chart as one `<svg>` element, its ink in the colour of the text around; '' if empty."""
    if not chart.rows:
        return ""
    import vl_convert

    spec = altair_chart(chart).to_dict()
    return str(vl_convert.vegalite_to_svg(spec, vl_version=_version()))


def png(chart: Chart) -> bytes:
    """The chart as a picture on white, for viewers that show no SVG; b'' if empty."""
    drawn = svg(chart)
    if not drawn:
        return b""
    import vl_convert

    return bytes(vl_convert.svg_to_png(on_paper(drawn), scale=2))


def on_paper(drawn: str) -> str:
    """An SVG with dark ink on white, to be shown where no text stands around it."""
    dark = drawn.replace(INK, "#1F2933")
    head, rest = dark.split(">", 1)
    return f'{head}><rect width="100%" height="100%" fill="#FFFFFF"/>{rest}'


def _version() -> str:
    import altair as alt

    return alt.SCHEMA_VERSION.lstrip("v").rsplit(".", 1)[0]


def altair_chart(chart: Chart) -> Any:
    """The Altair chart, for those who want to go on from it; `chart.rows` must not be empty."""
    draw = _DRAW[chart.kind](chart)
    # Texts are measured with another font than they may be shown in: room for what is wider.
    room = {"left": 45, "right": 25, "top": 5, "bottom": 5}
    styled = draw.configure(background="transparent", font=FONT, padding=room)
    styled = styled.configure_view(strokeOpacity=0)
    inks = dict.fromkeys(("labelColor", "titleColor", "tickColor", "domainColor", "gridColor"), INK)
    styled = styled.configure_axis(gridOpacity=0.15, labelLimit=260, labelFontSize=13, **inks)
    return styled.configure_legend(
        labelColor=INK,
        titleColor=INK,
        orient="bottom",
        columns=4,
        columnPadding=30,
        labelFontSize=13,
    )


def _bars(chart: Chart, colours: Mapping[str, str]) -> Any:
    """A bar per group, split by series: shares that can be compared whatever the group's size, and
    the counts as numbers, which a print without colours still tells apart."""
    import altair as alt

    pieces = [piece for rows in _groups(chart) for piece in _pieces(rows, colours)]
    scale = _scale(colours, (series for _, series, _ in chart.rows))
    base = alt.Chart({"values": pieces}, width=WIDTH, height=alt.Step(32)).encode(
        y=alt.Y("group:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False))
    )
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    bars = base.mark_bar(size=22).encode(
        x=alt.X("start:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1])),
        x2="end:Q",
        color=alt.Color("series:N", title=None, scale=scale),
    )
    numbers = base.mark_text(fontSize=12).encode(
        x="middle:Q", text="said:N", color=alt.Color("ink:N", scale=None)
    )
    return bars + numbers


def _groups(chart: Chart) -> Iterable[list[Counted]]:
    found: dict[str, list[Counted]] = {}
    for row in chart.rows:
        found.setdefault(row[0], []).append(row)
    return found.values()


def _pieces(rows: Sequence[Counted], colours: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """Where each piece of one bar begins and ends; the smallest are drawn just visible."""
    total = sum(count for _, _, count in rows)
    shares = [max(count / total, LEAST_SHARE) for _, _, count in rows]
    end = 0.0
    for (group, series, count), share in zip(rows, shares, strict=True):
        start, end = end, end + share / sum(shares)
        said = f"{count:,}".replace(",", " ")
        yield {
            "group": f"{legal(group)} ({total:,})".replace(",", " "),
            "series": series,
            "start": start,
            "end": end,
            "middle": (start + end) / 2,
            "said": said if (end - start) * WIDTH > 8 * len(said) + 4 else "",
            "ink": _ink(colours[series]),
        }


def _ink(colour: str) -> str:
    """Dark or white, whichever is read more easily on a colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#1F2933" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#FFFFFF"


def _scale(colours: Mapping[str, str], seen: Iterable[str]) -> alt.Scale:
    import altair as alt

    used = set(seen)
    kept = {name: colour for name, colour in colours.items() if name in used}
    return alt.Scale(domain=list(kept), range=list(kept.values()))


def _outcomes(chart: Chart) -> Any:
    return _bars(chart, STATE_COLOURS)


def _standing(chart: Chart) -> Any:
    return _bars(chart, STANDING_COLOURS)


def _trend(chart: Chart) -> Any:
    """A small picture per series, each on its own scale, one above the other over the same runs."""
    import altair as alt

    names = list(dict.fromkeys(series for _, series, _ in chart.rows))
    last = names[-1]
    parts = [_line(chart, name, TREND_COLOURS[name], name == last) for name in names]
    return alt.vconcat(*parts, spacing=14)


def _line(chart: Chart, name: str, colour: str, with_runs: object) -> Any:
    import altair as alt

    rows = [{"run": legal(run), "count": n} for run, one, n in chart.rows if one == name]
    runs = alt.Axis(labelAngle=-30, labelOverlap=True) if with_runs else None
    most = max(count for _, one, count in chart.rows if one == name)
    counts = alt.Axis(format=",d", values=[0, most], minExtent=44)
    title = alt.Title(name, anchor="start", frame="group", fontSize=13, color=INK, offset=6)
    return (
        alt.Chart({"values": rows}, width=WIDTH, height=60, title=title)
        .mark_line(point={"color": colour, "size": 36}, strokeWidth=2, color=colour)
        .encode(
            x=alt.X("run:N", title=None, sort=None, axis=runs),
            y=alt.Y("count:Q", title=None, axis=counts, scale=alt.Scale(domain=[0, most or 1])),
        )
    )


def _money(chart: Chart) -> Any:
    """A bar per stage with its amount behind it: one colour, for the length alone tells."""
    import altair as alt

    rows = [{"stage": legal(group), "said": said, "n": count} for group, said, count in chart.rows]
    longest = max(0, *(count for _, _, count in chart.rows))
    scale = alt.Scale(domain=[min(0, *(n for _, _, n in chart.rows)), (longest or 1) * ROOM])
    base = alt.Chart({"values": rows}, width=WIDTH, height=alt.Step(40)).encode(
        y=alt.Y("stage:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("n:Q", title=None, axis=None, scale=scale),
    )
    bars = base.mark_bar(size=24, color=MONEY_COLOUR)
    numbers = base.mark_text(align="left", dx=6, fontSize=13, color=INK).encode(text="said:N")
    return bars + numbers


_DRAW: Mapping[ChartKind, Callable[[Chart], Any]] = {
    "outcomes": _outcomes,
    "standing": _standing,
    "trend": _trend,
    "money": _money,
}
