"""The program that Sluice runs: a country like any other, its staging in one of the two places."""

import json
import os
import shutil

from measured import measured

PLATFORM = """\
platform figures {
    environment local

    connection registry {
        local  mysql secret "figures/source"
    }
    connection reports {
        local  mysql secret "figures/target"
    }

    target  reports

    defaults {
        compute  2 vcpu 4 GB
    }
}

table companies {
    country          char(2)        key
    registration_no  text(20)       key
    id               integer
    name             text(200)
    address          text(200)
    city             text(80)
    status           text(16)
    revenue          decimal(18, 2)
    updated_at       timestamp
    descr            text(1000)
}
"""

PIPELINE = """\
pipeline greece "A registry for figures" {
    country  gr
    source   registry

    into companies {
STAGING        extract  "companies.sql" split by id into PARTS
        dedupe   by country, registration_no keep newest updated_at
        publish  upsert
    }
}
"""

QUERY = """\
SELECT id, country, registration_no, name, address, city, status, revenue, updated_at, descr
FROM TABLE
WHERE country = :country
"""


class Sluice:
    def __init__(self, binary, server, work):
        self.binary, self.server = binary, server
        self.program, self.state = work / "program", work / "state"
        secret = {"host": "127.0.0.1", "port": server.port, "username": "etl", "password": "etl"}
        self.environment = {
            **os.environ,
            "SLUICE_DATABASE_TLS": "off",
            "SLUICE_SECRET_FIGURES_SOURCE": json.dumps({**secret, "dbname": "src"}),
            "SLUICE_SECRET_FIGURES_TARGET": json.dumps({**secret, "dbname": "sluice"}),
        }

    def write(self, table, parts, staging, most=None):
        """Writes the program anew. Without `staging` the file does not say where rows wait."""
        shutil.rmtree(self.program, ignore_errors=True)
        self.program.mkdir(parents=True)
        staging = f"        staging  {staging}\n" if staging else ""
        pipeline = PIPELINE.replace("STAGING", staging).replace("PARTS", str(parts))
        query = QUERY.replace("TABLE", table) + (f"  AND id <= {most}\n" if most else "")
        for name, text in [("platform.pipe", PLATFORM), ("greece.pipe", pipeline), ("companies.sql", query)]:
            (self.program / name).write_text(text)

    def command(self, *words):
        return [str(self.binary), "--program", str(self.program), "--state", str(self.state),
                "--format", "json", *words]

    def clear(self):
        shutil.rmtree(self.state, ignore_errors=True)

    def run(self, *words):
        """Runs it, or goes on with it: its figures, and its stages in seconds."""
        output, figures = measured(self.server, self.command(*words), env=self.environment)
        return figures | {"report": json.loads(output) if output else None}


def chain(sluice, table, parts, staging):
    """A whole run from nothing."""
    sluice.clear()
    sluice.write(table, parts, staging)
    figures = sluice.run("run", "greece")
    report = figures.pop("report")
    figures |= told(report)
    sluice.clear()
    return figures


def told(report):
    """What a run says of itself."""
    if report["outcome"] != "published":
        raise SystemExit(f"the run was not published: {report['folder']}")
    stages = {it["stage"].rpartition(".")[2]: it["statistics"] for it in report["stages"]}
    return {
        "stages": {name: it["milliseconds"] / 1000 for name, it in stages.items()},
        "gzip_bytes": stages["extract"]["bytes"],
        "statistics": stages,
    }
