"""The same chain by dlt: `dlt_chain.py PORT TABLE FOLDER`. Read with its pyarrow backend, merged by key."""

import sys

import dlt
from dlt.sources.sql_database import sql_table

port, table, folder = sys.argv[1:]
url = f"mysql+pymysql://etl:etl@127.0.0.1:{port}"
rows = sql_table(credentials=f"{url}/src", table=table, backend="pyarrow", chunk_size=50_000)
rows.apply_hints(
    table_name="companies",
    primary_key=["country", "registration_no"],
    write_disposition="merge",
    columns={"updated_at": {"dedup_sort": "desc"}},
)
pipeline = dlt.pipeline(
    pipeline_name="figures",
    pipelines_dir=folder,
    destination=dlt.destinations.sqlalchemy(f"{url}/dlt"),
    dataset_name="dlt",
)
pipeline.run(rows).raise_on_failed_jobs()
