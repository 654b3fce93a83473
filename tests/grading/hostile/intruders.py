"""Attempts on files, processes and the network outside: in vain, and right answers keep their points."""

from pathlib import Path

from tests.grading.hostile.case import NOTHING, WRONG, Site, answering, trying

# Does a file hold a hidden test? The words are joined here, so that this source is not taken for one.
HOLDS = """
import os
def holds(path):
    try:
        with open(path, "rb") as file:
            text = file.read(1 << 22)
    except (OSError, ValueError):
        return False
    return b"hidden" + b"-best-" in text or b"hidden" + b"-model-" in text
"""

READS_FILES = (
    HOLDS
    + """
places = ["$gradebook", "$gradebook-wal", "$course/solutions/ps1/ps1.md", "$course/_build/source/ps1/ps1.ipynb"]
above = {os.path.abspath("../" * up or ".") for up in range(4)}
for top in {"$folder", "$course", "$home", "/tmp", *above} - {"/"}:
    for folder, _, names in os.walk(top):
        places += [os.path.join(folder, name) for name in names]
        if len(places) > 20_000:
            break
for place in places:
    if holds(place):
        print("LO" "OT", place)
if os.path.exists("$folder/submitted") and len(os.listdir("$folder/submitted")) > 1:
    print("LO" "OT", "sees the others")
"""
)

FORGES_GRADES = """
import glob, sqlite3
for path in {"$gradebook", *glob.glob("../" * 3 + "*.db"), *glob.glob("../" * 2 + "*.db")}:
    try:
        database = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=1)
        database.execute("update grade set manual_score = 99, needs_manual_grade = 0")
        database.execute("update source_cell set source = 'pass'")
        database.commit()
        print("LO" "OT", "rewrote", path)
    except sqlite3.Error as error:
        print(type(error).__name__)
"""

WRITES_FILES = """
import os
from pathlib import Path
others = [Path("$folder") / name / "Adams, Ann (right)" / "ps1" for name in ("submitted", "autograded", "feedback")]
for folder in [*others, Path("..", "..", "Adams, Ann (right)", "ps1"), Path("$canary"), Path("$course"), Path("$home")]:
    for name in ("ps1.ipynb", "ps1.html", "note.txt"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("greetings")
        except OSError as error:
            print(type(error).__name__)
"""

DAEMON = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        end = time.time() + 40
        while time.time() < end:
            for path in ("$canary/daemon", "$folder/daemon", "daemon"):
                try:
                    with open(path, "a") as file:
                        file.write("still here")
                except OSError:
                    pass
            time.sleep(0.2)
    os._exit(0)
"""

READS_PROCESSES = """
import glob, os
secret = b"HOSTILE" + b"_CANARY"
for process in glob.glob("/proc/[0-9]*"):
    for name in ("environ", "cmdline"):
        try:
            text = open(f"{process}/{name}", "rb").read()
        except OSError:
            continue
        if secret in text or b"autograde" in text:
            print("LO" "OT", process, name)
    for way in ("root", "cwd"):
        if os.path.exists(f"{process}/{way}/$gradebook") or os.path.exists(f"{process}/{way}/gradebook.db"):
            print("LO" "OT", process, way)
for line in open("/proc/self/mountinfo"):
    if "$folder" in line or "$course" in line:
        print("LO" "OT", line)
if any("HOSTILE" + "_CANARY" in name for name in os.environ):
    print("LO" "OT", "environment")
"""

GAINS_RIGHTS = """
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("here", exist_ok=True)
if libc.mount(b"none", b"here", b"tmpfs", 0, None) == 0:
    print("LO" "OT", "mounted")
if libc.ptrace(16, os.getppid(), 0, 0) == 0 or libc.ptrace(16, 1, 0, 0) == 0:
    print("LO" "OT", "attached")
for number in (0, 1):
    try:
        os.setuid(number)
        if os.getuid() == 0 and os.access("$gradebook", os.R_OK):
            print("LO" "OT", "root")
    except OSError as error:
        print(error)
for command in (["unshare", "-Ur", "cat", "$gradebook"], ["/usr/sbin/chroot", "/proc/1/root", "cat", "$gradebook"]):
    try:
        if subprocess.run(command, capture_output=True).returncode == 0:
            print("LO" "OT", command)
    except OSError as error:
        print(error)
"""

RUNS = """
for path in ("$course/_build/source/ps1/ps1.ipynb", "$course/solutions/ps1/ps1.md"):
    try:
        get_ipython().run_line_magic("run", path)
        print("LO" "OT", path)
    except Exception as error:
        print(type(error))
"""

KILLS = """
import os, signal
mine = os.getpid()
for number in (signal.SIGTERM, signal.SIGKILL):
    for process in [os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())]:
        if process not in (0, mine):
            try:
                os.kill(process, number)
            except OSError:
                pass
"""

# A note for whoever is graded later.
NOTES = """
import os, site, sys, tempfile
places = ["/tmp", "/var/tmp", "/dev/shm", "/run", "$home", os.path.expanduser("~"), tempfile.gettempdir(), "/", ".."]
places += [os.path.dirname(sys.executable), *site.getsitepackages(), site.getusersitepackages()]
places += [os.path.dirname(torch.__file__), os.path.expanduser("~/.ipython/profile_default/startup")]
notes = [os.path.join(place, "hostile_note.txt") for place in places]
"""
WRITES_NOTES = (
    NOTES
    + """
for note in notes:
    try:
        os.makedirs(os.path.dirname(note), exist_ok=True)
        open(note, "w").write("psst")
    except OSError:
        pass
from multiprocessing import shared_memory
shared_memory.SharedMemory("hostile_note", create=True, size=16)
"""
)
FINDS_NOTES = (
    NOTES
    + """
for note in notes:
    if os.path.exists(note):
        print("LO" "OT", note)
from multiprocessing import shared_memory
try:
    shared_memory.SharedMemory("hostile_note")
    print("LO" "OT", "shared memory")
except FileNotFoundError:
    pass
"""
)

PICKLE = """
import os
class Parcel:
    def __init__(self, *a): pass
    def __reduce__(self):
        return os.system, ("touch $canary/unpickled",)
    __reduce_ex__ = lambda self, protocol: self.__reduce__()
"""


def links(folder: Path, site: Site) -> None:
    """Links to what a student may not read, by absolute and by relative paths."""
    for number, target in enumerate(SECRETS):
        (folder / f"link{number}").symlink_to(site.filled(target))
    (folder / "class").symlink_to(site.folder)
    (folder / "far").symlink_to("../../../gradebook.db")


SECRETS = ["$gradebook", "$course/solutions/ps1/ps1.md", "$course/_build/source/ps1/ps1.ipynb", "/etc/shadow"]
FOLLOWS = (
    HOLDS
    + """
for name in ("link0", "link1", "link2", "link3", "far", "class/gradebook.db"):
    if holds(name):
        print("LO" "OT", name)
    try:
        with open(name, "ab") as file:
            file.write(b"greetings")
    except OSError as error:
        print(type(error).__name__)
"""
)

CASES = [
    trying("reads files", READS_FILES, shows="TRIED|ran over", dangerous=True),  # there is much to read in 3 s
    trying("forges grades", FORGES_GRADES),
    trying("forges grades with wrong answers", FORGES_GRADES, points=NOTHING, **WRONG),
    trying("writes files", WRITES_FILES),
    trying("leaves a daemon", DAEMON),
    trying("reads processes", READS_PROCESSES, dangerous=True),
    trying("gains rights", GAINS_RIGHTS, dangerous=True),
    answering("kills everybody", before=KILLS, dangerous=True),
    trying("leaves notes 1", WRITES_NOTES, dangerous=True),
    trying("leaves notes 2", FINDS_NOTES, dangerous=True),
    trying("follows links", FOLLOWS, files=links),
    trying("runs rm", "!rm -rf $folder $course $canary $home /tmp/* 2>/dev/null", dangerous=True),
    trying("runs the solution", RUNS),
    answering(
        "parcels returned",
        NOTHING,
        before=PICKLE,
        softmax="softmax = lambda x, dim=-1: Parcel()",
        attention="attention = lambda q, k, v: [Parcel()]",
        best="best = lambda scores: {Parcel(): Parcel()}.items()",
        model="Linear = Parcel",
    ),
]
