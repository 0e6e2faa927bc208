"""The window through the eyes of a screen reader: everything below is found, read and done over AT-SPI alone.

Started by run.sh on its virtual screen, in a D-Bus session of its own: at_spi.py APP CSV. The CSV has the columns width,
depth, noise and height, of which height depends on the first two. Every wait polls until a deadline.
"""

import csv
import os
import re
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

SECONDS = 60
POLL = 0.05


def until(what, probe, seconds=SECONDS):
    """The first thing that `probe` gives; what it says last is told if it gives nothing in time."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = probe()
        except GLib.Error:
            # A node went away while it was being read.
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(POLL)


def ask_for_accessibility():
    """Sets what a screen reader sets at its start; toolkits build their tree from then on."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        words = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        properties = "org.freedesktop.DBus.Properties"
        bus.call_sync("org.a11y.Bus", "/org/a11y/bus", properties, "Set", words, None, 0, SECONDS * 1000)


def nodes(node):
    """The node and all below it, from top to bottom."""
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from nodes(child)


class Window:
    """What AT-SPI shows of one process."""

    def __init__(self, process):
        self.process = process
        self.root = until("the window in the tree of AT-SPI", self._root)

    def _root(self):
        if self.process.poll() is not None:
            raise SystemExit(f"the app has ended with {self.process.returncode}")
        desktop = Atspi.get_desktop(0)
        apps = (desktop.get_child_at_index(i) for i in range(desktop.get_child_count()))
        return next((app for app in apps if app and app.get_process_id() == self.process.pid), None)

    def all(self, role, name):
        fits = re.compile(name)
        for node in nodes(self.root):
            if (role is None or node.get_role_name() in role) and fits.fullmatch(node.get_name() or ""):
                yield node

    def find(self, role, name):
        """The first node of one of the roles whose name matches."""
        return until(f"a {' or '.join(role)} named {name}", lambda: next(self.all(role, name), None))

    def press(self, role, name):
        node = self.find(role, name)
        if Atspi.Action.get_n_actions(node) == 0 or not Atspi.Action.do_action(node, 0):
            raise SystemExit(f"{name} could not be pressed")

    def said(self, role, name, words):
        """What is said of a node, once it matches: a match object."""
        fits = re.compile(words)
        probe = lambda: next((m for n in self.all(role, name) if (m := fits.search(n.get_description() or ""))), None)
        return until(f"{name} to say {words}", probe)

    def is_ticked(self, name):
        return self.find(["check box"], name).get_state_set().contains(Atspi.StateType.CHECKED)


def check(what, holds):
    if not holds:
        raise SystemExit(f"not so: {what}")


def set_target(window, name):
    """Through the box of targets, whatever was chosen before."""
    window.press(["combo box"], "Target")
    choices = ["push button", "toggle button", "list item", "menu item", "radio button", "check box"]
    window.press(choices, re.escape(name))
    window.said(["combo box"], "Target", rf"^{name}\b")


def choose_1se(window, title):
    """Presses 1-SE of a penalty as soon as it is cross-validated, and waits until it is chosen."""
    name = f"{title} alpha 1-SE"
    states = lambda: window.find(["radio button"], name).get_state_set()
    until(f"{name} to be enabled", lambda: states().contains(Atspi.StateType.ENABLED))
    window.press(["radio button"], name)
    until(f"{name} to be chosen", lambda: states().contains(Atspi.StateType.CHECKED))


def kept(window, title, features):
    """Features that are not zero at 1-SE, once the result on screen is one of exactly these features."""
    rows = lambda: sorted(n.get_name().split(",")[0] for n in window.all(["push button"], ".+, lasso .+, ridge .+"))
    until(f"a result of {features}", lambda: rows() == sorted(features))
    choose_1se(window, title)
    picture = f"{title} coefficient paths and cross-validation curve"
    return int(window.said(["image"], picture, rf"(\d+) of {len(features)} features not zero")[1])


def exported(window, path, features):
    """The rows of the exported coefficients, by penalty, without the intercepts."""

    def rows():
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            return None
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    window.press(["push button"], "Export coefficients…")
    table = until("the exported file", rows)
    found = {p: [r for r in table if r["penalty"] == p and r["feature"] != "(intercept)"] for p in ("lasso", "ridge")}
    for penalty, of_penalty in found.items():
        check(f"{penalty} has the features {features}", [row["feature"] for row in of_penalty] == features)
    return found


def use(window):
    window.find(["frame"], "Shrinkscope")
    set_target(window, "depth")
    window.find(["check box"], "Use height")
    set_target(window, "height")
    check("noise is a feature", window.is_ticked("Use noise"))

    lasso = kept(window, "Lasso", ["width", "depth", "noise"])
    check("the lasso leaves out the noise alone", lasso == 2)
    ridge = kept(window, "Ridge", ["width", "depth", "noise"])
    check("ridge leaves out nothing", ridge == 3)
    choose_1se(window, "Lasso")
    why = window.said(["image"], "Why features are left out", r"noise: pull ([\d.]+) does not exceed alpha ([\d.]+)")
    check(f"the reason is one: {why[0]}", float(why[1]) <= float(why[2]))

    window.press(["check box"], "Use noise")
    until("noise to be excluded", lambda: not window.is_ticked("Use noise"))
    lasso, ridge = (kept(window, title, ["width", "depth"]) for title in ("Lasso", "Ridge"))
    rows = exported(window, os.environ["E2E_SAVE"], ["width", "depth"])
    for penalty, n in (("lasso", lasso), ("ridge", ridge)):
        in_file = sum(float(row["coefficient"]) != 0 for row in rows[penalty])
        check(f"{penalty}: {n} features are said not to be zero, {in_file} in the file", n == in_file)
    return f"2 of 3 and {lasso} of 2 features kept; {why[0]}"


def main():
    app, table = sys.argv[1:]
    ask_for_accessibility()
    Atspi.init()
    process = subprocess.Popen([app, table])
    try:
        print(use(Window(process)))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
