#!/usr/bin/env bash
# What CI does with a program of Sluice, for any CI that has a shell.
#
#   docs/ci-example.sh check               what needs no account: for every change
#   docs/ci-example.sh plan ENVIRONMENT    what a deployment would change, as Markdown in reports/plan.md
#   docs/ci-example.sh deploy ENVIRONMENT  and the deployment itself: for the main branch only
#
# SLUICE names the program, where it is not on the path. Reports go to reports/.
set -euo pipefail

sluice=${SLUICE:-sluice}
reports=${REPORTS:-reports}
mkdir -p "$reports"

check() {
    "$sluice" fmt --check
    "$sluice" check --deny warnings
    "$sluice" build --check
    "$sluice" test --format junit >"$reports/scenarios.xml"
    "$sluice" cost --format json >"$reports/cost.json"
}

plan() {
    local status=0
    {
        echo "### \`sluice plan --environment $1\`"
        echo '```'
        "$sluice" plan --environment "$1" --color never || status=$?
        echo '```'
    } >"$reports/plan.md"
    return "$status"
}

case ${1-} in
    check) check ;;
    plan) plan "$2" ;;
    deploy) "$sluice" deploy --environment "$2" --auto-approve ;;
    *)
        sed -n 's/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
