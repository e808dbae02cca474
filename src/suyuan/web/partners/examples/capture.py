"""Send an EPCIS document to Suyuan:  SUYUAN_TOKEN=syn_… python capture.py document.json"""

import json
import os
import sys
import urllib.error
import urllib.request

ADDRESS = "https://suyuan.example"


def ask(path, body=None, media_type="application/json"):
    """Send a request; return the answer's headers and JSON."""
    request = urllib.request.Request(ADDRESS + path, data=body)
    request.add_header("Authorization", "Bearer " + os.environ["SUYUAN_TOKEN"])
    if body is not None:
        request.add_header("Content-Type", media_type)
        request.add_header("GS1-EPCIS-Version", "2.0")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return answer.headers, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


name = sys.argv[1]
with open(name, "rb") as file:
    document = file.read()
media_type = "application/xml" if name.endswith(".xml") else "application/json"

# 1. Ask what it would do. Nothing is stored.
_, rehearsal = ask("/api/v1/rehearsals", document, media_type)
for fault in rehearsal["faults"]:
    print(f"line {fault['line']}: {fault['code']} at {fault['place']}")
print(f"new {rehearsal['new']}, there already {rehearsal['duplicates']}")
if not rehearsal["accepted"]:
    sys.exit("Correct it first.")

# 2. Send it. The answer 202 names the job in its Location.
headers, _ = ask("/epcis/v2/capture", document, media_type)

# 3. Ask what became of it.
_, job = ask(headers["Location"])
print(json.dumps(job, indent=2))
