"""Reads the paths of templates, one a line; writes what cfn-lint says of each that it does not take."""

import json
import sys

from cfnlint.api import lint
from cfnlint.config import ManualArgs

told = {}
for path in filter(None, sys.stdin.read().split("\n")):
    with open(path, encoding="utf-8") as file:
        template = file.read()
    for match in lint(template, config=ManualArgs(regions=["eu-central-1"])):
        where = "/".join(str(it) for it in match.path)
        told.setdefault(path, []).append(f"{match.rule.id} {where}: {match.message}")
json.dump(told, sys.stdout)
