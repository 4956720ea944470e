"""Installs what the tests drive, browsers and servers, where it may; else says what would."""

import os
import shutil
import subprocess
import sys

# What the tests call, and the Debian package that has it.
NEEDED = {
    "chromium": "chromium",
    "WebKitWebDriver": "webkit2gtk-driver",
    "Xvfb": "xvfb",
    "fc-list": "fontconfig",
    "redis-server": "redis-server",
    "pg_ctlcluster": "postgresql",  # what it serves with is not on the path
}


def main() -> None:
    missing = sorted(package for program, package in NEEDED.items() if not shutil.which(program))
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing, "fonts-liberation"]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        line = " ".join(install)
        print(f"Some tests will be skipped. This installs what they need: {line}")
        return
    print(f"Installing for the tests: {' '.join(missing)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*install[:1], "-qq", *install[1:]]):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            sys.stdout.write(done.stdout)
            print("That did not work: some tests will be skipped.")
            return


if __name__ == "__main__":
    main()
