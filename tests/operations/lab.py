"""What the operations' tests have in common: programs under test, checks that are counted, an end that leaves nothing."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
web = root / "tools" / "sentio-hub" / "web"
build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else root / "build").resolve()
scratch = pathlib.Path(tempfile.mkdtemp())
os.environ["SENTIO_STATE_DIR"] = str(scratch / "state")  # never this computer's own
children = []
checks = 0


def good(what, holds, found=""):
    """Counts a check; ends the test with what was found when it does not hold."""
    global checks
    if not holds:
        for said in sorted(scratch.glob("*.err")):
            print(f"{said.name}:\n{said.read_text()[-2000:]}", file=sys.stderr)
        raise SystemExit(f"FAILED: {what}: {str(found)[:4000]}")
    checks += 1
    print("good:", what, flush=True)


def until(look, seconds=20):
    """What `look` finds, asked again until it is something."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.1)


def start(name, *words):
    """A program in the background; what it says of errors is in SCRATCH/NAME.err."""
    child = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=open(scratch / f"{name}.err", "w"))
    children.append(child)
    return child


def output_of(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True).stdout


def make_certificates(folder, *viewers):
    names = [word for viewer in viewers for word in ("--viewer", viewer)]
    subprocess.run([build / "sentio-actors", "certs", "--dir", folder, "--instance", "desk-1", *names], check=True, stdout=subprocess.DEVNULL)


def start_hub(name, certificates, *words):
    """The process, HOST:PORT of its uplinks and terminals, and the address of its page."""
    said = scratch / f"{name}.json"
    hub = start(name, build / "sentio-hub", "--cert-dir", certificates / "hub", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0",
                "--ready-file", said, *words)
    ready = until(lambda: said.exists() and json.loads(said.read_text() or "null"))
    good("the hub listens", ready, hub.poll())
    return hub, ready["listen"], ready["page"].rstrip("/")


def run_test(main):
    try:
        main()
        print(f"checks: {checks}")
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
            child.wait()
        shutil.rmtree(scratch, ignore_errors=True)
