#!/usr/bin/env bash
# The real window on a private virtual screen: starts, opens a CSV, drags alpha, exports, and serves a screen reader.
#
# Needs a built binary (cargo build), Xvfb, xdotool and ImageMagick; without them it says so and ends well,
# unless E2E_REQUIRED=1. Never touches the caller's own display. Pictures are kept in target/e2e.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
app=${SHRINKSCOPE:-$target/debug/shrinkscope}

# What the window looks like, in pixels of the screen. Layout changes are followed here and nowhere else.
SCREEN_SIZE=1440x900
WINDOW_NAME=Shrinkscope
MIN_COLOURS=200
# The lasso's alpha cursor with the opened table, at a height that is in its plot with and without a message above,
# and where it is dragged to: smaller alphas.
ALPHA_X=${ALPHA_X:-377} ALPHA_Y=${ALPHA_Y:-230}
ALPHA_TO_X=${ALPHA_TO_X:-480}
KEY_OPEN=ctrl+o
KEY_EXPORT=ctrl+e
# What a screen reader needs: the system's Python has the bindings.
PYTHON=${PYTHON:-/usr/bin/python3}
A11Y_SERVICE=${A11Y_SERVICE:-/usr/share/dbus-1/services/org.a11y.Bus.service}

for tool in Xvfb xdotool import identify; do
  if ! command -v "$tool" >/dev/null; then
    echo "window tests skipped: $tool was not found"
    [[ ${E2E_REQUIRED:-0} != 1 ]] || exit 1
    exit 0
  fi
done
[[ -x $app ]] || { echo "window tests: $app is not built, run cargo build" >&2; exit 1; }

work=$(mktemp -d)
artifacts=$target/e2e
mkdir -p "$artifacts"
export E2E_DIALOGS=$work/dialogs E2E_OPEN=$work/opened.csv E2E_SAVE=$work/saved.csv
# shellcheck source=tests/e2e/screen.sh
source "$here/screen.sh"
trap 'stop_screen; rm -rf "$work"' EXIT

# A table that is not the bundled one, the same with every awk: height depends on width and depth, not on noise.
awk 'function uniform() {
  # Park and Miller (1988), Communications of the ACM 31(10)
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647
}
BEGIN {
  seed = 1; print "width,depth,noise,height"
  for (i = 0; i < 60; i++) {
    w = uniform(); d = uniform(); n = uniform()
    printf "%.6f,%.6f,%.6f,%.6f\n", w, d, n, 3 * w - 2 * d + uniform() / 2
  }
}' >"$E2E_OPEN"

# lasso_rows FILE: feature and coefficient of the lasso's rows.
lasso_rows() {
  awk -F, '$1 == "lasso" { print $2, $3 }' "$1"
}

save_calls() {
  grep -c -- --save "$E2E_DIALOGS" || true
}

save_calls_above() {
  (($(save_calls) > $1))
}

# export_to FILE FEATURES: by key and dialog, until the export holds these features: the analysis may still be on its way.
export_to() {
  local file=$1 features=$2 end=$((SECONDS + 60)) calls
  while ((SECONDS < end)); do
    rm -f "$E2E_SAVE"
    calls=$(save_calls)
    key "$KEY_EXPORT"
    within 5 save_calls_above "$calls" || continue
    wait_for 10 "the exported file" test -s "$E2E_SAVE"
    if [[ $(lasso_rows "$E2E_SAVE" | awk '{ print $1 }' | xargs) == "$features" ]]; then
      mv "$E2E_SAVE" "$file"
      return
    fi
  done
  fail "no export with the features $features came about"
}

opens_with_bundled_data() {
  start_app
  picture start
  stop_app
}

opens_drags_and_exports() {
  local features="(intercept) width depth noise"
  start_app
  picture before-open
  key "$KEY_OPEN"
  wait_for 10 "the open dialog" grep -q -- --file-selection "$E2E_DIALOGS"
  grep -q -- --save "$E2E_DIALOGS" && fail "opening asked for a place to save"
  picture opened

  export_to "$work/before.csv" "$features"
  drag "$ALPHA_X" "$ALPHA_Y" "$ALPHA_TO_X" "$ALPHA_Y"
  picture dragged
  export_to "$work/after.csv" "$features"

  local header="penalty,feature,coefficient,coefficient_per_sd,selected"
  for file in before after; do
    [[ $(head -n 1 "$work/$file.csv") == "$header" ]] || fail "$file.csv does not begin with $header"
    [[ $(wc -l <"$work/$file.csv") == 9 ]] || fail "$file.csv does not have 9 lines"
  done
  if [[ $(lasso_rows "$work/before.csv") == $(lasso_rows "$work/after.csv") ]]; then
    fail "the lasso's coefficients are the same before and after the drag"
  fi
  stop_app
}

says_so_without_a_display() {
  local status=0 said=$work/no-display
  env -u DISPLAY -u WAYLAND_DISPLAY -u WAYLAND_SOCKET timeout 30 "$app" >"$said.out" 2>"$said.err" || status=$?
  [[ $status == 2 ]] || fail "without a display the exit code is $status, not 2: $(<"$said.err")"
  [[ $(wc -l <"$said.err") == 1 ]] || fail "without a display it says more or less than one line: $(<"$said.err")"
  grep -q "shrinkscope analyze" "$said.err" || fail "without a display it does not name analyze: $(<"$said.err")"
  [[ ! -s $said.out ]] || fail "without a display it prints to standard output"
}

# Whether a screen reader could be played.
has_at_spi() {
  command -v dbus-run-session >/dev/null && [[ -e $A11Y_SERVICE ]] \
    && "$PYTHON" -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null
}

# with_reader DIALOGS SCRIPT ARGUMENTS…: runs a script in a D-Bus session that knows the bus of AT-SPI and nothing else: no
# desktop portal answers in place of the dialogs, which are those of the folder DIALOGS.
with_reader() {
  local dialogs=$1 script=$2 home services=$work/services
  shift 2
  home=$(mktemp -d "$work/home.XXXXXX")
  mkdir -p "$home/run" "$services"
  chmod 700 "$home/run"
  cp "$A11Y_SERVICE" "$services"
  cat >"$work/session.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=$work</listen>
  <servicedir>$services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOF
  : >"$E2E_DIALOGS"
  rm -f "$E2E_SAVE"
  HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config XDG_STATE_HOME=$home/state \
    XDG_CACHE_HOME=$home/cache XDG_RUNTIME_DIR=$home/run GSETTINGS_BACKEND=memory LIBGL_ALWAYS_SOFTWARE=1 \
    PATH="$dialogs:$PATH" timeout 300 dbus-run-session --config-file "$work/session.conf" -- \
    "$PYTHON" -B "$here/$script" "$@" >"$work/reader" 2>"$work/app.log" || return 1
  tail -n 1 "$work/reader"
}

is_used_by_a_screen_reader() {
  with_reader "$here/bin" at_spi.py "$app" "$E2E_OPEN" || fail "a screen reader could not use the window"
}

# Where no dialog can be shown, paths are typed.
is_used_by_keys_alone() {
  mkdir -p "$work/no-dialogs"
  printf '#!/bin/sh\nexit 1\n' >"$work/no-dialogs/zenity"
  chmod +x "$work/no-dialogs/zenity"
  with_reader "$work/no-dialogs" keyboard.py "$app" "$E2E_OPEN" "$E2E_SAVE" "$artifacts" \
    || fail "the window could not be used by keys alone"
}

says_so_without_a_display
echo "ok: says so without a display"
start_screen
opens_with_bundled_data
echo "ok: opens with the bundled data"
opens_drags_and_exports
echo "ok: opens a CSV, drags alpha and exports"
if has_at_spi; then
  is_used_by_a_screen_reader
  echo "ok: is used by a screen reader"
  is_used_by_keys_alone
  echo "ok: is used by keys alone"
else
  echo "screen reader test skipped: dbus-run-session, at-spi2-core or its Python bindings were not found"
  [[ ${E2E_REQUIRED:-0} != 1 ]] || exit 1
fi
