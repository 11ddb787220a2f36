"""What differs from country to country: company forms, trades, streets, places; all data.

Places and postcodes exist, companies and people do not. Telephone numbers are from series that
are not given to subscribers, or that the country reserves for fiction.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Land:
    """A country as customers see it; `share` is its weight among the customers."""

    code: str
    share: int
    currency: str
    locale: str
    language: str
    forms: tuple[tuple[str, int], ...]
    trades: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    phone: str
    mobile: str


NORWAY = Land(
    "NO",
    72,
    "NOK",
    "no_NO",
    "nb",
    (("AS", 84), ("ASA", 4), ("ANS", 2), ("DA", 2), ("SA", 3), ("", 5)),
    (
        "Rør", "Elektro", "Bygg", "Arkitekter", "Rådgivning", "Regnskap", "Eiendom", "Marin",
        "Transport", "Maskin", "Consult", "Data", "Media", "Reklamebyrå", "Advokatfirma", "Fisk",
        "Havbruk", "Energi", "Entreprenør", "Snekkeri", "Mekaniske Verksted", "Bakeri", "Trykkeri",
        "Renhold", "Logistikk", "Teknikk", "Miljø", "Geodata", "Design", "Landbruk", "Bilsenter",
        "Tømrer", "Ventilasjon", "Brygge", "Hotell", "Skogdrift", "Måleteknikk", "Sømløse Tak",
    ),
    (
        "Storgata", "Kirkegata", "Havnegata", "Industriveien", "Strandveien", "Bjørkeveien",
        "Fjordgata", "Skolegata", "Torggata", "Åsveien", "Møllergata", "Verkstedveien",
        "Nedre Bakklandet", "Sjøgata", "Lillehagveien", "Grønlandsleiret", "Brattørkaia",
    ),
    (
        ("0150", "OSLO"), ("0484", "OSLO"), ("0661", "OSLO"), ("1338", "SANDVIKA"),
        ("1473", "LØRENSKOG"), ("1606", "FREDRIKSTAD"), ("2004", "LILLESTRØM"), ("2317", "HAMAR"),
        ("2609", "LILLEHAMMER"), ("3015", "DRAMMEN"), ("3110", "TØNSBERG"), ("3724", "SKIEN"),
        ("4006", "STAVANGER"), ("4313", "SANDNES"), ("4608", "KRISTIANSAND"), ("5003", "BERGEN"),
        ("5147", "FYLLINGSDALEN"), ("5527", "HAUGESUND"), ("6003", "ÅLESUND"), ("6413", "MOLDE"),
        ("7010", "TRONDHEIM"), ("7044", "TRONDHEIM"), ("8006", "BODØ"), ("8514", "NARVIK"),
        ("9008", "TROMSØ"), ("9510", "ALTA"),
    ),
    "+47 19 {} {} {}",
    "+47 10 {} {} {}",
)  # fmt: skip
SWEDEN = Land(
    "SE",
    11,
    "SEK",
    "sv_SE",
    "sv",
    (("AB", 90), ("HB", 6), ("", 4)),
    (
        "Rör", "El", "Bygg", "Arkitektkontor", "Konsult", "Redovisning", "Fastigheter", "Åkeri",
        "Maskin", "Data", "Media", "Advokatbyrå", "Energi", "Entreprenad", "Snickeri", "Mekaniska",
        "Tryckeri", "Städ", "Logistik", "Miljöteknik", "Skog", "Livsmedel", "Säkerhet",
    ),
    (
        "Storgatan", "Kungsgatan", "Hamngatan", "Industrivägen", "Strandvägen", "Björkvägen",
        "Drottninggatan", "Skolgatan", "Verkstadsgatan", "Östra Långgatan",
    ),
    (
        ("111 20", "STOCKHOLM"), ("118 26", "STOCKHOLM"), ("169 70", "SOLNA"),
        ("211 19", "MALMÖ"), ("252 20", "HELSINGBORG"), ("411 05", "GÖTEBORG"),
        ("582 22", "LINKÖPING"), ("652 24", "KARLSTAD"), ("702 11", "ÖREBRO"),
        ("722 11", "VÄSTERÅS"), ("753 20", "UPPSALA"), ("903 26", "UMEÅ"), ("972 31", "LULEÅ"),
    ),
    "+46 8 465 004 {}",
    "+46 70 174 06 {}",
)  # fmt: skip
DENMARK = Land(
    "DK",
    7,
    "DKK",
    "da_DK",
    "da",
    (("ApS", 50), ("A/S", 44), ("I/S", 3), ("", 3)),
    (
        "VVS", "El", "Byg", "Arkitekter", "Rådgivning", "Revision", "Ejendomme", "Transport",
        "Maskinfabrik", "Data", "Medier", "Advokater", "Energi", "Entreprise", "Tømrer", "Smedje",
        "Trykkeri", "Rengøring", "Logistik", "Miljø", "Møbler", "Skibsservice",
    ),
    (
        "Nørregade", "Søndergade", "Havnevej", "Industrivej", "Strandvejen", "Birkevej", "Algade",
        "Skolegade", "Vestergade", "Østerbrogade",
    ),
    (
        ("1050", "København K"), ("2100", "København Ø"), ("2800", "Kongens Lyngby"),
        ("3000", "Helsingør"), ("4000", "Roskilde"), ("5000", "Odense C"), ("6000", "Kolding"),
        ("7100", "Vejle"), ("8000", "Aarhus C"), ("8900", "Randers C"), ("9000", "Aalborg"),
    ),
    "+45 10 {} {} {}",
    "+45 19 {} {} {}",
)  # fmt: skip
FINLAND = Land(
    "FI",
    5,
    "EUR",
    "fi_FI",
    "fi",
    (("Oy", 84), ("Oyj", 4), ("Ky", 6), ("Ab", 6)),
    (
        "Putki", "Sähkö", "Rakennus", "Arkkitehdit", "Konsultointi", "Tilitoimisto", "Kiinteistöt",
        "Kuljetus", "Konepaja", "Data", "Media", "Energia", "Urakointi", "Puutyö", "Painotalo",
        "Siivous", "Logistiikka", "Ympäristö", "Metsä", "Elintarvike", "Mittaus",
    ),
    (
        "Mannerheimintie", "Satamakatu", "Teollisuustie", "Rantatie", "Koulukatu", "Kirkkokatu",
        "Hämeenkatu", "Koivutie", "Itäinen Pitkäkatu",
    ),
    (
        ("00100", "HELSINKI"), ("00530", "HELSINKI"), ("02150", "ESPOO"), ("20100", "TURKU"),
        ("33100", "TAMPERE"), ("40100", "JYVÄSKYLÄ"), ("53100", "LAPPEENRANTA"),
        ("65100", "VAASA"), ("70100", "KUOPIO"), ("90100", "OULU"), ("96100", "ROVANIEMI"),
    ),
    "+358 18 00{} {}{}",
    "+358 50 00{} {}{}",
)  # fmt: skip
GERMANY = Land(
    "DE",
    2,
    "EUR",
    "",
    "de",
    (("GmbH", 80), ("AG", 10), ("GmbH & Co. KG", 10)),
    ("Maschinenbau", "Logistik", "Werkzeuge", "Planung", "Schiffstechnik", "Energie"),
    ("Hauptstraße", "Hafenstraße", "Bahnhofstraße", "Lübecker Straße", "Am Mühlenweg"),
    (("20095", "Hamburg"), ("24103", "Kiel"), ("80331", "München"), ("50667", "Köln")),
    "+49 30 23125 {}{}",
    "+49 171 39200 {}",
)
BRITAIN = Land(
    "GB",
    2,
    "GBP",
    "",
    "en",
    (("Ltd", 80), ("Limited", 10), ("plc", 10)),
    ("Trading", "Marine", "Engineering", "Consulting", "Seafood", "Offshore"),
    ("High Street", "Harbour Road", "Station Road", "Victoria Street"),
    (("AB10 1AB", "Aberdeen"), ("EC1A 1BB", "London"), ("EH1 1YZ", "Edinburgh")),
    "+44 20 7946 0{}{}",
    "+44 7700 900{}{}",
)
ESTONIA = Land(
    "EE",
    1,
    "EUR",
    "",
    "en",
    (("OÜ", 80), ("AS", 20)),
    ("Puit", "Ehitus", "Tarkvara", "Metall", "Veod"),
    ("Narva maantee", "Pärnu maantee", "Sadama", "Õismäe tee"),
    (("10111", "Tallinn"), ("51003", "Tartu"), ("80010", "Pärnu")),
    "+372 600 0{}{}",
    "+372 5000 {}{}",
)
LANDS = (NORWAY, SWEDEN, DENMARK, FINLAND, GERMANY, BRITAIN, ESTONIA)

NATURE = (
    "Fjell", "Fjord", "Nordlys", "Havørn", "Bre", "Vidde", "Polaris", "Skjær", "Granitt",
    "Havgap", "Midnattsol", "Furu", "Tind", "Bølge", "Sør", "Vestavind", "Lyng", "Åskam",
)  # fmt: skip
ABROAD_FAMILIES = (
    "Albrecht", "Brandt", "Falk", "Hartmann", "Keller", "Lindner", "Möller", "Seidel", "Vogel",
    "Ashworth", "Bramley", "Carver", "Dunmore", "Fairley", "Hollis", "Penrose", "Thornby",
    "Kask", "Lepik", "Mägi", "Pärn", "Saar", "Tamm", "Õunapuu",
)  # fmt: skip
ABROAD_FIRST = (
    "Anna", "Bernd", "Clara", "David", "Emma", "Felix", "George", "Helen", "Jaan", "Katrin",
    "Lukas", "Mary", "Oliver", "Piret", "Robert", "Sofia", "Thomas", "Ülle",
)  # fmt: skip
TITLES = (
    "Daglig leder", "Økonomisjef", "Innkjøper", "Prosjektleder", "Regnskapsmedarbeider",
    "Avdelingsleder", "IT-ansvarlig", "Driftssjef", "Controller", "Kontaktperson", "Markedssjef",
)  # fmt: skip
OFFICES = ("Regnskap", "Faktura", "Sentralbord", "Resepsjonen", "Innkjøp")
TOWNS = ("Nordvik", "Fjellheim", "Sørdal", "Storøya", "Lindås Ytre", "Grønnlia", "Vesterfjord")
