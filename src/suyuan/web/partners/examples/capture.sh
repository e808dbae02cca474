#!/bin/sh
# Send an EPCIS document to Suyuan:  SUYUAN_TOKEN=syn_… sh capture.sh document.json
set -eu
address="https://suyuan.example"
file="$1"
case "$file" in
    *.xml) type="application/xml" ;;
    *) type="application/json" ;;
esac

# 1. Ask what it would do. Nothing is stored.
curl --fail-with-body --silent --show-error "$address/api/v1/rehearsals" \
    --header "Authorization: Bearer $SUYUAN_TOKEN" \
    --header "Content-Type: $type" \
    --data-binary "@$file"
echo

# 2. Send it. The answer 202 names the job in its Location.
job=$(curl --fail-with-body --silent --show-error "$address/epcis/v2/capture" \
    --header "Authorization: Bearer $SUYUAN_TOKEN" \
    --header "Content-Type: $type" \
    --header "GS1-EPCIS-Version: 2.0" \
    --data-binary "@$file" \
    --output /dev/null --write-out '%header{location}')

# 3. Ask what became of it.
curl --fail-with-body --silent --show-error "$address$job" \
    --header "Authorization: Bearer $SUYUAN_TOKEN"
echo
