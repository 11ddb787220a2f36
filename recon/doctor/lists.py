"""What the doctor and the interview read from Global beyond the entities: version, users, types
with how many rows have each, switches, and who wrote SeveraGUIDs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, Table, and_, func, select

from recon.systems import document_tables, tables
from recon.systems.table_forms import GUID, private
from recon.systems.tables import TABLES, key_of

DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "DepartmentRequiredYesNo": "DepNo",
        "EmployeeRequiredYesNo": "EmployeeNo",
        "ProductRequiredYesNo": "ProductNo",
        "ProjectRequiredYesNo": "ProjectNo",
        "ExtraCostUnitIRequiredYesNo": "",
        "ExtraCostUnitIIRequiredYesNo": "",
        "ExtraCostUnitIIIRequiredYesNo": "",
        "ExtraCostUnitIVRequiredYesNo": "",
    }
)
ALPHANUMERIC: Mapping[str, str] = MappingProxyType(
    {"UseCustomerAlfa": "Customer", "UseDepartmentAlfa": "Department", "UseProjectAlfa": "Project"}
)
COUNTERS = ("LastUsedCustomerNo",)
# The dimensions that an account may ask for, each with the order line's column that carries it.
ACCOUNT_DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "DepNoSpec": "DepNo",
        "EmployeeNoSpec": "EmployeeNo",
        "ProjectNoSpec": "ProjectNo",
        "ProductNoSpec": "",
        "ExtraCostUnit1Spec": "",
        "ExtraCostUnit2Spec": "",
        "ExtraCostUnit3Spec": "",
        "ExtraCostUnit4Spec": "",
    }
)
SALES_ACCOUNTS = ("SalesAccTaxable", "SalesAccNonTaxable", "EUAcc", "ExportAcc")
# Orders and their lines, each with what holds the same once it is invoiced.
ORDERS = ("CustomerOrder", "CustomerOrderCopy")
LINES = ("CustomerOrderLine", "CustomerOrderLineCopy")


def statements() -> Mapping[str, Select[Any]]:
    """All of them but the SeveraGUIDs, by name."""
    return {
        "updates": _updates(),
        "builds": _builds(),
        "users": _plain(tables.logon_user),
        "parameters": _parameters(),
        "customer_types": _counted(tables.customer_type, tables.customer, "CustomerTypeNo"),
        "customer_groups": _counted(tables.customer_group, tables.customer, "CustomerGrpNo"),
        "customer_profiles": _counted(
            tables.customer_profile, tables.customer, "CustomerProfileNo"
        ),
        "article_types": _counted(tables.art_type, tables.article, "ArtTypeNo"),
        "posting_templates": _counted(
            tables.posting_template_article, tables.article, "PostingTemplateNo"
        ),
        "project_types": _project_types(),
        "employee_categories": _employee_categories(),
        "project_categories": _counted(
            tables.project_category, tables.project, "ProjectCategoryNo"
        ),
    }


def project_type_names() -> Select[Any]:
    """Number and name of each project type, which not every Global has."""
    return _plain(tables.time_project_type)


def voucher_types() -> Select[Any]:
    """Number and name of each voucher type."""
    return select(document_tables.voucher_type.c.VoucherTypeNo, document_tables.voucher_type.c.Name)


def accounts() -> Select[Any]:
    """The number of each account of the general ledger."""
    return select(document_tables.gl_account.c.GLAccountNo)


def warehouse() -> Select[Any]:
    """Whether the lines of orders need a warehouse."""
    return select(tables.invoice_purchasing_parameter.c.WareHouseRequiredYesNo)


def sales_accounts() -> Select[Any]:
    """The accounts to which sales of each posting template go."""
    table = tables.posting_template_article
    return select(*(table.c[name] for name in ("PostingTemplateNo", "Name", *SALES_ACCOUNTS)))


def account_dimensions() -> Select[Any]:
    """The accounts, and which dimensions each asks for."""
    table = document_tables.gl_account
    return select(*(table.c[name] for name in ("GLAccountNo", "Name", *ACCOUNT_DIMENSIONS)))


def documents() -> list[Select[Any]]:
    """What is asked where documents transfer: voucher types, dimensions, and all that every version
    has of orders and lines; the login may see more of these."""
    tables_ = [TABLES[name] for name in (*ORDERS, *LINES)]
    whole = [select(*(c for c in table.c if not private(c.name))) for table in tables_]
    asked = [warehouse(), sales_accounts(), account_dimensions()]
    return [voucher_types(), *asked, *whole]


def guids(table_name: str) -> Select[Any]:
    """Each SeveraGUID of a table, when its row was made and last changed, and by whom."""
    table = TABLES[table_name]
    names = (GUID, "Created", "LastUpdate", "LastUpdatedBy")
    filled = and_(table.c[GUID].is_not(None), table.c[GUID] != "")
    return select(*(table.c[name] for name in names)).where(filled)


def _updates() -> Select[Any]:
    """The updates of this Visma Global, newest first."""
    table = tables.system_update_history
    newest = (table.c.UpdateDate.desc(), table.c.ID.desc())
    return select(table.c.UpdateInfo).order_by(*newest).limit(1)


def _builds() -> Select[Any]:
    table = tables.sub_system_info
    return select(table.c.SubSystemID, table.c.Build).order_by(table.c.SubSystemID)


def _plain(table: Table) -> Select[Any]:
    key = table.c[key_of(table.name)]
    return select(key.label("key"), table.c.Name.label("name")).order_by(key)


def _parameters() -> Select[Any]:
    """The one row of switches and counters that is looked at."""
    table = tables.common_parameter
    return select(*(table.c[name] for name in (*DIMENSIONS, *ALPHANUMERIC, *COUNTERS)))


def _counted(table: Table, rows: Table, column: str) -> Select[Any]:
    """Key and name of each entry, and how many active rows have it."""
    key, active = table.c[key_of(table.name)], rows.c.InActiveYesNo == 0
    return (
        select(
            key.label("key"),
            table.c.Name.label("name"),
            func.count(rows.c[key_of(rows.name)]).label("count"),
        )
        .select_from(table.outerjoin(rows, and_(rows.c[column] == key, active)))
        .group_by(key, table.c.Name)
        .order_by(key)
    )


def _project_types() -> Select[Any]:
    """Each type among the active projects, how many have it, and the name of one of them."""
    table = tables.project
    return (
        select(
            table.c.ProjectType.label("key"),
            func.min(table.c.Name).label("example"),
            func.count(table.c.ProjectNo).label("count"),
        )
        .where(table.c.InActiveYesNo == 0, table.c.ProjectNo != 0)
        .group_by(table.c.ProjectType)
        .order_by(table.c.ProjectType)
    )


def _employee_categories() -> Select[Any]:
    """Each category among the active employees, how many have it, and the title of one of them."""
    table = tables.employee
    return (
        select(
            table.c.EmployeeCatNo.label("key"),
            func.max(table.c.Titel).label("example"),
            func.count(table.c.EmployeeNo).label("count"),
        )
        .where(table.c.InActiveYesNo == 0, table.c.EmployeeNo != 0)
        .group_by(table.c.EmployeeCatNo)
        .order_by(table.c.EmployeeCatNo)
    )
