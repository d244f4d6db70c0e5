#!/bin/sh
# Make or update the tables of Temporal's two databases. Safe to run again: what is newer than the tool stays as it is.
# SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD come from the environment.
set -eu
for database in temporal:temporal temporal_visibility:visibility; do
	name=${database%%:*}
	temporal-sql-tool --database "$name" create
	temporal-sql-tool --database "$name" setup-schema --version 0.0
	temporal-sql-tool --database "$name" update-schema --schema-name "postgresql/v12/${database##*:}"
done
