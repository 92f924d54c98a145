"""Tries to use up what a host has; prints where it could write, and how much memory and how many processes it got."""
import json, os, signal, subprocess, sys

written = []
for folder in ("/", "/etc", "/usr/local/bin", "/opt/ftplab", "/var/lib", "/root", "/srv/ftp"):
    try:
        os.close(os.open(f"{folder}/exhaust", os.O_CREAT | os.O_WRONLY))
        os.unlink(f"{folder}/exhaust")
        written.append(folder)
    except OSError:
        pass

# In a process of its own: Docker has it killed, by which its output ends.
take = """
import sys
taken = []
try:
    while len(taken) < 48:
        taken.append(bytearray(64 << 20))
        print(len(taken) * 64, flush=True)
except MemoryError:
    pass
"""
got = subprocess.run([sys.executable, "-c", take], stdout=subprocess.PIPE, text=True).stdout.split()

children = []
try:
    while len(children) < 6000:
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(0)
        children.append(child)
except OSError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

print(json.dumps({"written": written, "mebibytes": int(got[-1]), "processes": len(children)}))
