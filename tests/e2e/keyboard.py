"""From a file to its coefficients by keys alone: xdotool presses them, AT-SPI says what has the focus and what is said.

Started by run.sh as at_spi.py is: keyboard.py APP CSV OUT PICTURES, with no dialog to be had. No pointer, no fixed wait.
"""

import csv
import os
import subprocess
import sys

from at_spi import Atspi, Window, ask_for_accessibility, check, nodes, until

MOST = 40


def press(*keys):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True, timeout=20)


def write(text):
    subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "8", text], check=True, timeout=60)


class Keys(Window):
    """A window that is told keys and asked what has the focus."""

    def __init__(self, process, pictures):
        super().__init__(process)
        self.pictures = pictures
        self.step = 0

    def focused(self):
        """Name of what has the focus, empty if nothing has."""
        has = lambda n: n.get_state_set().contains(Atspi.StateType.FOCUSED) and n.get_role_name() != "frame"
        return next((n.get_name() for n in nodes(self.root) if has(n)), "")

    def wait_focus(self, name):
        until(f"the focus on {name}", lambda: self.focused() == name)

    def go(self, key, name):
        """Presses the key until what is called so has the focus; every press moves the focus."""
        for _ in range(MOST):
            before = self.focused()
            if before == name:
                return
            press(key)
            until(f"{key} to lead on from {before or 'nowhere'}", lambda: self.focused() not in ("", before), 20)
        raise SystemExit(f"{key} does not lead to {name}")

    def picture(self, name):
        self.step += 1
        place = os.path.join(self.pictures, f"keyboard-{self.step}-{name}.png")
        subprocess.run(["import", "-window", "root", place], check=True, timeout=20)

    def wait_said(self, text):
        """Waits for a text on screen."""
        names = lambda: any(text in (n.get_name() or "") for n in nodes(self.root))
        until(f"the window to say {text}", names)

    def value(self, name):
        return self.find(["combo box"], name).get_description() or ""


def in_front():
    """Gives the window the keys, as a window manager would."""
    found = lambda: subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "^Shrinkscope"], capture_output=True, text=True
    ).stdout.split()
    window = until("the window", found)[0]
    taken = lambda: subprocess.run(["xdotool", "windowfocus", "--sync", window], timeout=10).returncode == 0
    until("the keys", taken)


def open_by_path(window, table):
    press("ctrl+o")
    window.wait_focus("Path of the file to open")
    write(table)
    window.picture("path")
    press("Return")
    window.find(["check box"], "Use noise|Use depth")


def set_target(window, key, name):
    window.go("F6", "Open CSV…")
    window.go("Tab", "Target")
    press("Return")
    until("the list of targets", lambda: window.focused() not in ("", "Target"))
    window.go(key, name)
    window.picture(f"target-{name}")
    press("Return")
    window.said(["combo box"], "Target", rf"^{name}\b")
    window.wait_focus("Target")


def not_zero(window, title, of):
    picture = f"{title} coefficient paths and cross-validation curve"
    return int(window.said(["image"], picture, rf"(\d+) of {of} features not zero")[1])


def wait_validated(window):
    rule = lambda: window.find(["radio button"], "Lasso alpha 1-SE").get_state_set()
    until("cross-validation", lambda: rule().contains(Atspi.StateType.ENABLED))


def choose_1se(window):
    wait_validated(window)
    window.go("F6", "Lasso alpha cursor")
    press("m")
    rule = lambda name: window.find(["radio button"], f"Lasso alpha {name}").get_state_set()
    until("Min", lambda: rule("Min").contains(Atspi.StateType.CHECKED))
    press("s")
    until("1-SE", lambda: rule("1-SE").contains(Atspi.StateType.CHECKED))


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def use(window, table, out):
    window.find(["check box"], "Use bmi")
    open_by_path(window, table)
    set_target(window, "Up", "depth")
    set_target(window, "Down", "height")
    window.find(["check box"], "Use depth")
    choose_1se(window)
    lasso, ridge = not_zero(window, "Lasso", 3), not_zero(window, "Ridge", 3)
    window.wait_said(f"{lasso} of 3 features")
    window.picture("one-se")
    check(f"the lasso leaves out one of three, not {3 - lasso}; ridge none, not {3 - ridge}", (lasso, ridge) == (2, 3))

    window.go("F6", "Why noise is left out")
    window.wait_said("noise is out")
    window.picture("why")

    press("p")
    pin = lambda: window.find(["push button", "toggle button", "check box"], "Pin").get_state_set()
    until("the pin", lambda: any(pin().contains(s) for s in (Atspi.StateType.PRESSED, Atspi.StateType.CHECKED)))
    window.go("F6", "Use width")
    window.go("Tab", "Link lasso and ridge")
    before = window.value("Link lasso and ridge")
    press("Return")
    until("the list of links", lambda: window.focused() not in ("", "Link lasso and ridge"))
    press("Down", "Return")
    until("another link", lambda: window.value("Link lasso and ridge") != before)
    window.wait_focus("Link lasso and ridge")
    window.go("F6", "Ridge alpha cursor")
    press("Right")
    window.picture("ridge")

    window.go("F6", "Use width")
    window.go("Down", "Use noise")
    press("space")
    until("noise to be excluded", lambda: not window.is_ticked("Use noise"))
    window.wait_focus("Use noise")
    window.picture("excluded")
    choose_1se(window)
    lasso, ridge = not_zero(window, "Lasso", 2), not_zero(window, "Ridge", 2)
    window.wait_said(f"{lasso} of 2 features")
    window.wait_said("Lasso at 1-SE")

    press("F1")
    window.wait_focus("The guide")
    window.picture("help")
    press("Escape")
    window.wait_focus("Lasso alpha cursor")

    press("ctrl+e")
    window.wait_focus("Path of the file to write")
    press("ctrl+a")
    write(out)
    window.picture("export")
    press("Return")
    until("the exported file", lambda: os.path.exists(out) and os.path.getsize(out) > 0)
    window.wait_said(os.path.basename(out))
    window.wait_focus("Lasso alpha cursor")
    window.picture("exported")
    rows = rows_of(out)
    for penalty, n in (("lasso", lasso), ("ridge", ridge)):
        found = [row for row in rows if row["penalty"] == penalty and row["feature"] != "(intercept)"]
        check(f"{penalty} has width and depth", [row["feature"] for row in found] == ["width", "depth"])
        check(f"{penalty}: {n} are not zero", sum(float(row["coefficient"]) != 0 for row in found) == n)

    # Undo by keys says what it takes back.
    press("ctrl+z")
    window.wait_said("Taken back")
    window.picture("undone")
    return f"{lasso} of 2 features kept, without a pointer"


def main():
    app, table, out, pictures = sys.argv[1:]
    ask_for_accessibility()
    Atspi.init()
    process = subprocess.Popen([app])
    window = None
    try:
        in_front()
        window = Keys(process, pictures)
        print(use(window, table, out))
    except BaseException:
        if window:
            window.picture("failure")
            print("focus:", window.focused(), file=sys.stderr)
        raise
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
