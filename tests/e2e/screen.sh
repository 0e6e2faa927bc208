# A private virtual screen with one window on it. Sourced by run.sh, which sets `work`, `app` and `artifacts`.
# Every wait is bounded and polls; nothing waits for a fixed time.

POLL=0.05
app_pid=""
xvfb_pid=""
window=""

fail() {
  echo "FAILED: $*" >&2
  if [[ -n $window ]]; then
    import -window root "$artifacts/failure.png" 2>/dev/null && echo "screen: $artifacts/failure.png" >&2
  fi
  [[ -s $work/app.log ]] && sed 's/^/app: /' "$work/app.log" | tail -n 40 >&2
  exit 1
}

# within SECONDS COMMAND…: polls until the command succeeds; false if it does not in time.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    if [[ -n $app_pid ]] && ! kill -0 "$app_pid" 2>/dev/null; then
      fail "the app has ended"
    fi
    sleep "$POLL"
  done
}

# wait_for SECONDS WHAT COMMAND…: the same, but not in time is a failure.
wait_for() {
  local seconds=$1 what=$2
  shift 2
  within "$seconds" "$@" || fail "waited in vain for $what"
}

# end PID: asks a process that we started to end, and makes sure that it did.
end() {
  local pid=$1 tries=100
  kill "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do
    ((tries--)) || kill -KILL "$pid" 2>/dev/null || true
    sleep "$POLL"
  done
  wait "$pid" 2>/dev/null || true
}

start_screen() {
  # The server picks a free display itself and says which once it is ready. Without -noreset it would start anew, and
  # refuse connections, whenever the last window closes.
  Xvfb -displayfd 3 -screen 0 "${SCREEN_SIZE}x24" -nolisten tcp -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 &
  xvfb_pid=$!
  wait_for 30 "Xvfb" test -s "$work/display"
  DISPLAY=:$(<"$work/display")
  export DISPLAY
  unset WAYLAND_DISPLAY WAYLAND_SOCKET
}

stop_screen() {
  stop_app
  [[ -z $xvfb_pid ]] || end "$xvfb_pid"
  xvfb_pid=""
}

find_window() {
  window=$(timeout 5 xdotool search --onlyvisible --name "^$WINDOW_NAME" 2>/dev/null | head -n 1)
  [[ -n $window ]]
}

# start_app ARGUMENTS…: with settings of its own, no desktop portal, and a zenity that answers by itself.
start_app() {
  local home
  home=$(mktemp -d "$work/home.XXXXXX")
  : >"$E2E_DIALOGS"
  HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config XDG_STATE_HOME=$home/state \
    XDG_CACHE_HOME=$home/cache DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent LIBGL_ALWAYS_SOFTWARE=1 \
    PATH="$here/bin:$PATH" "$app" "$@" >"$work/app.log" 2>&1 &
  app_pid=$!
  wait_for 60 "a window named $WINDOW_NAME" find_window
  # There is no window manager: without this no key arrives.
  wait_for 10 "focus" timeout 5 xdotool windowfocus "$window"
}

stop_app() {
  [[ -z $app_pid ]] || end "$app_pid"
  app_pid=""
  window=""
}

look() {
  timeout 20 import -window root "$1"
}

signature() {
  identify -format '%#' "$1"
}

# settled FILE: a picture with content that is the same twice in a row.
settled() {
  look "$1.now.png" || return 1
  local before=""
  [[ -e $1 ]] && before=$(signature "$1")
  mv "$1.now.png" "$1"
  (($(identify -format %k "$1") >= MIN_COLOURS)) && [[ $(signature "$1") == "$before" ]]
}

# picture NAME: waits for the window to come to rest and keeps its picture.
picture() {
  rm -f "$artifacts/$1.png"
  wait_for 60 "a picture at rest with $MIN_COLOURS colours" settled "$artifacts/$1.png"
}

key() {
  timeout 10 xdotool key --clearmodifiers "$1" || fail "the key $1 could not be pressed"
}

# drag X Y TO_X TO_Y: with the mouse, in steps that an app sees one by one.
drag() {
  local steps=20 i
  timeout 10 xdotool mousemove "$1" "$2" mousedown 1 || fail "the mouse could not be pressed"
  for ((i = 1; i <= steps; i++)); do
    timeout 10 xdotool mousemove $(($1 + ($3 - $1) * i / steps)) $(($2 + ($4 - $2) * i / steps))
    sleep "$POLL"
  done
  timeout 10 xdotool mouseup 1
}
