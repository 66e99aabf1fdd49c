"""Holds the records on standard input against docs/record.schema.json.

usage: check-records.py SCHEMA

Each line has to be one record, the last one that of the run, and the numbers
of entries have to agree.  Also checks that the schema has no property that the
records lack.  Prints what is wrong and exits with 1.
"""
import collections
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
checker = jsonschema.Draft202012Validator(schema)
data = sys.stdin.buffer.read()
if not data.endswith(b"\n"):
    sys.exit("the last line does not end")
records = []
for number, line in enumerate(data.split(b"\n")[:-1], 1):
    record = json.loads(line.decode("utf-8"))  # strict
    kind = schema["$defs"].get(record.get("record"))
    if kind is None:
        sys.exit(f"line {number}: no such record: {line!r}")
    jsonschema.Draft202012Validator(
        {**schema, "oneOf": [{"$ref": "#/$defs/" + record["record"]}]}
    ).validate(record)
    records.append(record)
    missing = set(kind["properties"]) - set(record) - {"url_b64"}
    if missing:
        sys.exit(f"line {number}: without {missing}")
entries = [r for r in records if r["record"] == "entry"]
if [r["record"] for r in records[-1:]] != ["summary"] or \
        len(entries) != len(records) - 1:
    sys.exit("not one summary, at the end")
summary = records[-1]
if sorted(r["n"] for r in entries) != list(range(1, len(entries) + 1)):
    sys.exit("an entry is missing, or there twice")
verdicts = collections.Counter(r["verdict"] for r in entries)
for verdict in ("ok", "unverified", "skipped", "failed"):
    if summary[verdict] != verdicts[verdict]:
        sys.exit(f"{summary[verdict]} {verdict}, not {verdicts[verdict]}")
classes = collections.Counter(r["class"] for r in entries if r["class"])
if summary["failed_by_class"] != dict(classes):
    sys.exit(f"{summary['failed_by_class']}, not {classes}")
print(len(entries))
