"""A chart's data as a picture: SVG that needs no network and no script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
    styled = draw.configure(background="transparent", font=FONT)
    styled = styled.configure_view(strokeOpacity=0)
    inks = dict.fromkeys(("labelColor", "titleColor", "tickColor", "domainColor", "gridColor"), INK)
    styled = styled.configure_axis(gridOpacity=0.15, labelLimit=260, labelFontSize=13, **inks)
    return styled.configure_legend(
        labelColor=INK, titleColor=INK, orient="bottom", columns=4, labelFontSize=13
    )


def _bars(chart: Chart, colours: Mapping[str, str]) -> Any:
    """Stacked bars: a bar per group, a piece per series, both in the order of the data."""
    import altair as alt

    order = list(colours)
    rows = [
        {"group": legal(group), "series": series, "count": count, "order": order.index(series)}
        for group, series, count in chart.rows
    ]
    scale = _scale(colours, (series for _, series, _ in chart.rows))
    return (
        alt.Chart({"values": rows}, width=WIDTH, height=alt.Step(30))
        .mark_bar(size=20)
        .encode(
            x=alt.X("count:Q", title="Records", axis=alt.Axis(format=",d", tickMinStep=1)),
            y=alt.Y("group:N", title=None, sort=None),
            color=alt.Color("series:N", title=None, scale=scale),
            order=alt.Order("order:Q"),
        )
    )


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
    """A line per series over the runs; what is large and good or meant to be is left out."""
    import altair as alt

    rows = [
        {"run": legal(run), "series": series, "count": count}
        for run, series, count in chart.rows
        if series not in (STANDINGS[0], "Out of scope")
    ]
    scale = _scale(STANDING_COLOURS, (row["series"] for row in rows))  # type: ignore[misc]
    return (
        alt.Chart({"values": rows}, width=WIDTH, height=220)
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("run:N", title="Run", sort=None, axis=alt.Axis(labelAngle=-30)),
            y=alt.Y("count:Q", title="Records", axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color("series:N", title=None, scale=scale),
        )
    )


_DRAW: Mapping[ChartKind, Callable[[Chart], Any]] = {
    "outcomes": _outcomes,
    "standing": _standing,
    "trend": _trend,
}
