#!/bin/sh
# Makes Temporal's two databases, or brings them to the schema of the SQL tool at hand; changes nothing where they have it.
set -eu

setup() {
  "${SQL_TOOL:-temporal-sql-tool}" --database "$1" create
  "${SQL_TOOL:-temporal-sql-tool}" --database "$1" setup-schema -v 0.0
  "${SQL_TOOL:-temporal-sql-tool}" --database "$1" update-schema --schema-name "postgresql/v12/$2"
}

setup temporal temporal
setup temporal_visibility visibility
