"""The Visma Global tables that are used, as SQLAlchemy Core tables.

Their schema is the placeholder `SCHEMA`: an engine maps it to the profile's schema with
`schema_translate_map={SCHEMA: name}`. Columns are those that the product uses or may soon use;
a database holds more, which the transport finds in its catalogue. Texts are bound as Unicode, so
that a VARCHAR and an NVARCHAR column take the same statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BINARY,
    VARBINARY,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    Unicode,
    Uuid,
)
from sqlalchemy.dialects.mssql import MONEY, SMALLMONEY
from sqlalchemy.types import TypeEngine

SCHEMA = "global"
COLLATION = "GLOBAL_CI_AS"
GUID = "SeveraGUID"
EMPTY_DATE = datetime(1970, 1, 1)
EMPTY_DATES = frozenset({EMPTY_DATE, datetime(1900, 1, 1), datetime(1899, 12, 30)})
MARKER = "RECON_SANDBOX_MARKER"

# Never read, stored or shown, though Global holds them.
PRIVATE = frozenset(
    {"password", "bizwebpassword", "bankaccount", "postaccount", "iban", "birthday", "sex", "vudid"}
    | {"timecostprice"}  # what a person's hour costs is a salary
)


def private(column: str) -> bool:
    """Whether a column holds what is nobody's business; other versions have more passwords."""
    return column.casefold() in PRIVATE or "password" in column.casefold()


_EMPTIES: tuple[tuple[type[Any] | tuple[type[Any], ...], Any], ...] = (
    ((Integer, Boolean), 0),
    ((Numeric, Float, MONEY, SMALLMONEY), 0),
    ((LargeBinary, BINARY, VARBINARY), b""),
    (Uuid, str(UUID(int=0))),
    (String, ""),
    (DateTime, EMPTY_DATE),
    (Date, EMPTY_DATE.date()),
    (Time, EMPTY_DATE.time()),
)

metadata = MetaData(schema=SCHEMA)
_STAMPS = "Created LastUpdate"
_USERS = "CreatedBy LastUpdatedBy"


def _columns(names: str, kind: Any, key: str) -> list[Column[Any]]:
    return [
        Column(name, kind, primary_key=own, autoincrement=False, nullable=not own)
        for name in names.split()
        for own in [name in key.split()]
    ]


def _table(name: str, key: str, *, integers: str = "", texts: str = "", **others: str) -> Table:
    """A table with its stamps; `key` names one or several columns, `others` are `floats`, `dates`,
    and `stamps` ('' for none)."""
    stamped = others.get("stamps", _STAMPS)
    users = _USERS if stamped == _STAMPS else ""
    return Table(
        name,
        metadata,
        *_columns(f"{integers} {users}", Integer(), key),
        *_columns(texts, Unicode(), key),
        *_columns(others.get("floats", ""), Float(53), key),
        *_columns(f"{others.get('dates', '')} {stamped}", DateTime(), key),
        implicit_returning=False,  # OUTPUT fails on tables that have triggers
    )


department = _table(
    "Department",
    "DepNo",
    integers="DepNo RespEmployeeNo TransferNewYearYesNo InActiveYesNo",
    texts="Name SeveraGUID",
    dates="StartTime StopTime",
)

employee = _table(
    "Employee",
    "EmployeeNo",
    integers="EmployeeNo DepNo CountryNo ProjectNo ProductNo ReportsTo UserNo SuperiorNo "
    "EmployeeCatNo InActiveYesNo",
    texts="Name MiddleName FamilyName Titel InternalTelephone MobileTelephone PrivateTelephone "
    "InternalEmailAddress PrivateEmailAddress Address1 Address2 Address3 PostCode PostOffice "
    "SeveraGUID",
    floats="TimeSalesPrice WorkingHours",
    dates="HireDate EndedDate",
)

customer = _table(
    "Customer",
    "CustomerNo",
    integers="CustomerNo CountryNo CurrencyNo CustomerTypeNo CustomerGrpNo CustomerProfileNo "
    "TermsOfPayCustNo TermsOfDeliveryNo DeliveryMethodsNo FormProfileCustNo BusinessNo ChainNo "
    "EmployeeNo DepNo ProjectNo ProductNo DistrictNo WareHouseNo PriceListNo BuContactNo "
    "ContactNoInvoice ContactNoDelivery ContactNoReminder DeliveryAddressNo InvoiceAdressNo "
    "MergeToCustomerNo LockedYesNo InActiveYesNo CreditBlockAllowOfferAndNewOrders "
    "ElectronicInvoiceActive ElectronicInvoiceByMailYesNo EinvoiceStatus EdiProfileNo "
    "GLAccountRec GrossInvoicingYesNo RemainderOrderYesNo RoundingCode LocalGovernmentNo",
    texts="Name InvoiceName1 InvoiceName2 ExtraName1 SortName NameContactNoInvoice "
    "Address1 Address2 Address3 PostCode PostOffice Telephone Telefax EmailAddress WWWAddress "
    "CompanyNo VATRegNo EANLocationNo ElectronicInvoiceOperator ElectronicInvoiceAddress "
    "EinvoiceRef FactCustomerNo SeveraGUID",
    floats="Balance CreditLimit",
    dates="RegistrationDate LastMovementDate",
)

contact = _table(
    "Contact",
    "ContactNo",
    integers="ContactNo CustomerNo SupplierNo EmployeeNo CountryNo InActiveYesNo",
    texts="Name Titel Department EmailAddress PrivateEmailAddress DirectTelephone "
    "InternalTelephone MobileTelephone PrivateTelephone Telefax Address1 Address2 Address3 "
    "PostCode PostOffice SeveraGUID",
    dates="NextContactDate",
)

customer_delivery_addresses = _table(
    "CustomerDeliveryAddresses",
    "DeliveryAddressNo",
    integers="DeliveryAddressNo CustomerNo ContactNo DeliveryCountryNo LocalGovernmentNo",
    texts="DeliveryName DeliveryAddress1 DeliveryAddress2 DeliveryAddress3 DeliveryPostCode "
    "DeliveryPostOffice NameContactNo DeliveryEmailaddress DeliveryEANLocationNo GAN SeveraGUID",
)

customer_invoice_adresses = _table(
    "CustomerInvoiceAdresses",
    "InvoiceAdressNo",
    integers="InvoiceAdressNo InvoiceAdressCustomerNo InvoiceAdressContactNo "
    "InvoiceAdressCountryNo InvoiceAdressLocalGovernment",
    texts="InvoiceAdressName InvoiceAdress1 InvoiceAdress2 InvoiceAdress3 InvoiceAdressPostCode "
    "InvoiceAdressPostoffice InvoiceAdressEmail InvoiceAdressContactName InvoiceEANLocationNo "
    "SeveraGUID",
)

customer_type = _table(
    "CustomerType", "CustomerTypeNo", integers="CustomerTypeNo LockedYesNo", texts="Name SeveraGUID"
)

customer_group = _table(
    "CustomerGroup",
    "CustomerGrpNo",
    integers="CustomerGrpNo InActiveYesNo",
    texts="Name SeveraGUID",
)

customer_profile = _table(
    "CustomerProfile",
    "CustomerProfileNo",
    integers="CustomerProfileNo TaxClassNo VATCode SummaryInvoiceYesNo PaymentTypeNo "
    "EDIinvoiceYesNo EInvoiceYesNo LineBasedTaxClassNo CustomerPaysMyOutgoingVatYesNo",
    texts="Name",
)

terms_of_pay_customer = _table(
    "TermsOfPayCustomer",
    "TermsOfPayCustNo",
    integers="TermsOfPayCustNo NumberOfDays CashDiscountNo FreeDeliveryMonthYesNo "
    "DueDateAdjustment",
    texts="Name EdiCode",
)

country = _table(
    "Country",
    "CountryNo",
    integers="CountryNo LanguageNo CurrencyNo CountryType",
    texts="Name Alfa2Code Alfa3Code VehicleCode",
)

currency_table = _table(
    "CurrencyTable",
    "CurrencyNo",
    integers="CurrencyNo Unit CurrencyType NumberOfDigitsAfterDecimal RoundingCode",
    texts="CurrencyCode Description",
)

post_office = _table(
    "PostOffice",
    "PostCode",
    integers="CountryNo LocalGovernmentNo DistrictNo",
    texts="PostCode PostOffice Address1 Address2 Address3",
)

art_type = _table("ArtType", "ArtTypeNo", integers="ArtTypeNo", texts="Name SeveraGUID")

article = _table(
    "Article",
    "ArticleNo",
    integers="ArtTypeNo MainGroupNo IntermediateGroupNo SubGroupNo PostingTemplateNo UnitTypeNo "
    "StockProfileNo WareHouseNo PriceCalcMethodsNo DepNo ProjectNo ProductNo EmployeeNo "
    "InActiveYesNo NonStockItemYesNo MiscArticleYesNo CostingMethods",
    texts="ArticleNo Name Name2 AltArtNo EANNo MergeToArticleNo StdUnitCode "
    "QuantityPerUnitTextSale QuantityPerUnitTextPurchase SeveraGUID",
    floats="Price1 Price2 Price3 Price4 Price5 PurchasePrice FullCost GrossPrice OfferPrice "
    "QuantityPerUnitSale QuantityPerUnitPurchase UnitInStock",
    dates="RegistrationDate LastMovementDate ValidFrom ValidTo",
)

posting_template_article = _table(
    "PostingTemplateArticle",
    "PostingTemplateNo",
    integers="PostingTemplateNo OutputTaxClassNo OutputVATCode",
    texts="Name",
)

tax_class = _table("TaxClass", "TaxClassNo", integers="TaxClassNo", texts="Name")

tax_rate = _table(
    "TaxRate",
    "TaxClassNo ComeIntoForce",
    integers="TaxClassNo",
    floats="OutputVATPer",
    dates="ComeIntoForce",
)

units = _table("Units", "UnitNo", integers="UnitNo", texts="UnitName EDIName")

project = _table(
    "Project",
    "ProjectNo",
    integers="ProjectNo CustomerNo DepNo PMEmployeeNo ProductNo ContactNo ProjectCategoryNo "
    "ProjectType MainProjectNo IsMainProjectYesNo Status InvoiceableYesNo ProjectApprovalYesNo "
    "TransferNewYearYesNo InActiveYesNo InvoiceGroupingMode",
    texts="Name SeveraGUID",
    floats="CostEstimate IncomeEstimate HourEstimate MarkupPercent",
    dates="StartTime StopTime",
)

project_category = _table(
    "ProjectCategory",
    "ProjectCategoryNo",
    integers="ProjectCategoryNo TenderYesNo InActiveYesNo",
    texts="Name",
)

common_parameter = _table(
    "CommonParameter",
    "UniqueNo",
    integers="UniqueNo LastUsedCustomerNo LastUsedSupplierNo DepRegYesNo EmployeeRegYesNo "
    "ProductRegYesNo ProjectRegYesNo DepartmentRequiredYesNo EmployeeRequiredYesNo "
    "ProductRequiredYesNo ProjectRequiredYesNo ExtraCostUnitIRequiredYesNo "
    "ExtraCostUnitIIRequiredYesNo ExtraCostUnitIIIRequiredYesNo ExtraCostUnitIVRequiredYesNo "
    "RoundingCode UseCustomerAlfa UseSupplierAlfa UseDepartmentAlfa UseProjectAlfa "
    "ValidateCompanyNumbersYesNo",
    texts="CustomerNoAlfa SupplierNoAlfa ArticleNoAlfa KIDDefinition",
)

invoice_purchasing_parameter = _table(
    "InvoicePurchasingParameter",
    "UniqueNo",
    integers="UniqueNo LastSalesOrderNo LastInvoiceNo LastCreditNoteNo LastOfferNo "
    "AutoOrderNoYesNo UseSeparateCreditNoteNoSeries WareHouseRequiredYesNo "
    "SuggestedCashCustomerNo",
)

last_numbers = _table(
    "LastNumbers",
    "UniqueNo",
    integers="UniqueNo LastInvoiceNo LastCreditNoteNo LastCashNoteNo LastCashInvoiceNo "
    "LastUpdatedBy",
    stamps="LastUpdate",
)

logon_user = _table(
    "LogonUser", "UserNo", integers="UserNo AccessLevel", texts="Name"
)  # Password and VudId are never read

system_update_history = _table(
    "SystemUpdateHistory", "ID", integers="ID", texts="UpdateInfo", stamps="UpdateDate"
)

sub_system_info = _table(
    "SubSystemInfo",
    "SubSystemID",
    integers="SubSystemID ArchBaselevel ApplicationBaselevel",
    texts="Build",
    stamps="SystemDate",
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in metadata.tables.values()}
)


def key_of(table_name: str) -> str:
    """The (first) primary key column of a used table; KeyError if it is not one of ours."""
    return next(iter(TABLES[table_name].primary_key.columns)).name


def empty_of(kind: TypeEngine[Any]) -> Any:
    """What Global holds for "nothing" in a column of this kind; None if the kind is not known."""
    for kinds, empty in _EMPTIES:
        if isinstance(kind, kinds):
            return empty
    return None


def collate(left: str, right: str) -> int:
    """How Global's texts compare: case and trailing spaces do not count (-1, 0, 1)."""
    a, b = left.rstrip(" ").casefold(), right.rstrip(" ").casefold()
    return (a > b) - (a < b)


def attach(connection: sqlite3.Connection, file: Path, schema: str) -> None:
    """Let a SQLite file stand in for Global's database, under its schema's name.

    `connection` is opened with `uri=True`. A committed write survives the death of the process
    (the file is in WAL mode). A file that is not there is not made.
    """
    connection.create_collation(COLLATION, collate)
    _attach(connection, file, schema)
    if (named := _remembered(connection, schema)).casefold() != schema.casefold():
        connection.execute(f"DETACH DATABASE {_quoted(schema)}")
        _attach(connection, file, named)


def _attach(connection: sqlite3.Connection, file: Path, schema: str) -> None:
    address = f"{file.absolute().as_uri()}?mode=rw"
    connection.execute(f"ATTACH DATABASE ? AS {_quoted(schema)}", (address,))
    connection.execute(f"PRAGMA {_quoted(schema)}.synchronous = NORMAL")


def _remembered(connection: sqlite3.Connection, schema: str) -> str:
    """The schema that the file was made for, so that a wrong name fails as it does elsewhere."""
    try:
        row = connection.execute(f"SELECT SchemaName FROM {_quoted(schema)}.{MARKER}").fetchone()
    except sqlite3.OperationalError:
        return schema
    return str(row[0]) if row else schema


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
