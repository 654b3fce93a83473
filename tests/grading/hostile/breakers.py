"""Code that dies, hangs, floods or fills: a result like any other, and nobody else's trouble.

Where a function does it, `attention` does: the test before keeps its points, and those after say whether the kernel
lives on.
"""

from pathlib import Path

from tests.grading.hostile.case import EITHER, KEPT_TWO, LATER_OPEN, Site, answering

FAILS = {"test_attention": 0}
DIES = {**FAILS, **KEPT_TWO}
FAILS_OR_DIES = {**FAILS, **LATER_OPEN}


def body(name: str, source: str, points=FAILS, **words):
    """A case whose `attention` runs `source` and returns its last line's `answer`, if it gets there."""
    lines = "\n".join("    " + line for line in source.strip("\n").splitlines())
    text = f"def attention(q, k, v):\n    answer = v\n{lines}\n    return answer"
    return answering(name, points, attention=text, **words)


FUNCTIONS = [
    body("endless loop", "while True: pass", shows="ran over 3 s|Timeout"),
    body(
        "endless loop, interrupts swallowed",
        """
import time
while True:
    try:
        while True: time.sleep(0.01)
    except BaseException: pass
""",
        DIES,
        shows="ran over 3 s|Timeout",
    ),
    body(
        "interrupts ignored",
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(300)",
        DIES,
        shows="ran over 3 s|Timeout",
    ),
    body("os._exit", "import os\nos._exit(0)", DIES, shows="killed its kernel|died"),
    body("segmentation fault", "import ctypes\nctypes.string_at(0)", DIES, shows="killed its kernel|died"),
    body("sys.exit", "import sys\nsys.exit(0)"),
    body("SystemExit", "raise SystemExit"),
    body("KeyboardInterrupt", "raise KeyboardInterrupt"),
    body("GeneratorExit", "raise GeneratorExit"),
    body("an exception without a class", "raise type('\\u202e' * 3, (BaseException,), {'__str__': lambda s: 1})()"),
    body("kernel shut down", "get_ipython().kernel.do_shutdown(False)\nget_ipython().ask_exit()", EITHER),
    body("RecursionError", "answer = attention(q, k, v)"),
    body("MemoryError", "answer = bytearray(1 << 60)"),
    body(
        "stack overflow",
        "import sys\nsys.setrecursionlimit(1 << 30)\nanswer = max(map(attention, [q], [k], [v]))",
        FAILS_OR_DIES,
    ),
    body("memory hog", "answer = torch.ones(3 << 29)", FAILS_OR_DIES, dangerous=True),
    body(
        "memory hog, bit by bit",
        "hog = []\nwhile True: hog.append(bytearray(b'x' * (64 << 20)))",
        FAILS_OR_DIES,
        dangerous=True,
    ),
    body(
        "shared memory hog",
        "with open('/dev/shm/hog', 'wb') as hog:\n    while True: hog.write(b'x' * (16 << 20))",
        FAILS_OR_DIES,
        dangerous=True,
    ),
    body(
        "fork bomb",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        FAILS_OR_DIES,
        dangerous=True,
    ),
    body(
        "thread bomb",
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()",
        FAILS_OR_DIES,
        dangerous=True,
    ),
    body(
        "file handles used up",
        "import os\nkept = []\nwhile True: kept.append(os.open('/dev/null', os.O_RDONLY))",
        FAILS_OR_DIES,
    ),
    body("file handles closed", "import os\nos.closerange(0, 4096)", FAILS_OR_DIES),
    body("sys.modules cleared", "import sys\nsys.modules.clear()\nraise ValueError", FAILS_OR_DIES),
    body("output flood", "for _ in range(200_000): print('x' * 200)\nraise ValueError", FAILS_OR_DIES),
    body("huge tensor returned", "answer = torch.zeros(80_000_000)", FAILS_OR_DIES),
    body("tensor larger than any memory", "answer = torch.zeros(1).expand(10**12)", FAILS_OR_DIES),
    body("meta tensor", "answer = torch.empty(v.shape, device='meta')"),
    body("sparse tensor", "answer = torch.zeros(v.shape).to_sparse()\nanswer = answer * float('nan')"),
    body("complex tensor", "answer = v * 1j"),
    body("infinite generator", "import itertools\nanswer = itertools.count()"),
    body("list that holds itself", "answer = []\nanswer.append(answer)"),
    body("list without bottom", "for _ in range(100_000): answer = [answer]"),
    body("a string of 300 million", "answer = 'x' * 300_000_000", FAILS_OR_DIES),
    body("an integer of a million digits", "answer = 10**1_000_000"),
    body(
        "an object that hates questions",
        """
class Sulking:
    def __getattribute__(self, name): raise KeyboardInterrupt(name)
    def __repr__(self): raise SystemExit
    def __len__(self): return -1
    def __iter__(self):
        while True: yield self
answer = Sulking()
""",
    ),
    body("stdin asked for", "answer = input('the right answer, please: ')"),
]  # fmt: skip


def many_links(folder: Path, site: Site) -> None:
    """Folders that lead in circles."""
    (folder / "a").mkdir()
    (folder / "a" / "up").symlink_to("..")
    (folder / "b").symlink_to("b")


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# Own cells: what they break is theirs, and the answers below are right.
CELLS = [
    answering("loop in a cell of one's own", before="while True: pass", shows="ran over 3 s|Timeout"),
    answering("exit at the end", after="exit"),
    answering("stdin in a cell of one's own", before="name = input('name: ')"),
    answering("alarm", {"test_best": 0, "test_model": (0, 3)}, best="""
        import signal, time
        def best(scores):
            signal.alarm(1)
            time.sleep(2)
            return [-1 if row.isnan().any() else int(row.argmax()) for row in scores]
    """),
    answering("threads that stay", before="""
        import threading, time
        def chat():
            for _ in range(6000):
                print("still here")
                time.sleep(0.01)
        for _ in range(20):
            threading.Thread(target=chat).start()
    """),
    answering("surroundings lost", before="""
        import os
        os.environ.clear()
        os.chdir("/")
        os.umask(0o777)
    """),
    answering("streams closed", EITHER, before="import sys\nsys.stdout.close()\nsys.stderr = sys.__stderr__ = None"),
    answering("200 MB printed", before="print('x' * 200_000_000)", dangerous=True),
    answering("200 MB printed, line by line", before="for _ in range(1_000_000): print('x' * 200)", dangerous=True),
    answering("10,000 images", before=f"""
        import base64
        from IPython.display import Image, display
        png = Image(base64.b64decode("{PNG}"))
        for _ in range(10_000):
            display(png)
    """),
    answering("one huge file", before="""
        with open("huge", "wb") as huge:
            while True:
                huge.write(b"x" * (16 << 20))
    """, dangerous=True),
    answering("files without end", before="""
        from itertools import count
        for number in count():
            open(f"{number}.txt", "w").write("x" * 4096)
    """, dangerous=True),
    answering("a folder without bottom", EITHER, before="""
        import os
        while True:
            os.mkdir("deep")
            os.chdir("deep")
    """, dangerous=True),
    answering("links in circles", files=many_links),
    answering("processes that stay", before="""
        import subprocess
        for _ in range(20):
            subprocess.Popen(["sleep", "600"], start_new_session=True)
    """),
    answering("stopped by itself", FAILS_OR_DIES, attention="""
        import os, signal
        def attention(q, k, v):
            os.kill(os.getpid(), signal.SIGSTOP)
            return v
    """),
]  # fmt: skip

CASES = [*FUNCTIONS, *CELLS]
