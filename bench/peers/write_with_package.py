# The Python package of the same name, as its documentation shows it: what it is to write is read before the clock starts.
import json
import os
import sys
import time
from typing import Literal

from openbatch import BatchCollector
from pydantic import BaseModel, Field


class Reason(BaseModel):
    quote: str
    weight: float


class Verdict(BaseModel):
    verdict: Literal["positive", "negative"]
    reasons: list[Reason]
    wouldBuyAgain: bool | None = Field(description="Whether the author says so; null if not said.")


def create(collector, row):
    collector.chat.completions.create(
        custom_id=row["id"],
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": "Classify the review as positive or negative."},
            {"role": "user", "content": row["review"]},
        ],
        temperature=0,
    )


def parse(collector, row):
    collector.chat.completions.parse(
        custom_id=row["id"],
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": row["review"]}],
        response_format=Verdict,
    )


method, rows_path, batch_path = sys.argv[1:]
add = {"create": create, "parse": parse}[method]
with open(rows_path, encoding="utf-8") as file:
    rows = [json.loads(line) for line in file]

started, started_cpu = time.perf_counter(), time.process_time()
collector = BatchCollector(batch_path)
for row in rows:
    add(collector, row)
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - started_cpu

with open(batch_path, "rb") as file:
    if sum(1 for _ in file) != len(rows):
        sys.exit("The Python package did not write a line for each row.")
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "bytes": os.path.getsize(batch_path)}))
