"""The shared fields of customers."""

from __future__ import annotations

from recon import text
from recon.spec import Field

FIELDS = (
    Field("name", "Name", "Customer.Name", "name", compare=text.squeeze),
    Field(
        "organisation_number",
        "Organisation number",
        "Customer.CompanyNo, Customer.VATRegNo",
        "vatNumber",
        compare=text.organisation_number,
        loses="Global gets the bare number: spaces, the country's prefix and MVA are left out",
    ),
    Field("email", "E-mail", "Customer.EmailAddress", "email", compare=text.email),
    Field("website", "Website", "Customer.WWWAddress", "website", compare=text.website),
    Field("currency", "Currency", "Customer.CurrencyNo", "currency"),
    Field(
        "payment_term",
        "Payment term (days)",
        "Customer.TermsOfPayCustNo",
        "paymentTerm",
        type="integer",
        loses="Severa knows days only: free delivery month, due date adjustment and cash discount "
        "of a Global term stay in Global; a term whose days agree is not replaced",
    ),
    Field(
        "e_invoice_address",
        "E-invoice address",
        "Customer.ElectronicInvoiceAddress",
        "eInvoiceAddress",
        compare=text.number,
    ),
    Field(
        "e_invoice_operator",
        "E-invoice operator",
        "Customer.ElectronicInvoiceOperator",
        "eInvoiceOperator",
        compare=text.squeeze,
    ),
    Field("active", "Active", "Customer.InActiveYesNo", "isActive", type="boolean"),
)
