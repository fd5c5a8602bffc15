// Calls every operation through what openapi-generator (typescript-fetch) or orval has made: reads
// the calls from standard input, writes their answers to standard output.
import { readFileSync } from "node:fs";
import axios from "axios";
import * as orval from "./orval/api";
import * as generated from "./typescript-fetch";

type Call = {
  operation: string; by: string; path: Record<string, string>; query: Record<string, unknown>;
  has_query: boolean; needs_tag: boolean; has_file: boolean;
  body: unknown; body_name: string; answer_name: string;
};
type Answer = { status: number; raw: unknown; typed: unknown };

const job = JSON.parse(readFileSync(0, "utf-8"));
const workbook = new File([Buffer.from(job.workbook, "base64")], "自查.xlsx");
const byName = generated as unknown as Record<string, any>;
const functions = orval as unknown as Record<string, any>;
axios.defaults.baseURL = job.origin;

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const base64 = async (file: Blob) => Buffer.from(await file.arrayBuffer()).toString("base64");

async function byTypescriptFetch(call: Call): Promise<Answer> {
  const accessToken = job.tokens[call.by];
  const api = new generated.DefaultApi(
    new generated.Configuration({ basePath: job.origin, accessToken })) as unknown as Record<string, any>;
  const asked: Record<string, unknown> = { ...call.path };
  for (const [name, value] of Object.entries(call.query)) asked[camel(name)] = value;
  if (call.needs_tag) asked.ifMatch = "*";
  if (call.has_file) asked.file = workbook;
  else if (call.body_name) {
    const parameter = call.body_name[0].toLowerCase() + call.body_name.slice(1);
    asked[parameter] = byName[`${call.body_name}FromJSON`](call.body);
  }
  const written = (value: unknown) =>
    (byName[`${call.answer_name}ToJSON`] ?? byName[`Model${call.answer_name}ToJSON`])(value);
  try {
    const answer = await api[`${camel(call.operation)}Raw`](asked);
    const status = answer.raw.status, copy = answer.raw.clone(), value = await answer.value();
    if (value instanceof Blob)
      return { status, raw: await base64(await copy.blob()), typed: await base64(value) };
    return { status, raw: await copy.json(), typed: written(value) };
  } catch (refused) {
    if (!(refused instanceof generated.ResponseError)) throw refused;
    const raw = await refused.response.json();
    return { status: refused.response.status, raw, typed: written(generated.ProblemFromJSON(raw)) };
  }
}

async function byOrval(call: Call): Promise<Answer> {
  const headers: Record<string, string> = { Authorization: `Bearer ${job.tokens[call.by]}` };
  if (call.needs_tag) headers["If-Match"] = "*";
  // A browser does both: in Node, axios' "http" reads no Blob and its "fetch" sends no form.
  const adapter = call.has_file ? "http" : "fetch";
  const asked: unknown[] = Object.values(call.path);
  if (call.has_file) asked.push({ file: workbook });
  else if (call.body_name) asked.push(call.body);
  if (call.has_query) asked.push(call.query);
  try {
    const { status, data } = await functions[camel(call.operation)](...asked, { adapter, headers });
    const value = data instanceof Blob ? await base64(data) : data;
    return { status, raw: value, typed: value };
  } catch (refused) {
    if (!axios.isAxiosError(refused) || !refused.response) throw refused;
    const { status, data } = refused.response;
    return { status, raw: data, typed: data };
  }
}

async function main() {
  const answerTo = process.argv[2] === "orval" ? byOrval : byTypescriptFetch;
  const answers: Answer[] = [];
  for (const call of job.calls as Call[]) answers.push(await answerTo(call));
  process.stdout.write(JSON.stringify(answers));
}

main();
