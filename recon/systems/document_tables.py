"""The Visma Global tables of what is sold and booked: orders, invoices, ledgers, vouchers."""

from __future__ import annotations

from recon.systems.table_forms import table

LEDGERS = frozenset({"GLAccountTransaction", "DebLTransaction", "CredLTransaction", "Voucher"})
"""Bookkeeping records: nothing but SeveraGUID is ever written there, not even who wrote it when."""

_DIMENSIONS = "DepNo ProjectNo EmployeeNo ProductNo"
_EXCHANGE = "ExchangeAmount ExchangeRate"

# What an order and its copy (the invoiced part of it) have in common.
_ORDER = {
    "integers": f"{_DIMENSIONS} CustomerNo OrderType OrderStatus CustomerProfileNo CustomerGrpNo "
    "CustomerTypeNo TermsOfPayCustNo TaxClassNo VATCode CurrencyNo LanguageNo BusinessNo "
    "InvoiceCountryNo DeliveryCountryNo InvoiceAdressNo DeliveryAddressNo ContactNoInvoice "
    "ContactNoDelivery DeliveryMethodsNo TermsOfDeliveryNo PaymentTypeNo FormProfileCustNo "
    "DistrictNo WareHouseNo PriceListNo ChainNo GLAccountRec TypeOfInvoiceDate TypeOfDueDate "
    "SummaryInvoiceYesNo RemainderOrderYesNo DeliveredYesNo OrderCreatedBy CountryType "
    "LineBasedTaxClassNo EU3PartYesNo CustomerPaysMyOutgoingVatYesNo EinvoiceYesNo "
    "OrgRegOrderCustomerNo",
    "texts": "CustomerName OurRef NameContactNoInvoice OrderName ReferenceID SortName "
    "InvoiceName1 InvoiceName2 InvoiceAddress1 InvoiceAddress2 InvoiceAddress3 InvoicePostCode "
    "InvoicePostOffice DeliveryCustomerName DeliveryAddress1 DeliveryAddress2 DeliveryAddress3 "
    "DeliveryPostCode DeliveryPostOffice CustomerPurchaseNo CompanyNo VATRegNo EDIBuyerRefNo "
    "OriginalOrderNo SeveraGUID",
    "floats": f"TotalAmount TotalGross TotalVAT TotalTaxFree TotalDelivery TotalFee TotalDuty "
    f"InvoiceFee HandlingCharge Postage InvoiceDiscount InvoiceDiscountPer VATPer {_EXCHANGE}",
    "dates": "OrderDate DeliveryDate DueDate RegistrationDate",
}
_LINE = {
    "integers": f"{_DIMENSIONS} SeqNo OrderType OrderStatus ArtTypeNo MainGroupNo "
    "IntermediateGroupNo SubGroupNo UnitTypeNo TaxClassNo VATCode CurrencyNo GLSalesAccountNo "
    "WareHouseNo PriceListNo StockProfileNo StockControlYesNo MiscArticleYesNo InvoiceYesNo "
    "LanguageNo OriginalLineNo OrderCreatedBy PostingTemplateNo",
    "texts": "ArticleNo Name Name2 QuantityPerUnitText BasicUnitText "
    "OriginalOrderNo ReferenceID SeveraGUID",
    "floats": "Quantity OriginalQuantity Remainder Invoiced TotalDelivered PartDelivered "
    "GrossPrice NetPrice OriginalPrice Amount NetDeliveryAmount NetRemainderAmount PurchasePrice "
    "FullCost DiscountI DiscountII DiscountIII QtyPerUnit QuantityPerUnit UnitFactor VATPer "
    f"ExchangeSalesPrice AgreedCurrencyRate {_EXCHANGE}",
    "dates": "OrderDate DeliveryDate RegistrationDate",
}

customer_order = table(
    "CustomerOrder",
    "OrderNo",
    integers=_ORDER["integers"],
    texts=f"OrderNo {_ORDER['texts']}",
    floats=_ORDER["floats"],
    dates=f"{_ORDER['dates']} LastInvoiceDate",
)

customer_order_line = table(
    "CustomerOrderLine",
    "UniqueID",
    integers=f"UniqueID {_LINE['integers']}",
    texts=f"OrderNo {_LINE['texts']}",
    floats=_LINE["floats"],
    dates=_LINE["dates"],
)

customer_order_copy = table(
    "CustomerOrderCopy",
    "OrderCopyNo",
    integers=f"InvoiceNo CommonInvoiceID JournalNo Period UniqueID {_ORDER['integers']}",
    texts=f"OrderCopyNo Kid {_ORDER['texts']}",
    floats=f"RoundingAmount {_ORDER['floats']}",
    dates=f"InvoiceDate {_ORDER['dates']}",
    stamps="Created",
)

customer_order_line_copy = table(
    "CustomerOrderLineCopy",
    "UniqueID",
    integers=f"UniqueID InvoiceNo CommonInvoiceID OrderLineUniqueID {_LINE['integers']}",
    texts=f"OrderCopyNo {_LINE['texts']}",
    floats=f"VATAmount BasisOfVATAmount BasisOfVATExchAmount {_LINE['floats']}",
    dates=_LINE["dates"],
    stamps="Created",
)

_ENTRY = {
    "integers": f"{_DIMENSIONS} UniqueNo VoucherNo VoucherTypeNo VoucherID AccountingYear Period "
    "CurrencyNo ContraEntryChainNo CorrectedFromUniqueNo StatusTransaction BatchNo",
    "texts": "Description VoucherSerialNo",
    "floats": f"Amount Quantity {_EXCHANGE}",
    "dates": "VoucherDate EntryDate",
}

deb_l_transaction = table(
    "DebLTransaction",
    "UniqueNo",
    integers=f"{_ENTRY['integers']} CustomerNo ContraEntryNo OrgRegOrderCustomerNo GLAccRec "
    "TermsOfPayCustNo",
    texts=f"{_ENTRY['texts']} Kid CustomerInvoiceNo",
    floats=f"{_ENTRY['floats']} RestAmount",
    dates=f"{_ENTRY['dates']} DueDate",
)

cred_l_transaction = table(
    "CredLTransaction",
    "UniqueNo",
    integers=f"{_ENTRY['integers']} SupplierNo ContraEntryNo AttestStatus GLAccPay "
    "TermsOfPaySupplNo",
    texts=f"{_ENTRY['texts']} Kid SuppliersInvoiceNo",
    floats=f"{_ENTRY['floats']} RestAmount",
    dates=f"{_ENTRY['dates']} DueDate",
)

gl_account_transaction = table(
    "GLAccountTransaction",
    "UniqueNo",
    integers=f"{_ENTRY['integers']} GLAccountNo AttestStatus TaxClassNo VATCode CustomerNo "
    "SupplierNo StatusChain SLAccount",
    texts=f"{_ENTRY['texts']} MainVoucherText ReferenceId SeveraGUID",
    floats=_ENTRY["floats"],
    dates=_ENTRY["dates"],
)

gl_account = table(
    "GLAccount",
    "GLAccountNo",
    integers="GLAccountNo TaxClassNo VATCode CurrencyNo InActiveYesNo AccountType DepNoSpec "
    "EmployeeNoSpec ProjectNoSpec ProductNoSpec ExtraCostUnit1Spec ExtraCostUnit2Spec "
    "ExtraCostUnit3Spec ExtraCostUnit4Spec",
    texts="Name VATReportCode",
)

supplier = table(
    "Supplier",
    "SupplierNo",
    integers="SupplierNo CountryNo CurrencyNo InActiveYesNo LockedYesNo MergeToSupplierNo",
    texts="Name CompanyNo VATRegNo",
)

voucher = table(
    "Voucher",
    "VoucherID",
    integers="VoucherID VoucherNo VoucherGroupNo AccountingYear CustomerNo SupplierNo CurrencyNo "
    "AttestStatus VoucherStatus DepNo ProjectNo EmployeeNo",
    texts="VoucherText SuppliersInvoiceNo Kid",
    floats="TotalAmount VatAmount",
    dates="VoucherDate DueDate",
)

voucher_type = table(
    "VoucherType",
    "VoucherTypeNo",
    integers="VoucherTypeNo LastVoucherNoID AttestationYesNo InActiveYesNo",
    texts="Name",
)

currency_rate = table(
    "CurrencyRate",
    "CurrencyNo RateDate",
    integers="CurrencyNo",
    floats="SalesRate PurchaseRate AverageRate",
    dates="RateDate",
)
