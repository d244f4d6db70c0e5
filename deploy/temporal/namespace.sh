#!/bin/sh
# Make our namespace and its search attributes. Safe to run again. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and
# SUPPLYLINE_RETENTION (how long closed orders stay readable, for example 2160h) come from the environment.
# The attributes are those of workflows/names.py; a test compares.
set -eu
if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
	temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$SUPPLYLINE_RETENTION"
fi
tries=0
until temporal operator search-attribute list >/dev/null 2>&1; do # a new namespace is seen everywhere only after a while
	tries=$((tries + 1))
	if [ "$tries" -ge 60 ]; then
		echo "the namespace $TEMPORAL_NAMESPACE is not seen after a minute" >&2
		exit 1
	fi
	sleep 1
done
for attribute in OrderNumber Facility Supplier Status Criticality WaitingFor; do
	temporal operator search-attribute create --name "$attribute" --type Keyword
done
