// node verify_html.mjs verify.html: reads lines of JSON {pack, key, mails, prints, witness} from stdin, answers each
// with the findings of the page's own script, or null where the pack cannot be opened.
import { createInterface } from "node:readline";
import { openAsBlob, readFileSync } from "node:fs";
import vm from "node:vm";

const html = readFileSync(process.argv[2], "utf8");
const script = html.slice(html.indexOf("<script>") + 8, html.lastIndexOf("</script>"));
const world = vm.createContext({
  crypto, TextEncoder, TextDecoder, atob, btoa, DecompressionStream, Response, Uint8Array, DataView,
});
vm.runInContext(`${script}\nglobalThis.tools = { zipped, packOf, verify };`, world);
const { zipped, packOf, verify } = world.tools;

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let found = null;
  try {
    const pack = packOf(await zipped(await openAsBlob(asked.pack)));
    const mails = asked.mails.map((path) => [path, new Uint8Array(readFileSync(path))]);
    found = await verify(pack, asked.key, mails, asked.prints, asked.witness ?? "");
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
