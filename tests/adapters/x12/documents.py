"""X12 documents of our own making: sets as people write them down, put into interchanges with any delimiters."""

from dataclasses import dataclass

from adapters.documents.reading import Reading
from adapters.supplier.x12.envelope import Group, Interchange
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet, read, read_parts
from adapters.supplier.x12.segments import pieces

FUNCTIONAL_IDS = {
    "850": "PO", "860": "PC", "855": "PR", "865": "CA", "856": "SH", "810": "IN", "820": "RA", "832": "SC", "846": "IB",
    "867": "PT", "997": "FA", "999": "FA",
}  # fmt: skip


@dataclass(frozen=True)
class Delimited:
    """With which delimiters a document is written."""

    element: str = "*"
    terminator: str = "~"
    component: str = ">"
    version: str = "004010"


USUAL = Delimited()


def transaction(code: str, body: str, *, control: str = "0001", count: int | None = None) -> list[str]:
    """Return a set from segments written one a line with `*`, between ST and SE."""
    segments = [line.strip() for line in body.strip().splitlines() if line.strip()]
    trailer = f"SE*{len(segments) + 2 if count is None else count}*{control}"
    return [f"ST*{code}*{control}", *segments, trailer]


def interchange(*sets: list[str], control: int = 1, marks: Delimited = USUAL, usage: str = "P") -> bytes:
    """Return an interchange with one group of these sets."""
    code = sets[0][0].split("*")[1]
    group = [f"GS*{FUNCTIONAL_IDS[code]}*MEDL*HOSP*20261126*0915*{control}*X*{marks.version}"]
    group += [segment for one in sets for segment in one]
    group += [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09d}"]
    head = header(control, marks, usage)
    end = marks.terminator
    return (head + end + end.join(line.replace("*", marks.element) for line in group) + end).encode("latin-1")


def header(control: int = 1, marks: Delimited = USUAL, usage: str = "P") -> str:
    """Return an ISA without its terminator."""
    release = marks.version[:5]
    fields = [
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", "MEDL".ljust(15), "ZZ", "HOSP".ljust(15), "261126", "0915",
        "U" if release < "00402" else "^", release, f"{control:09d}", "0", usage, marks.component,
    ]  # fmt: skip
    return marks.element.join(fields)


def read_one(code: str, body: str, options: X12Options | None = None, marks: Delimited = USUAL) -> Reading:
    """Read one set alone in an interchange."""
    (reading,) = read(interchange(transaction(code, body), marks=marks), options or X12Options())
    return reading


def parts_of(body: bytes, options: X12Options | None = None) -> list[ReadSet | Group | Interchange]:
    """Read a file into sets, groups and interchanges."""
    return [*read_parts(pieces(body), options or X12Options())]


ORDER = """
    BEG*00*SA*PO-4711**20261120
    CUR*BY*USD
    REF*DP*SURGERY
    DTM*002*20261201
    N9*L1*NOTES
    MSG*Deliver to the back door
    N1*ST*North Hospital*UL*0614141000036
    PO1*1*10*BX*12.50*PE*VP*GLV-M*UK*10614141000415
    PID*F****Gloves nitrile M
    SCH*10*BX***002*20261201
    PO1*2*4*CA*80**VP*MSK-1*BP*MASK
    CTP**CON*80
    CTT*2*14
    AMT*TT*445"""

ANSWER = """
    BAK*00*AC*PO-4711*20261120****SO-99*20261121
    N1*SE*Midland Medical*92*MEDL
    PO1*1*10*BX*12.50*PE*VP*GLV-M*UK*10614141000415
    PID*F****Gloves nitrile M
    ACK*IA*6*BX*067*20261201
    ACK*IB*4*BX*067*20261215
    PO1*2*4*CA*81**VP*MSK-1*BP*MASK
    ACK*IP*4*CA
    ACK*DR*4*CA*067*20261205
    CTT*2*14"""

NOTICE = """
    BSN*00*ASN-5*20261128*1030*0001
    HL*1**S
    TD1*CTN25*2****G*18.5*LB
    TD5*B*2*FDEG*M*FedEx Ground
    REF*CN*794612345678
    DTM*011*20261128*1030
    DTM*017*20261201
    N1*SF*Midland Medical*92*MEDL
    HL*2*1*O
    PRF*PO-4711***20261120
    HL*3*2*P
    MAN*GM*00106141410000000019
    HL*4*3*I
    LIN*1*VP*GLV-M*UK*10614141000415*LT*LOT-A
    SN1*1*6*BX**10*BX
    DTM*036*20281231
    HL*5*3*I
    LIN*2*VP*MSK-1
    SN1*2*4*CA
    REF*LT*LOT-B
    DTM*511*20290131
    CTT*5"""

INVOICE = """
    BIG*20261129*INV-7*20261120*PO-4711***DI
    CUR*SE*USD
    ITD*01*3*2**10*20261229
    IT1*1*6*BX*12.50**VP*GLV-M
    PID*F****Gloves nitrile M
    IT1*2*4*CA*80**VP*MSK-1
    TDS*42150
    TXI*ST*24.00*6
    SAC*C*D240***1250
    SAC*A*C310***1000
    SAC*N*ZZZZ***99999
    CTT*2*10"""

CREDIT = """
    BIG*20261202*CM-8*20261120*PO-4711***CR
    REF*OI*INV-7
    IT1*1*-1*BX*12.50**VP*GLV-M
    TDS*-1250
    CTT*1"""

CHANGE = """
    BCH*04*SA*PO-4711***20261122
    POC*1*CA*8*8*BX*12.50**VP*GLV-M
    POC*2*DI*0*0*CA*80**VP*MSK-1
    CTT*2"""

SELLERS_CHANGE = """
    BCA*06*AC*PO-4711**1*20261123
    POC*1*CA*8*8*BX*12.50**VP*GLV-M
    ACK*IQ*8*BX
    POC*2*DI*0*0*CA*80**VP*MSK-1
    CTT*2"""

REMITTANCE = """
    BPR*I*396.5*C*NON************20261230
    TRN*1*PAY-3
    N1*PR*Hospital
    ENT*1
    RMR*IV*INV-7**406.5*421.5*15
    RMR*CM*CM-8**-10
    CTT*2"""

CATALOGUE = """
    BCT*PC*CAT-1********00
    LIN*1*VP*GLV-M*UK*10614141000415
    PID*F****Gloves nitrile M
    PO4*10*100*EA
    CTP**CON*12.50*1*BX
    CTP**LPR*15.00*1*BX
    LIN*2*VP*MSK-1
    CTP**CON*80*1*CA
    CTT*2"""

STOCK = """
    BIA*00*DD*INQ-1*20261126
    LIN*1*VP*GLV-M*LT*LOT-A
    DTM*036*20281231
    QTY*33*120*BX
    QTY*17*150*BX
    LIN*2*VP*MSK-1
    QTY*33*0*CA
    CTT*2"""

SALES = """
    BPT*00*TR-1*20261126*SS
    DTM*090*20261101
    PTD*SS
    N1*ST*North Hospital*21*08KUG8730
    REF*PO*PO-4711
    QTY*32*15*BX
    LIN**MG*1000*UK*10614141000415
    REF*LT*LOT-A
    UIT*BX*18.25*CT
    QTY*32*2*BX
    LIN**MG*1001
    CTT*1"""

FUNCTIONAL = """
    AK1*PO*17
    AK2*850*0001
    AK3*PO1*8**8
    AK4*2**6
    AK5*R*5
    AK2*850*0002
    AK5*A
    AK9*P*2*2*1"""

DOCUMENTS = {
    "850": ORDER, "855": ANSWER, "856": NOTICE, "810": INVOICE, "860": CHANGE, "865": SELLERS_CHANGE, "820": REMITTANCE,
    "832": CATALOGUE, "846": STOCK, "867": SALES, "997": FUNCTIONAL,
}  # fmt: skip
