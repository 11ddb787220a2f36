"""The Visma Global tables that are used, as SQLAlchemy Core tables: master data here, what is sold
and booked in `document_tables`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Table

from recon.systems import document_tables as document_tables
from recon.systems.table_forms import metadata, table

department = table(
    "Department",
    "DepNo",
    integers="DepNo RespEmployeeNo TransferNewYearYesNo InActiveYesNo",
    texts="Name SeveraGUID",
    dates="StartTime StopTime",
)

employee = table(
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

customer = table(
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

contact = table(
    "Contact",
    "ContactNo",
    integers="ContactNo CustomerNo SupplierNo EmployeeNo CountryNo InActiveYesNo",
    texts="Name Titel Department EmailAddress PrivateEmailAddress DirectTelephone "
    "InternalTelephone MobileTelephone PrivateTelephone Telefax Address1 Address2 Address3 "
    "PostCode PostOffice SeveraGUID",
    dates="NextContactDate",
)

customer_delivery_addresses = table(
    "CustomerDeliveryAddresses",
    "DeliveryAddressNo",
    integers="DeliveryAddressNo CustomerNo ContactNo DeliveryCountryNo LocalGovernmentNo",
    texts="DeliveryName DeliveryAddress1 DeliveryAddress2 DeliveryAddress3 DeliveryPostCode "
    "DeliveryPostOffice NameContactNo DeliveryEmailaddress DeliveryEANLocationNo GAN SeveraGUID",
)

customer_invoice_adresses = table(
    "CustomerInvoiceAdresses",
    "InvoiceAdressNo",
    integers="InvoiceAdressNo InvoiceAdressCustomerNo InvoiceAdressContactNo "
    "InvoiceAdressCountryNo InvoiceAdressLocalGovernment",
    texts="InvoiceAdressName InvoiceAdress1 InvoiceAdress2 InvoiceAdress3 InvoiceAdressPostCode "
    "InvoiceAdressPostoffice InvoiceAdressEmail InvoiceAdressContactName InvoiceEANLocationNo "
    "SeveraGUID",
)

customer_type = table(
    "CustomerType", "CustomerTypeNo", integers="CustomerTypeNo LockedYesNo", texts="Name SeveraGUID"
)

customer_group = table(
    "CustomerGroup",
    "CustomerGrpNo",
    integers="CustomerGrpNo InActiveYesNo",
    texts="Name SeveraGUID",
)

customer_profile = table(
    "CustomerProfile",
    "CustomerProfileNo",
    integers="CustomerProfileNo TaxClassNo VATCode SummaryInvoiceYesNo PaymentTypeNo "
    "EDIinvoiceYesNo EInvoiceYesNo LineBasedTaxClassNo CustomerPaysMyOutgoingVatYesNo",
    texts="Name",
)

terms_of_pay_customer = table(
    "TermsOfPayCustomer",
    "TermsOfPayCustNo",
    integers="TermsOfPayCustNo NumberOfDays CashDiscountNo FreeDeliveryMonthYesNo "
    "DueDateAdjustment",
    texts="Name EdiCode",
)

country = table(
    "Country",
    "CountryNo",
    integers="CountryNo LanguageNo CurrencyNo CountryType",
    texts="Name Alfa2Code Alfa3Code VehicleCode",
)

currency_table = table(
    "CurrencyTable",
    "CurrencyNo",
    integers="CurrencyNo Unit CurrencyType NumberOfDigitsAfterDecimal RoundingCode",
    texts="CurrencyCode Description",
)

post_office = table(
    "PostOffice",
    "PostCode",
    integers="CountryNo LocalGovernmentNo DistrictNo",
    texts="PostCode PostOffice Address1 Address2 Address3",
)

art_type = table("ArtType", "ArtTypeNo", integers="ArtTypeNo", texts="Name SeveraGUID")

article = table(
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

posting_template_article = table(
    "PostingTemplateArticle",
    "PostingTemplateNo",
    integers="PostingTemplateNo OutputTaxClassNo OutputVATCode SalesAccTaxable SalesAccNonTaxable "
    "EUAcc ExportAcc",
    texts="Name",
)

tax_class = table("TaxClass", "TaxClassNo", integers="TaxClassNo", texts="Name")

tax_rate = table(
    "TaxRate",
    "TaxClassNo ComeIntoForce",
    integers="TaxClassNo",
    floats="OutputVATPer",
    dates="ComeIntoForce",
)

units = table("Units", "UnitNo", integers="UnitNo", texts="UnitName EDIName")

project = table(
    "Project",
    "ProjectNo",
    integers="ProjectNo CustomerNo DepNo PMEmployeeNo ProductNo ContactNo ProjectCategoryNo "
    "ProjectType MainProjectNo IsMainProjectYesNo Status InvoiceableYesNo ProjectApprovalYesNo "
    "TransferNewYearYesNo InActiveYesNo InvoiceGroupingMode",
    texts="Name SeveraGUID",
    floats="CostEstimate IncomeEstimate HourEstimate MarkupPercent",
    dates="StartTime StopTime",
)

project_category = table(
    "ProjectCategory",
    "ProjectCategoryNo",
    integers="ProjectCategoryNo TenderYesNo InActiveYesNo",
    texts="Name",
)

time_project_type = table(
    "TimeProjectType", "ProjectTypeNo", integers="ProjectTypeNo", texts="Name"
)

common_parameter = table(
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

invoice_purchasing_parameter = table(
    "InvoicePurchasingParameter",
    "UniqueNo",
    integers="UniqueNo LastSalesOrderNo LastInvoiceNo LastCreditNoteNo LastOfferNo "
    "AutoOrderNoYesNo UseSeparateCreditNoteNoSeries WareHouseRequiredYesNo "
    "SuggestedCashCustomerNo",
)

last_numbers = table(
    "LastNumbers",
    "UniqueNo",
    integers="UniqueNo LastInvoiceNo LastCreditNoteNo LastCashNoteNo LastCashInvoiceNo "
    "LastUpdatedBy",
    stamps="LastUpdate",
)

logon_user = table(
    "LogonUser", "UserNo", integers="UserNo AccessLevel", texts="Name"
)  # Password and VudId are never read

system_update_history = table(
    "SystemUpdateHistory", "ID", integers="ID", texts="UpdateInfo", stamps="UpdateDate"
)

sub_system_info = table(
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
