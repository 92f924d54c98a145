"""Tries to get out of a host of the lab: python3 escape.py PORT ADDRESS...; prints what was tried and what succeeded."""
import ctypes, json, os, socket, sys

libc = ctypes.CDLL(None, use_errno=True)
tried, succeeded = [], []


def attempt(what, action):
    tried.append(what)
    try:
        if action() not in (False, -1):
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
attempt("load a module", lambda: libc.syscall(175, b"", 0, b""))
attempt("join the machine's namespaces", lambda: libc.setns(os.open("/proc/1/root/proc/1/ns/mnt", os.O_RDONLY), 0))

port, addresses = int(sys.argv[1]), sys.argv[2:]
for address in addresses:
    for target in (port, 80):
        def call(place=(address, target)):
            with socket.create_connection(place, timeout=0.5):
                return True
        attempt(f"connect to {address}:{target}", call)

print(json.dumps({"tried": tried, "succeeded": succeeded}))
