"""Tries to get out of a host of the lab: python3 escape.py PORT ADDRESS...; prints what was tried and what succeeded."""
import ctypes, json, os, socket, stat, sys
from concurrent.futures import ThreadPoolExecutor

libc = ctypes.CDLL(None, use_errno=True)
tried, succeeded = [], []


def attempt(what, action):
    tried.append(what)
    try:
        result = action()
        # 0 is how system calls succeed, and equal to False.
        if result is not False and result != -1:
            succeeded.append(what)
    except OSError:
        pass


class Handle(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint), ("type", ctypes.c_int), ("handle", ctypes.c_ubyte * 8)]


def by_handle(path):
    """open_by_handle_at(2) of the root folder, inode 2 (ext4) or 128 (xfs), of what `path` lies in."""
    mount = os.open(path, os.O_RDONLY)
    for inode in (2, 128, 256):
        handle = Handle(8, 1, (ctypes.c_ubyte * 8)(*inode.to_bytes(8, "little")))
        if libc.syscall(304, mount, ctypes.byref(handle), os.O_RDONLY) >= 0:
            return True
    return False


for path in ("/", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"):
    if os.path.exists(path):
        attempt(f"file by handle on {path}", lambda path=path: by_handle(path))

os.makedirs("/tmp/escape", exist_ok=True)
for kind in ("tmpfs", "proc", "sysfs", "cgroup2", "debugfs"):
    attempt(f"mount {kind}", lambda kind=kind: libc.mount(b"none", b"/tmp/escape", kind.encode(), 0, None))
attempt("bind mount", lambda: libc.mount(b"/proc", b"/tmp/escape", None, 4096, None))

for major, minor in ((8, 0), (8, 1), (254, 0), (253, 0), (259, 0), (7, 0)):
    def device(number=os.makedev(major, minor)):
        os.mknod("/tmp/escape/device", 0o60600, number)
        os.open("/tmp/escape/device", os.O_RDONLY)
    attempt(f"block device {major}:{minor}", device)
for path in ("/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/nvme0n1", "/proc/kcore"):
    attempt(f"read {path}", lambda path=path: os.read(os.open(path, os.O_RDONLY), 1) == b"" and -1)
for path in ("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/sys/kernel/uevent_helper"):
    attempt(f"write {path}", lambda path=path: os.open(path, os.O_WRONLY))
# Opened, these grant nothing: to set a memory type takes CAP_SYS_ADMIN, and to wait for pressure is the waiter's own.
harmless = ("/proc/mtrr", "/proc/pressure/")


def walk(folder):
    """Settings of the machine that this process may change."""
    for path, folders, files in os.walk(folder):
        if path == "/proc":
            folders[:] = [name for name in folders if not name.isdigit() and "self" not in name]
        for name in files:
            file = f"{path}/{name}"
            if os.path.islink(file) or file.startswith(harmless) or not os.access(file, os.W_OK):
                continue
            mode = os.stat(file).st_mode
            # To root, files without any write permission are writable as well, and then refuse what is written. What is
            # no file has something else put over it.
            if mode & 0o222 and stat.S_ISREG(mode):
                yield file


for folder in ("/proc", "/sys"):
    found = list(walk(folder))
    attempt(f"write to {folder}: {' '.join(found[:20])}", lambda found=found: found != [])
attempt("load a module", lambda: libc.syscall(175, b"", 0, b""))
attempt("join the machine's namespaces", lambda: libc.setns(os.open("/proc/1/root/proc/1/ns/mnt", os.O_RDONLY), 0))

port, addresses = int(sys.argv[1]), sys.argv[2:]


def connects(place):
    with socket.create_connection(place, timeout=0.5):
        return True


def call(place):
    attempt(f"connect to {place[0]}:{place[1]}", lambda: connects(place))


with ThreadPoolExecutor(32) as pool:
    list(pool.map(call, [(address, target) for address in addresses for target in (port, 80)]))

print(json.dumps({"tried": tried, "succeeded": succeeded}))
