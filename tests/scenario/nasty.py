"""What people and machines write by mistake or on purpose: values, texts and small changes to files."""

import random

VALUES = [
    ".nan",
    ".inf",
    "-.inf",
    "1.0e+999",
    "1e400 EUR",
    "9" * 5_000,
    "0." + "0" * 200 + "1",
    "1e-400",
    "-0",
    "-1",
    "-1 %",
    "1e3",
    "1.0e3",
    "010",
    "0o10",
    "0x1F",
    "1:30",
    "1_000",
    "1,000",
    "5,4 EUR",
    "NO",
    "on",
    "yes",
    "~",
    "null",
    "",
    "true",
    "[]",
    "{}",
    "[[]]",
    "[1, 2]",
    "{a: 1}",
    "''",
    "' '",
    '"\\0"',
    '"\\u202e"',
    '"\\ud800"',
    "2027-02-31",
    "2027-02-29",
    "0000-00-00",
    "9999-12-31",
    "2027-01-01T00:00:00Z",
    "month 9999999",
    "month -9999999",
    "day 99999999",
    "month 1e3",
    "5 %",
    "120 %",
    "1e300 %",
    "100.0000000000001 %",
    "1 / month",
    "1e308 / year",
    "1 / fortnight",
    "12 months",
    "1e999 years",
    "99999 years",
    "0 days",
    "0.0000000001 s",
    "1 EUR",
    "1 USD",
    "1e15 EUR",
    "1e16 EUR",
    "1e-41 EUR",
    "17 EUR/h",
    "9 EUR/month",
    "1 / EUR",
    "1 / visit",
    "1e10 / EUR",
    "3 visits",
    "0 visits",
    "500 points",
    "occasion",
    "{value: 1}",
    "{value: 1, range: [0, 2]}",
    "{value: 1, range: [2, 0]}",
    "{value: .nan, range: [a, b], source: ''}",
    "{value: {value: 1}}",
    "{value: 5 %, range: [1, .inf]}",
    "!!int 3",
    "!!python/object/apply:os.system [ls]",
    "*a",
    "&a 1",
    "&a [*a]",
    "<<",
    "|",
    ">-",
    "- 1",
    "? x",
    "@x",
    "`x",
    "%x",
    "!",
    "\t",
    "\u00a0",
    "\u2028",
    "\u0130",
    "\U0001f600",
    "x" * 5_000,
    "[" * 60 + "]" * 60,
    "{a: " * 60 + "1" + "}" * 60,
    "firm",
    "value",
    "constructor",
    "__class__",
    "__proto__",
]
"""Texts that stand for a value."""

PIECES = [
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\t",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"---\n",
    b"...\n",
    b"%YAML 1.1\n---\n",
    b"%TAG ! x:\n",
    b"&a ",
    b"*a ",
    b"<<: *a\n",
    b"!!str ",
    b"? ",
    b": ",
    b"- ",
    b"#",
    b"'",
    b'"',
    b"|\n",
    b">\n",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b"extends: x.yaml\n",
    b"extends: ../../etc/passwd\n",
    b"value: 1\n",
    b"x: &x [*x]\n",
    b"9" * 400,
    b"a: " * 60,
    b"  " * 60,
]
"""Bytes that are put anywhere."""


def changed(data: bytes, others: list[bytes], luck: random.Random) -> bytes:
    """A file with one to four small changes."""
    for _ in range(luck.choice((1, 1, 1, 2, 4))):
        at = luck.randrange(len(data) + 1)
        match luck.randrange(7):
            case 0:  # something put in
                data = data[:at] + luck.choice(PIECES) + data[at:]
            case 1:  # something taken out
                data = data[:at] + data[at + luck.randint(1, 30) :]
            case 2:  # one bit turned
                if at < len(data):
                    data = data[:at] + bytes([data[at] ^ 1 << luck.randrange(8)]) + data[at + 1 :]
            case 3:  # the end of another file
                other = luck.choice(others)
                data = data[:at] + other[luck.randrange(len(other) + 1) :]
            case 4:  # a line twice, or elsewhere
                lines = data.split(b"\n")
                lines.insert(luck.randrange(len(lines) + 1), luck.choice(lines))
                data = b"\n".join(lines)
            case 5:  # another value
                lines = data.split(b"\n")
                row = luck.randrange(len(lines))
                key, colon, _ = lines[row].partition(b":")
                lines[row] = key + colon + b" " + luck.choice(VALUES).encode(errors="replace")
                data = b"\n".join(lines)
            case 6:  # another number
                digits = [n for n, byte in enumerate(data) if chr(byte).isdigit()]
                if digits:
                    place = luck.choice(digits)
                    data = (
                        data[:place]
                        + luck.choice([b"-", b"", b"00", b"99999", b"1e9", b"0.1"])
                        + data[place + 1 :]
                    )
    return data
