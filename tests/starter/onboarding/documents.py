"""Sample documents of a supplier that does not exist, as its translator would write them."""

from pathlib import Path

import yaml

from adapters.partners import PartnerProfile

PAGE = {
    "code": "midland",
    "kind": "supplier",
    "supplier": "MEDL",
    "language": "x12",
    "x12": {"their_id": "MIDLAND", "our_id": "NORTHHOSP"},
    "transport": {"kind": "folder", "outbox": "/srv/edi/midland/out"},
}
GROUPS = {"855": "PR", "856": "SH", "810": "IN", "997": "FA", "850": "PO"}


def a_page(**changes: object) -> PartnerProfile:
    return PartnerProfile.model_validate({**PAGE, **changes})


def a_page_file(folder: Path, **changes: object) -> Path:
    path = folder / "midland.yaml"
    path.write_text(yaml.safe_dump({**PAGE, **changes}))
    return path


def interchange(*sets: str, control: int = 1, sender: str = "MIDLAND", usage: str = "P") -> bytes:
    who = f"ZZ*{sender:<15}*ZZ*NORTHHOSP      "
    head = f"ISA*00*          *00*          *{who}*261126*0800*U*00401*{control:09}*0*{usage}*>~"
    groups = "".join(_group(each, number, sender) for number, each in enumerate(sets, start=1))
    return f"{head}{groups}IEA*{len(sets)}*{control:09}~".encode()


def _group(content: str, number: int, sender: str) -> str:
    code = content.split("*")[1]
    return f"GS*{GROUPS[code]}*{sender}*NORTHHOSP*20261126*0800*{number}*X*004010~{content}GE*1*{number}~"


def a_set(code: str, *segments: str) -> str:
    return f"ST*{code}*0001~{''.join(f'{each}~' for each in segments)}SE*{len(segments) + 2}*0001~"


def an_answer(*lines: str, kind: str = "AC", po_number: str = "PO-000001") -> str:
    return a_set("855", f"BAK*00*{kind}*{po_number}*20261126", *lines)


SPLIT = ("PO1*1*20*BX*1.1**VP*M-GLV-M", "ACK*IA*12*BX*068*20261201", "ACK*IB*8*BX")
REFUSED_LINE = ("PO1*2*5*BX*4**VP*M-SYR-5", "ACK*IR*5*BX")


def a_ship_notice(po_number: str = "PO-000001") -> str:
    return a_set(
        "856",
        "BSN*00*SHP-1*20261127*0900*0001",
        "HL*1**S",
        "DTM*011*20261127",
        "DTM*017*20261129",
        "HL*2*1*O",
        f"PRF*{po_number}",
        "HL*3*2*I",
        "LIN*1*VP*M-GLV-M*LT*L-77",
        "SN1*1*12*BX",
        "DTM*036*20281231",
        "HL*4*2*I",
        "LIN*1*VP*M-GLV-M*LT*L-78",
        "SN1*1*8*BX",
        "HL*5*2*I",
        "LIN*2*VP*M-SYR-5",
        "SN1*2*5*BX",
        "CTT*5",
    )


def an_invoice(*more: str, total: str = "2200", price: str = "1.1", billed: str = "20") -> str:
    lines = (f"IT1*1*{billed}*BX*{price}**VP*M-GLV-M", f"TDS*{total}", *more, "CTT*1")
    return a_set("810", "BIG*20261128*INV-9*20261120*PO-000001", *lines)


def an_acknowledgement(verdict: str = "A") -> str:
    return a_set("997", "AK1*PO*7", "AK2*850*0001", f"AK5*{verdict}", f"AK9*{verdict}*1*1*1")


BROKEN = "ST*855*0001~BAK*00*AC*PO-000001*20261126~PO1*1*20*BX*1.1**VP*M-GLV-M~SE*4*0009~"
