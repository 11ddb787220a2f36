"""Countries, currencies, payment terms, VAT rates, units, communication types, sales statuses:
lookups in both systems, built by a pure function from raw lists and kept as JSON for a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select

from recon import money, rates, text
from recon.frames import rows
from recon.shapes import Value
from recon.spec import Listing
from recon.systems import tables

COUNTRIES = "/v1/localization/countries"
CURRENCIES = "/v1/currencies"
COMMUNICATION_TYPES = "/v1/communicationtypes"
SALES_STATUSES = "/v1/salesstatustypes"
PERMISSION_PROFILES = "/v1/permissionprofiles"
VAT_RATES = "/v1/vatrates"
INVOICE_STATUSES = "/v1/invoicestatuses"
BUSINESS_UNITS = "/v1/businessunits"
LISTS: tuple[Listing, ...] = (
    Listing(COUNTRIES, "none", changes=()),
    Listing(CURRENCIES, "rows", changes=()),
    Listing(COMMUNICATION_TYPES, "rows", changes=()),
    Listing(SALES_STATUSES, "rows", changes=()),
    Listing(PERMISSION_PROFILES, "rows", changes=()),
    Listing(VAT_RATES, "none", changes=()),
    Listing(INVOICE_STATUSES, "rows", changes=()),
)
METHODS: Mapping[str, str] = MappingProxyType(
    {"EmailAddress": "email", "Phone": "phone", "MobilePhone": "mobile"}
)
_ISO = (
    "AD20 AE784 AF4 AG28 AI660 AL8 AM51 AO24 AQ10 AR32 AS16 AT40 AU36 AW533 AX248 AZ31 BA70 BB52 "
    "BD50 BE56 BF854 BG100 BH48 BI108 BJ204 BL652 BM60 BN96 BO68 BQ535 BR76 BS44 BT64 BV74 BW72 "
    "BY112 BZ84 CA124 CC166 CD180 CF140 CG178 CH756 CI384 CK184 CL152 CM120 CN156 CO170 CR188 "
    "CU192 CV132 CW531 CX162 CY196 CZ203 DE276 DJ262 DK208 DM212 DO214 DZ12 EC218 EE233 EG818 "
    "EH732 ER232 ES724 ET231 FI246 FJ242 FK238 FM583 FO234 FR250 GA266 GB826 GD308 GE268 GF254 "
    "GG831 GH288 GI292 GL304 GM270 GN324 GP312 GQ226 GR300 GS239 GT320 GU316 GW624 GY328 HK344 "
    "HM334 HN340 HR191 HT332 HU348 ID360 IE372 IL376 IM833 IN356 IO86 IQ368 IR364 IS352 IT380 "
    "JE832 JM388 JO400 JP392 KE404 KG417 KH116 KI296 KM174 KN659 KP408 KR410 KW414 KY136 KZ398 "
    "LA418 LB422 LC662 LI438 LK144 LR430 LS426 LT440 LU442 LV428 LY434 MA504 MC492 MD498 ME499 "
    "MF663 MG450 MH584 MK807 ML466 MM104 MN496 MO446 MP580 MQ474 MR478 MS500 MT470 MU480 MV462 "
    "MW454 MX484 MY458 MZ508 NA516 NC540 NE562 NF574 NG566 NI558 NL528 NO578 NP524 NR520 NU570 "
    "NZ554 OM512 PA591 PE604 PF258 PG598 PH608 PK586 PL616 PM666 PN612 PR630 PS275 PT620 PW585 "
    "PY600 QA634 RE638 RO642 RS688 RU643 RW646 SA682 SB90 SC690 SD729 SE752 SG702 SH654 SI705 "
    "SJ744 SK703 SL694 SM674 SN686 SO706 SR740 SS728 ST678 SV222 SX534 SY760 SZ748 TC796 TD148 "
    "TF260 TG768 TH764 TJ762 TK772 TL626 TM795 TN788 TO776 TR792 TT780 TV798 TW158 TZ834 UA804 "
    "UG800 UM581 US840 UY858 UZ860 VA336 VC670 VE862 VG92 VI850 VN704 VU548 WF876 WS882 YE887 "
    "YT175 ZA710 ZM894 ZW716 "
)
ISO_NUMBERS: Mapping[str, int] = MappingProxyType(
    {code[:2]: int(code[2:]) for code in _ISO.split()}
)
ISO_CODES: Mapping[int, str] = MappingProxyType(
    {number: code for code, number in ISO_NUMBERS.items()}
)

Raw = Mapping[str, Any]
Table = dict[str, Any]
Lists = Mapping[str, Sequence[Raw]]


def statements() -> Mapping[str, Select[Any]]:
    """The lists that are read from Global, by table."""
    return {
        table.name: select(*(table.c[name] for name in names)).order_by(table.c[names[0]])
        for table, names in (
            (tables.country, ("CountryNo", "Alfa2Code")),
            (
                tables.currency_table,
                ("CurrencyNo", "CurrencyCode", "Unit", "NumberOfDigitsAfterDecimal"),
            ),
            (tables.customer_profile, ("CustomerProfileNo", "TaxClassNo")),
            (
                tables.terms_of_pay_customer,
                (
                    "TermsOfPayCustNo",
                    "NumberOfDays",
                    "CashDiscountNo",
                    "FreeDeliveryMonthYesNo",
                    "DueDateAdjustment",
                ),
            ),
            (tables.posting_template_article, ("PostingTemplateNo", "OutputTaxClassNo")),
            (tables.tax_rate, ("TaxClassNo", "ComeIntoForce", "OutputVATPer")),
            (tables.units, ("UnitNo", "UnitName")),
        )
    }


@dataclass(frozen=True, slots=True)
class Reference:
    """Codes in both systems (implements `spec.Lookup`).

    Kinds: `country` (ISO alpha-2), `currency` (ISO code), `payment_term` (days), `vat_rate`
    (percentage as text such as "25" or "11.5"; Global's key is the posting template), `unit`
    (folded name, Global's list alone), `communication_type` (email, phone, mobile),
    `sales_status` (InProgress, Won, Lost), `invoice_status` (name), `invoice_stage` (open, sent,
    paid), `currency_unit` and `currency_digits` (Global's, by ISO code), `template_tax_class` and
    `profile_tax_class` (Global's tax class by posting template and customer profile),
    `won_status` (name of an active sales status that means
    won; None: the only one there is), `permission_profile` (name of an active one) and
    `business_unit_parent` (company guid or None → its topmost unit). Each of the four tables maps
    a kind to {key: value}, keys as text.
    """

    global_keys: Mapping[str, Table]
    global_values: Mapping[str, Table]
    severa_keys: Mapping[str, Table]
    severa_values: Mapping[str, Table]
    tax_rates: Mapping[str, Table] = field(default_factory=dict)
    exchange_rates: rates.Rates = field(default_factory=dict)

    @classmethod
    def build(cls, severa_lists: Lists, global_lists: Lists, day: date) -> Reference:
        """From raw lists by path and raw tables by name; rows that cannot be read are left out.
        VAT rates are those in force on the day."""
        ours = _global_pairs(global_lists, day)
        theirs = _severa_pairs(severa_lists)
        return cls(
            {kind: _first((value, key) for key, value in pairs) for kind, pairs in ours.items()},
            {kind: _first(pairs) for kind, pairs in ours.items()},
            {kind: _first((value, key) for key, value in pairs) for kind, pairs in theirs.items()},
            {kind: _first(pairs) for kind, pairs in theirs.items()},
            _rates(global_lists),
            rates.build(global_lists),
        )

    def to_global(self, kind: str, value: Value) -> Any:
        """Global's key for a shared value, or None."""
        return self.global_keys.get(kind, {}).get(_text(value))

    def from_global(self, kind: str, key: Any) -> Value:
        """The shared value that Global's key stands for, or None."""
        found: Value = self.global_values.get(kind, {}).get(_text(key))
        return found

    def to_severa(self, kind: str, value: Value) -> str | None:
        """Severa's guid for a shared value, or None; payment terms are days there, too."""
        if kind == "payment_term":
            return None if value is None else str(value)
        return self.severa_keys.get(kind, {}).get(_text(value))

    def from_severa(self, kind: str, guid: str | None) -> Value:
        """The shared value that Severa's guid (or number of days) stands for, or None."""
        if kind == "payment_term":
            return int(guid) if guid and str(guid).lstrip("-").isdecimal() else None
        found: Value = self.severa_values.get(kind, {}).get(_text(guid).lower())
        return found

    def tax_rate(self, tax_class: int, day: date) -> str | None:
        """The output VAT percentage of Global's tax class in force on a day, or None."""
        found = self.tax_rates.get(str(tax_class), {})
        begun = [start for start in found if start <= day.isoformat()]
        return found[max(begun)] if begun else None

    def exchange_rate(self, currency: str, day: date) -> Decimal | None:
        """What one unit of a currency is worth in company currency by the last rate that is not
        from after the day, or None."""
        return rates.worth(self.exchange_rates, currency, day)

    def dump(self) -> dict[str, Any]:
        """As JSON-able data, without exchange rates: they come daily, and change nothing that was
        transferred."""
        return {name: {k: dict(t) for k, t in getattr(self, name).items()} for name in _PARTS}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Reference:
        """From what `dump` gave."""
        return cls(*(data.get(name, {}) for name in _PARTS))


_PARTS = ("global_keys", "global_values", "severa_keys", "severa_values", "tax_rates")
Pairs = list[tuple[Any, Any]]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _first(pairs: Iterable[tuple[Any, Any]]) -> Table:
    """A table in which the first of several entries stands."""
    table: Table = {}
    for key, value in pairs:
        table.setdefault(_text(key), value)
    return table


def _readable(listed: Iterable[Raw], *names: str) -> list[Raw]:
    """Rows in which these fields are filled."""
    return [row for row in listed if isinstance(row, Mapping) and all(row.get(n) for n in names)]


# --- Global -----------------------------------------------------------------------------------


def _global_pairs(lists: Lists, day: date) -> dict[str, Pairs]:
    currencies, _ = rows(lists.get("CurrencyTable", ()), _currency)
    countries, _ = rows(lists.get("Country", ()), _country)
    terms, _ = rows(lists.get("TermsOfPayCustomer", ()), _term)
    units, _ = rows(lists.get("Units", ()), _unit)
    return {
        "country": sorted(countries, key=lambda pair: ISO_NUMBERS.get(pair[1]) != pair[0]),
        "currency": currencies,
        "payment_term": [(number, days) for _, number, days in sorted(terms)],
        "vat_rate": _templates(lists, day),
        "currency_unit": _by_code(lists, "Unit"),
        "currency_digits": _by_code(lists, "NumberOfDigitsAfterDecimal"),
        "template_tax_class": _classes(
            lists.get("PostingTemplateArticle", ()), "PostingTemplateNo", "OutputTaxClassNo"
        ),
        "profile_tax_class": _classes(
            lists.get("CustomerProfile", ()), "CustomerProfileNo", "TaxClassNo"
        ),
        "unit": units,
    }


def _key(row: Raw, name: str) -> int:
    """A primary key; 0 is Global's "none" and stands for nothing."""
    key = int(row[name])
    if key == 0:
        raise ValueError(name)
    return key


def _currency(row: Raw) -> tuple[int, str]:
    code = text.squeeze(row["CurrencyCode"])
    if code is None:
        raise ValueError("CurrencyCode")
    return _key(row, "CurrencyNo"), code.upper()


def _country(row: Raw) -> tuple[int, str]:
    """By Alfa2Code; a row without one by its number, which is ISO 3166 numeric."""
    number, code = _key(row, "CountryNo"), text.squeeze(row.get("Alfa2Code"))
    return number, code.upper() if code else ISO_CODES[number]


def _term(row: Raw) -> tuple[int, int, int]:
    """How special a term is, its number and its days: of equal days the plainest comes first."""
    extras = ("FreeDeliveryMonthYesNo", "DueDateAdjustment", "CashDiscountNo")
    special = sum(bool(row.get(name)) for name in extras)
    return special, _key(row, "TermsOfPayCustNo"), int(row.get("NumberOfDays") or 0)


def _templates(lists: Lists, day: date) -> Pairs:
    """Posting template → the output VAT percentage of its tax class that is in force."""
    rates, _ = rows(lists.get("TaxRate", ()), _tax_rate)
    in_force = {number: rate for start, number, rate in sorted(rates) if start <= day}
    templates, _ = rows(
        lists.get("PostingTemplateArticle", ()),
        lambda row: (_key(row, "PostingTemplateNo"), in_force[int(row["OutputTaxClassNo"])]),
    )
    return list(templates)


def _by_code(lists: Lists, column: str) -> Pairs:
    """Currency code → a number of its row, where there is one."""
    found, _ = rows(
        lists.get("CurrencyTable", ()), lambda row: (_currency(row)[1], int(row[column]))
    )
    return list(found)


def _classes(listed: Iterable[Raw], key: str, column: str) -> Pairs:
    """A row's key → its tax class, where it has one."""
    found, _ = rows(listed, lambda row: (_key(row, key), _key(row, column)))
    return list(found)


def _rates(lists: Lists) -> dict[str, Table]:
    """Tax class → percentage by the day since when it is in force."""
    found: dict[str, Table] = {}
    rates, _ = rows(lists.get("TaxRate", ()), _tax_rate)
    for start, number, percentage in rates:
        found.setdefault(str(number), {})[start.isoformat()] = percentage
    return found


def _tax_rate(row: Raw) -> tuple[date, int, str]:
    """Since when, the tax class and its percentage; without a date it has always been so."""
    start = row.get("ComeIntoForce")
    begun = start.date() if isinstance(start, datetime) else date.min
    return begun, int(row["TaxClassNo"]), _percentage(row["OutputVATPer"])


def _percentage(value: Any) -> str:
    """A percentage in its one form as text."""
    found = money.bare(money.exact(value))
    if found is None:
        raise ValueError("percentage")
    return format(found, "f")


def _unit(row: Raw) -> tuple[int, str]:
    name = text.fold(row["UnitName"])
    if not name:
        raise ValueError("UnitName")
    return _key(row, "UnitNo"), name


# --- Severa -----------------------------------------------------------------------------------


def _severa_pairs(lists: Lists) -> dict[str, Pairs]:
    return {
        "country": _codes(lists.get(COUNTRIES, ()), "code2"),
        "currency": _codes(lists.get(CURRENCIES, ()), "code"),
        "communication_type": [
            (guid, METHODS[str(row["type"])])
            for guid, row in _by_name(lists.get(COMMUNICATION_TYPES, ()), "type")
            if str(row["type"]) in METHODS
        ],
        "sales_status": [
            (guid, str(row["salesState"]))
            for guid, row in _by_name(lists.get(SALES_STATUSES, ()), "salesState")
        ],
        "permission_profile": [
            (guid, str(row["name"]))
            for guid, row in _by_name(lists.get(PERMISSION_PROFILES, ()), "name")
            if not _inactive(row)
        ],
        "vat_rate": _vat_rates(lists.get(VAT_RATES, ())),
        "invoice_status": _named(lists.get(INVOICE_STATUSES, ())),
        "invoice_stage": [
            (guid, _stage(row)) for guid, row in _by_name(lists.get(INVOICE_STATUSES, ()), "name")
        ],
        "won_status": _won(lists.get(SALES_STATUSES, ())),
        "business_unit_parent": _tops(lists.get(BUSINESS_UNITS, ())),
    }


def _codes(listed: Iterable[Raw], name: str) -> Pairs:
    """Guid → code; of several entries with one code an active one comes first."""
    found = sorted(_readable(listed, "guid", name), key=_inactive)
    return [(str(row["guid"]).lower(), str(row[name]).strip().upper()) for row in found]


def _by_name(found: Iterable[Raw], needed: str) -> list[tuple[str, Raw]]:
    """Active entries first, then by name: the one that is taken is always the same."""
    by_name = sorted(
        _readable(found, "guid", needed),
        key=lambda row: (_inactive(row), text.fold(row.get("name")), str(row["guid"])),
    )
    return [(str(row["guid"]).lower(), row) for row in by_name]


def _won(listed: Iterable[Raw]) -> Pairs:
    """Active statuses that mean won, by name; the only one also stands for none named."""
    found = [
        (guid, str(row["name"]))
        for guid, row in _by_name(listed, "name")
        if row.get("salesState") == "Won" and not _inactive(row)
    ]
    return [*found, *((guid, "") for guid, _ in found if len(found) == 1)]


def _named(listed: Iterable[Raw]) -> Pairs:
    return [(guid, str(row["name"])) for guid, row in _by_name(listed, "name")]


def _stage(row: Raw) -> str:
    """How far invoices in a status are."""
    return "paid" if row.get("isPaid") else "sent" if row.get("isSent") else "open"


def _inactive(row: Raw) -> bool:
    return row.get("isActive") is False


def _vat_rates(listed: Iterable[Raw]) -> Pairs:
    """Guid → percentage; of several entries with one rate an active one comes first."""
    found, _ = rows(
        sorted((row for row in listed if isinstance(row, Mapping)), key=_inactive),
        lambda row: (str(row["guid"]).lower(), _percentage(row["percentage"])),
    )
    return list(found)


def _tops(units: Iterable[Raw]) -> Pairs:
    """The topmost unit of each company; the first of them also stands for no company named."""
    tops = [row for row in _readable(units, "guid") if not row.get("parentGuid")]
    named = [(str(row["guid"]).lower(), str(row.get("companyGuid") or "").lower()) for row in tops]
    return [*named, *((guid, "") for guid, _ in named[:1])]
