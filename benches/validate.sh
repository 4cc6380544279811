#!/usr/bin/env bash
# Times `sluice validate` over 300 state machines against statelint (PyPI) and asl-validator's library (npm).
# Each validates all of them in one process; the start of the process counts. Needs `scripts/test` to have run once.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
cargo build --release --locked --quiet --package sluice
statelint=$target/validate-bench/statelint
if ! "$statelint/bin/python" -c 'import statelint' 2>/dev/null; then
    python3 -m venv "$statelint"
    "$statelint/bin/pip" install --quiet --disable-pip-version-check statelint==3.1.0
fi

machines=$target/validate-bench/machines
rm -rf "$machines" && mkdir -p "$machines"
number=0
while [ "$number" -lt 300 ]; do
    while read -r machine; do
        [ "$number" -lt 300 ] || break
        number=$((number + 1))
        cp "$machine" "$machines/$(printf '%03d' "$number").asl.json"
    done < <(find generated -name '*.asl.json' | sort)
done
printf '300 machines, %s bytes\n' "$(cat "$machines"/* | wc -c)"

python3 - "$target/release/sluice" "$statelint/bin/python" "$machines" <<'PYTHON'
import glob, statistics, subprocess, sys, time

sluice, statelint, folder = sys.argv[1:]
files = sorted(glob.glob(folder + "/*"))
lint = "import sys; from statelint.linter import Linter\nfor path in sys.argv[1:]: Linter.validate(path)"
runs = [
    ("sluice validate", 11, [sluice, "validate", *files], None),
    ("statelint 3.1.0", 5, [statelint, "-c", lint, *files], None),
    ("asl-validator 4.0.0", 1, ["node", "tests/validators/asl-validator.mjs"], "\n".join(files)),
]
medians = {}
for name, times, command, given in runs:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, input=given, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - start)
    medians[name] = statistics.median(seconds)
    ratio = medians[name] / medians["sluice validate"]
    print(f"{name:20} median {medians[name] * 1000:9.1f} ms of {times:2} runs, {ratio:7.1f} times sluice")
PYTHON
