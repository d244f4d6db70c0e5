"""cXML 1.2: orders and punch-out written, confirmations, ship notices, invoices and carts read."""
