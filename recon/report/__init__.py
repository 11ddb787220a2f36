"""Reports: data first (`data`), rendering second (`excel`, `html`, `charts`)."""
