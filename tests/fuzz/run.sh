#!/usr/bin/env bash
# Fuzzes the loader and the exports: tests/fuzz/run.sh [executions [target...]]
# Each target starts from the CSV corpus; any panic, hang above 5 s, or memory above 500 MB fails.
# SEED=n and MAX_LEN=bytes try other inputs; inputs that fail stay in tests/fuzz/target/findings.
set -euo pipefail
cd "$(dirname "$0")"

executions="${1:-100000}"
targets=("${@:2}")
((${#targets[@]})) || targets=(bytes_to_table options_to_table table_export)
triple=x86_64-unknown-linux-gnu

# Coverage as libFuzzer wants it needs no nightly compiler, only these passes of LLVM. Tracing comparisons, too
# (-sanitizer-coverage-trace-compares), halves the speed; the dictionary knows what they would find.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
cargo build --locked --release --target "$triple" --target-dir target

corpus="$(mktemp -d)"
trap 'rm -rf "$corpus"' EXIT
export TMPDIR="$corpus"
mkdir -p target/findings

# The files themselves, and behind as many zeros as a target reads choices from: the usual ones.
seed() {
  mkdir "$corpus/$1"
  for file in ../fixtures/csv-corpus/*.?sv*; do
    { head -c "$2" /dev/zero; cat "$file"; } >"$corpus/$1/${file##*/}"
  done
}
seed bytes_to_table 0
seed options_to_table 11
seed table_export 0

for target in "${targets[@]}"; do
  log="target/$target-$$.log"
  if ! "target/$triple/release/$target" "$corpus/$target" -runs="$executions" -seed="${SEED:-1}" -max_len="${MAX_LEN:-512}" \
    -timeout=5 -rss_limit_mb=500 -dict=csv.dict -artifact_prefix=target/findings/ -print_final_stats=1 2>"$log"; then
    tail -n 40 "$log"
    echo "$target: failed; $log has all of it" >&2
    exit 1
  fi
  stat() { sed -n "s/^stat::$1: *//p" "$log"; }
  printf '%s: %s executions, %s/s, %s MB at most\n' "$target" "$(stat number_of_executed_units)" \
    "$(stat average_exec_per_sec)" "$(stat peak_rss_mb)"
  rm "$log"
done
