// Capture a document with epcis2.js, follow the job, print both as JSON.
// Use: node capture.cjs ADDRESS TOKEN
const { AggregationEvent, EPCISDocument, ObjectEvent, capture, cbv, setup } = require("epcis2.js");

const [apiUrl, token] = process.argv.slice(2);
const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
setup({ apiUrl, headers, eventTimeZoneOffset: "+08:00" });

async function main() {
  const packed = new ObjectEvent()
    .setEventTime("2026-03-01T08:00:00.000+08:00")
    .setAction(cbv.actionTypes.add)
    .setBizStep(cbv.bizSteps.commissioning)
    .setDisposition(cbv.dispositions.active)
    .addEPC("urn:epc:id:sgtin:0614141.107346.2018")
    .addEPC("urn:epc:id:sgtin:0614141.107346.2019")
    .setReadPoint("urn:epc:id:sgln:0614141.00777.0");
  const aggregated = new AggregationEvent()
    .setEventTime("2026-03-01T09:00:00.000+08:00")
    .setAction(cbv.actionTypes.add)
    .setBizStep(cbv.bizSteps.packing)
    .setParentId("urn:epc:id:sscc:0614141.0123456789")
    .addChildEPC("urn:epc:id:sgtin:0614141.107346.2018");
  const document = new EPCISDocument()
    .setCreationDate("2026-03-01T10:00:00.000+08:00")
    .addEvent(packed)
    .addEvent(aggregated);
  const answer = await capture(document);
  const location = answer.headers.get("location");
  const job = await fetch(new URL(location, apiUrl), { headers });
  console.log(JSON.stringify({ status: answer.status, location, job: await job.json() }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
