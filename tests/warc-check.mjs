// Reads a web archive with a library that is not ours, and prints each record:
// type, target, status, length of the payload, and whether the digests are
// right.  usage: node warc-check.mjs DIRECTORY-OF-NODE-MODULES FILE
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const path = createRequire(modules + "/").resolve("warcio");
const { WARCParser } = await import(pathToFileURL(path).href);

function base32(bytes) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "", text = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  for (let i = 0; i < bits.length; i += 5)
    text += digits[parseInt(bits.slice(i, i + 5), 2)];
  return text;
}

function unchunk(bytes) {
  const parts = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf("\r\n", at);
    const size = parseInt(bytes.toString("latin1", at, end), 16);
    if (size === 0)
      return bytes.length === end + 4 ? Buffer.concat(parts) : null;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 4 + size;
  }
}

const sha1 = (bytes) =>
  "sha1:" + base32(createHash("sha1").update(bytes).digest());

const parser = new WARCParser(createReadStream(file), { keepHeadersCase: true,
                                                        parseHttp: false });
for await (const record of parser) {
  const block = Buffer.from(await record.readFully(false));
  const end = block.indexOf("\r\n\r\n");
  const head = block.toString("latin1", 0, end);
  let payload = record.warcType === "warcinfo" ? block
                                               : block.subarray(end + 4);
  if (/^transfer-encoding: chunked\r?$/im.test(head)) payload = unchunk(payload);
  const claims = record.warcHeaders.headers;
  const good = [["WARC-Block-Digest", block], ["WARC-Payload-Digest", payload]]
    .every(([field, bytes]) =>
      !claims.get(field) || claims.get(field) === sha1(bytes));
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(block.toString("latin1"));
  console.log(record.warcType, record.warcTargetURI ?? "-",
              status ? status[1] : "-", payload.length,
              good && block.length === Number(claims.get("Content-Length"))
                ? "good" : "bad");
}
