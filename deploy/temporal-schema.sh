#!/bin/sh
# Makes Temporal's two databases in Postgres, or brings their tables up to date. Safe to run again.
set -eu

for database in temporal temporal_visibility; do
  case "$database" in
    temporal) tables=temporal ;;
    *) tables=visibility ;;
  esac
  tool() {
    temporal-sql-tool --plugin "$DB" --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" \
      --database "$database" "$@"
  }
  tool create-database
  tool setup-schema --version 0.0
  tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$tables/versioned"
done
