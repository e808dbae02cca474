// Send an EPCIS document to Suyuan:  SUYUAN_TOKEN=syn_… node capture.mjs document.json
import { readFile } from "node:fs/promises";

const address = "https://suyuan.example";
const name = process.argv[2];
const document = await readFile(name);
const type = name.endsWith(".xml") ? "application/xml" : "application/json";

async function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${process.env.SUYUAN_TOKEN}`, ...options.headers };
  const answer = await fetch(address + path, { ...options, headers });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer;
}

// 1. Ask what it would do. Nothing is stored.
const sending = { method: "POST", body: document, headers: { "Content-Type": type } };
const rehearsal = await (await ask("/api/v1/rehearsals", sending)).json();
for (const fault of rehearsal.faults) {
  console.log(`line ${fault.line}: ${fault.code} at ${fault.place}`);
}
console.log(`new ${rehearsal.new}, there already ${rehearsal.duplicates}`);
if (!rehearsal.accepted) process.exit(1);

// 2. Send it. The answer 202 names the job in its Location.
sending.headers["GS1-EPCIS-Version"] = "2.0";
const sent = await ask("/epcis/v2/capture", sending);

// 3. Ask what became of it.
const job = await ask(sent.headers.get("Location"));
console.log(await job.json());
