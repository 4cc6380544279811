#!/usr/bin/env python3
"""Real companies with real duplicates through `sluice run`, from MariaDB to MariaDB, counted by SQL of another hand.

    cargo build --release
    benches/listings.py LISTINGS.csv.gz [PROGRAM, target/release/sluice by default]

The file is one of listed companies, with a header: symbol, name, country, sector, market_cap, isin and more. It is
loaded as it is into a MariaDB of the script's own (a free port, its own folder, ended with the script). Each country
of COUNTRIES is a pipeline: its rows in four parts, names of more than 60 characters refused, companies listed under
several symbols deduped by their name, upserted into one table that all share. Then SQL on the raw table says what
each stage must have counted and which rows must be there, byte for byte; a second run must change nothing. All of it
twice: with staging in the target's database, and with staging as parts.
"""

import csv
import gzip
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COUNTRIES = {
    "united_states": ("us", "United States"), "india": ("in", "India"), "canada": ("ca", "Canada"),
    "germany": ("de", "Germany"), "australia": ("au", "Australia"), "japan": ("jp", "Japan"),
    "united_kingdom": ("gb", "United Kingdom"), "china": ("cn", "China"), "france": ("fr", "France"),
    "thailand": ("th", "Thailand"), "sweden": ("se", "Sweden"), "hong_kong": ("hk", "Hong Kong"),
    "brazil": ("br", "Brazil"), "italy": ("it", "Italy"), "poland": ("pl", "Poland"), "greece": ("gr", "Greece"),
}
LONGEST_NAME = 60
PASSWORD = "hunter2-of-the-listings"
FIELDS = ["symbol", "name", "country", "sector", "market_cap", "isin"]

PLATFORM = """platform listed {
    environment local

    connection listings {
        local mysql secret "listings/source"
    }
    connection reports {
        local mysql secret "listings/target"
    }
    target reports
}

table companies {
    country     char(2)   key
    name        text(%d)  key
    listing     integer
    symbol      text(40)
    sector      text(60)
    market_cap  text(40)
    isin        text(40)
}

template listed() {
    source listings

    into companies {
        extract "companies.sql" split by listing into 4
        dedupe  by name keep first
        publish upsert
        staging STAGING
    }
}
""" % LONGEST_NAME

QUERY = """SELECT c.code AS country, l.name, l.listing, l.symbol, NULLIF(l.sector, '') AS sector,
       NULLIF(l.market_cap, '') AS market_cap, NULLIF(l.isin, '') AS isin
FROM listings l
JOIN countries c ON c.name = l.country
WHERE c.code = :country
"""


class Server:
    def __init__(self, folder):
        self.folder = folder
        data, log = folder / "data", folder / "log"
        (folder / "tmp").mkdir()
        user = ["--user=root"] if os.getuid() == 0 else []
        subprocess.run(["mariadb-install-db", "--no-defaults", *user, f"--datadir={data}", "--skip-test-db",
                        "--auth-root-authentication-method=normal"], check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            ["mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--tmpdir={folder / 'tmp'}",
             f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}", f"--log-error={log}",
             f"--port={self.port}", "--bind-address=127.0.0.1", "--skip-name-resolve", "--local-infile=1",
             "--skip-log-bin", "--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=512M"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if subprocess.run(self.client("SELECT 1"), capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit(log.read_text())

    def client(self, sql):
        return ["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={self.port}", "--user=root", "--local-infile=1",
                "--default-character-set=utf8mb4", "--skip-column-names", "--batch", "--raw", f"--execute={sql}"]

    def sql(self, sql):
        told = subprocess.run(self.client(sql), capture_output=True, text=True)
        if told.returncode:
            raise SystemExit(f"{sql}\n{told.stderr}")
        return [line.split("\t") for line in told.stdout.splitlines()]

    def number(self, sql):
        return int(self.sql(sql)[0][0])

    def secret(self, database):
        return json.dumps({"engine": "mariadb", "host": "127.0.0.1", "port": self.port, "username": "sluice",
                           "password": PASSWORD, "dbname": database})


def load_raw(server, folder, path):
    """The file as it is, by the server's own reader of CSV."""
    plain = folder / "listings.csv"
    plain.write_bytes(gzip.open(path).read())
    with plain.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    header = list(rows[0])
    assert all(field in header for field in FIELDS), header
    columns = ", ".join(f"`{it}` TEXT" for it in header)
    server.sql(f"""CREATE DATABASE registry CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; CREATE DATABASE reports;
        CREATE USER sluice@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'; GRANT SELECT ON registry.* TO sluice@'127.0.0.1';
        GRANT ALL ON reports.* TO sluice@'127.0.0.1';
        CREATE TABLE registry.listings (listing INT AUTO_INCREMENT PRIMARY KEY, {columns});
        LOAD DATA LOCAL INFILE '{plain}' INTO TABLE registry.listings CHARACTER SET utf8mb4
            FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '' LINES TERMINATED BY '\\n'
            IGNORE 1 LINES ({', '.join(f'`{it}`' for it in header)});
        CREATE TABLE registry.countries (code CHAR(2) PRIMARY KEY, name VARCHAR(60) NOT NULL);""")
    for code, name in COUNTRIES.values():
        server.sql(f"INSERT INTO registry.countries VALUES (UPPER('{code}'), '{name}')")
    raw = server.number("SELECT COUNT(*) FROM registry.listings")
    assert raw == len(rows), f"the server read {raw} rows, Python {len(rows)}"
    return raw


def write_program(folder, staging):
    folder.mkdir()
    (folder / "platform.pipe").write_text(PLATFORM.replace("STAGING", staging))
    (folder / "companies.sql").write_text(QUERY)
    for pipeline, (code, name) in COUNTRIES.items():
        (folder / f"{pipeline}.pipe").write_text(
            f'pipeline {pipeline} "Listed companies, {name}" {{\n    country {code}\n'
            f'    schedule daily at 02:30 in UTC\n    owner "data@example.com"\n    use listed()\n}}\n')


def figures(sluice, pipeline):
    """The last run, as `sluice runs` tells it."""
    told = subprocess.run([*sluice, "runs", pipeline, "--last", "--format", "json"], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)[-1]


def expected(server, code):
    """What SQL says of the raw table."""
    of = f"registry.listings l JOIN registry.countries c ON c.name = l.country WHERE c.code = UPPER('{code}')"
    fits = f"CHAR_LENGTH(l.name) <= {LONGEST_NAME}"
    rows = server.number(f"SELECT COUNT(*) FROM {of}")
    fit = server.number(f"SELECT COUNT(*) FROM {of} AND {fits}")
    names = server.number(f"SELECT COUNT(DISTINCT CAST(l.name AS BINARY)) FROM {of} AND {fits}")
    return {"extracted": rows, "rejected": rows - fit, "duplicates": fit - names, "published": names}


def digest(server, code):
    """Of the published rows, and of those that must be published: the first listing of each name."""
    fields = "HEX(name), listing, HEX(symbol), HEX(sector), HEX(market_cap), HEX(isin)"
    published = server.sql(f"SELECT {fields} FROM reports.companies WHERE country = UPPER('{code}') ORDER BY listing")
    must = server.sql(f"""SELECT HEX(l.name), l.listing, HEX(l.symbol), HEX(NULLIF(l.sector, '')),
            HEX(NULLIF(l.market_cap, '')), HEX(NULLIF(l.isin, ''))
        FROM registry.listings l JOIN (
            SELECT MIN(l.listing) AS listing FROM registry.listings l JOIN registry.countries c ON c.name = l.country
            WHERE c.code = UPPER('{code}') AND CHAR_LENGTH(l.name) <= {LONGEST_NAME} GROUP BY CAST(l.name AS BINARY)
        ) AS firsts ON firsts.listing = l.listing ORDER BY l.listing""")
    return published, must


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    path, program = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "target/release/sluice")
    with tempfile.TemporaryDirectory(prefix="sluice-listings-") as temporary:
        folder = pathlib.Path(temporary)
        server = Server(folder)
        try:
            run(server, folder, path, program)
        finally:
            server.process.kill()
            server.process.wait()


def run(server, folder, path, program):
    raw = load_raw(server, folder, path)
    os.environ.update(SLUICE_SECRET_LISTINGS_SOURCE=server.secret("registry"),
                      SLUICE_SECRET_LISTINGS_TARGET=server.secret("reports"), SLUICE_DATABASE_TLS="off")
    print(f"{raw} listings, {len(COUNTRIES)} countries")
    must = {code: expected(server, code) for code, _ in COUNTRIES.values()}
    for code, name in COUNTRIES.values():
        print(f"  {name:15} " + ", ".join(f"{value} {key}" for key, value in must[code].items()))
    wrong = 0
    for staging in ["database", "parts"]:
        write_program(folder / staging, staging)
        server.sql("DROP DATABASE reports; CREATE DATABASE reports")
        sluice = [program, "--program", str(folder / staging), "--state", str(folder / f"{staging}-state")]
        for attempt in ["first", "second"]:
            wrong += run_all(server, sluice, must, f"staging {staging}, {attempt} run")
    print("all as SQL says" if not wrong else f"{wrong} runs differ")
    sys.exit(1 if wrong else 0)


def run_all(server, sluice, must, title):
    """Every country once; how many are not as they must be."""
    begin = time.monotonic()
    told = subprocess.run([*sluice, "run", "--all"], capture_output=True, text=True)
    seconds = time.monotonic() - begin
    assert told.returncode == 0, told.stdout + told.stderr
    assert PASSWORD not in told.stdout + told.stderr
    totals, wrong = {}, 0
    for pipeline, (code, name) in COUNTRIES.items():
        counted = counts(figures(sluice, pipeline))
        published, rows = digest(server, code)
        if counted != must[code] or published != rows:
            wrong += 1
            print(f"  {name}: {counted} instead of {must[code]}, rows equal: {published == rows}")
        for key, value in counted.items():
            totals[key] = totals.get(key, 0) + value
    print(f"{title}, {seconds:.1f} s: " + ", ".join(f"{value} {key}" for key, value in totals.items()))
    return wrong


def counts(run):
    """The same figures out of a run, whichever of its stages counted them."""
    stages = {it["stage"]: it["statistics"] for it in run["stages"]}
    anywhere = lambda name: sum(it[name] for it in stages.values())
    return {"extracted": stages["companies.extract"]["rows_written"], "rejected": anywhere("rows_rejected"),
            "duplicates": anywhere("duplicates"), "published": stages["companies.publish"]["rows_written"]}


if __name__ == "__main__":
    main()
