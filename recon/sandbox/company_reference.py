"""The small lists of both systems: countries, currencies, terms, types, statuses."""

from __future__ import annotations

import random

from recon.sandbox.company_guids import Document, Guids, Row, audit, stamps
from recon.sandbox.nordic_lands import LANDS

COUNTRIES = (
    (578, "NO", "NOR", "Norge", "Norway", "NOK", "nb"),
    (752, "SE", "SWE", "Sverige", "Sweden", "SEK", "sv"),
    (208, "DK", "DNK", "Danmark", "Denmark", "DKK", "da"),
    (246, "FI", "FIN", "Finland", "Finland", "EUR", "fi"),
    (276, "DE", "DEU", "Tyskland", "Germany", "EUR", "de"),
    (826, "GB", "GBR", "Storbritannia", "United Kingdom", "GBP", "en"),
    (233, "EE", "EST", "Estland", "Estonia", "EUR", "en"),
    (528, "NL", "NLD", "Nederland", "Netherlands", "EUR", "en"),
    (616, "PL", "POL", "Polen", "Poland", "EUR", "en"),
    (352, "IS", "ISL", "Island", "Iceland", "EUR", "en"),
    (840, "US", "USA", "USA", "United States", "USD", "en"),
)
NOT_IN_EU = ("NO", "GB", "IS", "US")
CURRENCIES = (
    (578, "NOK", "Norske kroner", "kr", 1, 1.0),
    (752, "SEK", "Svenske kroner", "kr", 100, 1.02),
    (208, "DKK", "Danske kroner", "kr", 100, 1.57),
    (978, "EUR", "Euro", "€", 1, 11.7),
    (826, "GBP", "Britiske pund", "£", 1, 13.5),
    (840, "USD", "Amerikanske dollar", "$", 1, 10.1),
)
LANGUAGES = (
    ("nb", "Norsk bokmål", "Norwegian"),
    ("sv", "Svenska", "Swedish"),
    ("da", "Dansk", "Danish"),
    ("fi", "Suomi", "Finnish"),
    ("de", "Deutsch", "German"),
    ("en", "English", "English"),
)
COUNTRY_NO = {code: number for number, code, *_ in COUNTRIES}
CURRENCY_NO = {code: number for number, code, *_ in CURRENCIES}
TERMS = (
    (1, "Kontant", 0),
    (2, "Netto 10 dager", 10),
    (3, "Netto 14 dager", 14),
    (4, "Netto 20 dager", 20),
    (5, "Netto 30 dager", 30),
    (6, "30 dager, fri levering", 30),
    (7, "Netto 45 dager", 45),
    (8, "Netto 60 dager", 60),
)
CUSTOMER_TYPES = (
    (1, "Bedriftskunder"),
    (2, "Offentlige kunder"),
    (3, "Privatpersoner"),
    (4, "Konsernselskaper"),
    (5, "Engangskunder"),
)
CUSTOMER_GROUPS = ((10, "Innland"), (20, "Utland EU"), (30, "Utland utenfor EU"))
# Profiles with the tax class that they put in place of the articles' own, and whether the customer
# reckons the VAT himself.
EXPORT, REVERSE = 2, 4
CUSTOMER_PROFILES = (
    (1, "Standard med mva", 0, 0),
    (EXPORT, "Eksport uten mva", 5, 0),
    (3, "Offentlig, EHF", 0, 0),
    (REVERSE, "Omvendt avgiftsplikt", 0, 1),
)
COMMUNICATIONS = (
    ("EmailAddress", "E-post"),
    ("Phone", "Telefon"),
    ("MobilePhone", "Mobil"),
    ("Fax", "Telefaks"),
)
SALES_STATUSES = (
    ("Mulighet", "InProgress", 20),
    ("Tilbud sendt", "InProgress", 50),
    ("Vunnet", "Won", 100),
    ("Vunnet rammeavtale", "Won", 100),
    ("Tapt", "Lost", 0),
)
INVOICE_STATUSES: tuple[tuple[str, dict[str, bool]], ...] = (
    ("Kladd", {"isDefault": True, "isDefaultForCreditNote": True}),
    ("Klar til fakturering", {}),
    ("Overført til regnskap", {"isReadOnly": True, "hasInvoiceNumber": True}),
    ("Sendt", {"isReadOnly": True, "hasInvoiceNumber": True, "isSent": True}),
    (
        "Forfalt",
        {"isReadOnly": True, "hasInvoiceNumber": True, "isSent": True, "isWaitingPayment": True},
    ),
    ("Betalt", {"isReadOnly": True, "hasInvoiceNumber": True, "isSent": True, "isPaid": True}),
)
INVOICE_FLAGS = (
    "isDefault",
    "isReadOnly",
    "hasInvoiceNumber",
    "isSent",
    "isWaitingPayment",
    "isPaid",
    "isDefaultForCreditNote",
)


class Reference:
    """Severa's reference records as they stand inside other records."""

    def __init__(self, guids: Guids) -> None:
        self.guids = guids
        self.currencies = {row[1]: _currency(guids, row[1], row[2], row[3]) for row in CURRENCIES}
        self.languages = {row[0]: _language(guids, *row) for row in LANGUAGES}
        self.countries = {row[1]: _country(guids, row[1], row[3], row[4]) for row in COUNTRIES}
        self.communications = {row[0]: _communication(guids, *row) for row in COMMUNICATIONS}
        self.sales = {name: guids.new(f"salesstatus/{name}") for name, *_ in SALES_STATUSES}

    def documents(self) -> dict[str, list[Document]]:
        """The reference collections by the name of their path."""
        rng = self.guids.dice("reference")
        return {
            "countries": [self._country_row(row) for row in COUNTRIES],
            "currencies": [self._currency_row(row, rng) for row in CURRENCIES],
            "languages": [{**row, "isInvoiceLanguage": True} for row in self.languages.values()],
            "communicationtypes": [{**row, **audit(rng)} for row in self.communications.values()],
            "salesstatustypes": [self._sales_row(row, rng) for row in SALES_STATUSES],
            "invoicestatuses": _invoice_statuses(self.guids, rng),
            "projectstatustypes": _sorted_names(
                self.guids, "projectstatus", ("Ikke startet", "Pågår", "Avsluttet"), rng
            ),
            "phasestatustypes": _sorted_names(self.guids, "phasestatus", ("Åpen", "Ferdig"), rng),
            "vatrates": _vat_rates(self.guids, self.countries["NO"]["guid"], rng),
            "permissionprofiles": _permission_profiles(self.guids),
            "timezones": [_timezone(self.guids)],
        }

    def won(self) -> list[str]:
        """The guids of the statuses that mean won."""
        return [self.sales[name] for name, state, _ in SALES_STATUSES if state == "Won"]

    def _country_row(self, row: tuple[int, str, str, str, str, str, str]) -> Document:
        _, code, code3, _, _, currency, language = row
        spoken = self.languages[language]
        return {
            **self.countries[code],
            "code2": code,
            "code3": code3,
            "companyRegisterUrl": None,
            "isInEU": code not in NOT_IN_EU,
            "defaultCulture": f"{language}-{code}",
            "isRegistrationCountry": code in {land.code for land in LANDS},
            "currency": self.currencies[currency],
            "defaultLanguage": {"name": spoken["name"], "guid": spoken["guid"]},
            "timezone": None,
        }

    def _currency_row(
        self, row: tuple[int, str, str, str, int, float], rng: random.Random
    ) -> Document:
        own = row[1] == "NOK"
        more = {"rate": row[5], "isActive": True, "isOrganizationCurrency": own}
        return {**self.currencies[row[1]], **more, **audit(rng)}

    def _sales_row(self, row: tuple[str, str, int], rng: random.Random) -> Document:
        name, state, probability = row
        return {
            "guid": self.sales[name],
            "name": name,
            "isActive": True,
            "salesState": state,
            "defaultProbability": probability,
            "isProposalDefault": name == "Tilbud sendt",
            **audit(rng),
        }


def _currency(guids: Guids, code: str, name: str, symbol: str) -> Document:
    return {"guid": guids.new(f"currency/{code}"), "name": name, "code": code, "symbol": symbol}


def _language(guids: Guids, code: str, name: str, english: str) -> Document:
    guid = guids.new(f"language/{code}")
    return {"guid": guid, "name": name, "englishName": english, "code": code}


def _country(guids: Guids, code: str, name: str, english: str) -> Document:
    guid = guids.new(f"country/{code}")
    return {"guid": guid, "name": name, "englishName": english, "hasRegions": "NoRegion"}


def _communication(guids: Guids, kind: str, name: str) -> Document:
    guid = guids.new(f"communicationtype/{kind}")
    return {"guid": guid, "name": name, "isActive": True, "type": kind}


def _invoice_statuses(guids: Guids, rng: random.Random) -> list[Document]:
    return [
        {
            "guid": guids.new(f"invoicestatus/{name}"),
            "name": name,
            "isActive": True,
            "sortOrder": at,
            **dict.fromkeys(INVOICE_FLAGS, False),
            **flags,
            **audit(rng),
        }
        for at, (name, flags) in enumerate(INVOICE_STATUSES, 1)
    ]


def _sorted_names(
    guids: Guids, label: str, names: tuple[str, ...], rng: random.Random
) -> list[Document]:
    return [
        {
            "guid": guids.new(f"{label}/{name}"),
            "name": name,
            "isActive": True,
            "sortOrder": at,
            **audit(rng),
        }
        for at, name in enumerate(names, 1)
    ]


def _vat_rates(guids: Guids, country: str, rng: random.Random) -> list[Document]:
    return [
        {
            "guid": guids.new(f"vatrate/{code}"),
            "percentage": percentage,
            "code": code,
            "isActive": True,
            "isDefault": code == "3",
            "countryGuid": country,
            **audit(rng),
        }
        for code, percentage in (("3", 25.0), ("31", 15.0), ("33", 12.0), ("5", 0.0))
    ]


def _permission_profiles(guids: Guids) -> list[Document]:
    return [
        {
            "guid": guids.new(f"permissionprofile/{name}"),
            "name": name,
            "isActive": True,
            "isDefault": name == "Medarbeider",
            "isAccessible": True,
        }
        for name in ("Administrator", "Prosjektleder", "Medarbeider")
    ]


def _timezone(guids: Guids) -> Document:
    return {
        "guid": guids.new("timezone/oslo"),
        "name": "(UTC+01:00) Oslo",
        "systemName": "W. Europe Standard Time",
        "ianaName": "Europe/Oslo",
    }


def rows(guids: Guids) -> dict[str, list[Row]]:
    """Global's reference tables by name."""
    rng = guids.dice("reference rows")
    return {
        "Country": [_country_columns(row, rng) for row in COUNTRIES],
        "CurrencyTable": [_currency_columns(row, rng) for row in CURRENCIES],
        "PostOffice": _post_offices(rng),
        "TermsOfPayCustomer": [
            {"TermsOfPayCustNo": no, "Name": name, "NumberOfDays": days, **stamps(rng)}
            for no, name, days in TERMS
        ],
        "CustomerType": _named("CustomerTypeNo", CUSTOMER_TYPES, rng),
        "CustomerGroup": _named("CustomerGrpNo", CUSTOMER_GROUPS, rng),
        "CustomerProfile": [
            {
                "CustomerProfileNo": no,
                "Name": name,
                "TaxClassNo": tax,
                "CustomerPaysMyOutgoingVatYesNo": reverse,
                **stamps(rng),
            }
            for no, name, tax, reverse in CUSTOMER_PROFILES
        ],
        "ProjectCategory": _named(
            "ProjectCategoryNo", ((1, "Kundeprosjekt"), (2, "Internt"), (3, "Anbud")), rng
        ),
        "TimeProjectType": _named(
            "ProjectTypeNo", ((1, "Løpende timer"), (2, "Fast pris, avsluttes")), rng
        ),
    }


def _named(key: str, names: tuple[tuple[int, str], ...], rng: random.Random) -> list[Row]:
    return [{key: no, "Name": name, **stamps(rng)} for no, name in names]


def _country_columns(row: tuple[int, str, str, str, str, str, str], rng: random.Random) -> Row:
    number, code, code3, name, _, currency, _ = row
    return {
        "CountryNo": number,
        "Name": name,
        "CurrencyNo": CURRENCY_NO[currency],
        "Alfa2Code": code,
        "Alfa3Code": code3,
        **stamps(rng),
    }


def _currency_columns(row: tuple[int, str, str, str, int, float], rng: random.Random) -> Row:
    number, code, name, _, unit, _ = row
    return {
        "CurrencyNo": number,
        "CurrencyCode": code,
        "Description": name,
        "Unit": unit,
        "NumberOfDigitsAfterDecimal": 2,
        **stamps(rng),
    }


def _post_offices(rng: random.Random) -> list[Row]:
    places = {code: (city, land.code) for land in LANDS for code, city in land.places}
    return [
        {"PostCode": code, "PostOffice": city, "CountryNo": COUNTRY_NO[land], **stamps(rng)}
        for code, (city, land) in sorted(places.items())
    ]
