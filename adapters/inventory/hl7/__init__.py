"""HL7 v2 from points of use: charges are usage, supply orders are replenishment requests, patients stay outside."""
