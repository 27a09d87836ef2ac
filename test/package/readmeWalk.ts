import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { readPage } from "../docs/pages";
import type { Consumer } from "../support/consumer";
import type { Engine } from "../support/engines";
import { root } from "../support/paths";

/** What a stranger types, by the README's section for him: up to the report, from there to the stack, and what shows that it is clean. */
export function readmeCommands(): { toReport: string[]; toStack: string[]; after: string[] } {
  const lines = readFileSync(join(root, "README.md"), "utf8").split("\n");
  const begin = lines.indexOf("## Try it: eight commands");
  const end = lines.findIndex((line, index) => index > begin && line.startsWith("## "));
  const [toReport = [], toStack = [], after = []] = readPage("README.md")
    .blocks.filter(({ line, language }) => language === "sh" && line > begin && line < end)
    .map(({ text }) => text.trimEnd().split("\n"));
  return { toReport, toStack, after };
}

/**
 * Types them in a folder below a project that has installed the package, all but the first, which installs it. Gives the report, and the paths
 * of all requests that have written at the service.
 */
export async function walkReadme(consumer: Consumer, engine: Engine): Promise<{ report: string; written: string[] }> {
  const { toReport, toStack, after } = readmeCommands();
  const [, simulator = "", ...rest] = toReport;
  const folder = join(consumer.folder, "stranger");
  mkdirSync(folder);
  const script = [
    // With job control, as at a terminal: what npx starts ends with it.
    "set -eum",
    simulator,
    "trap 'kill %1' EXIT",
    // A person types more slowly than the simulator starts.
    "until (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; do sleep 0.1; done",
    ...rest,
    ...toStack,
    ...after.filter((line) => !line.startsWith("kill ")),
    `node -e '${printWrites}'`,
  ].join("\n");
  const port = String(await freePort());
  const env = { PATH: [engine.folder, consumer.path].join(delimiter), PULUMI_HOME: join(folder, "home") };
  const printed = consumer.run("bash", ["-c", script.replaceAll("8080", port)], folder, env);
  return {
    report: readFileSync(join(folder, "report.html"), "utf8"),
    written: JSON.parse(printed.trimEnd().split("\n").at(-1)!) as string[],
  };
}

const printWrites = `fetch(process.env.VPP_ENDPOINT + "/_control/requests").then((answer) => answer.json())
  .then(({ requests }) => console.log(JSON.stringify(requests.filter(({ method }) => method === "POST").map(({ path }) => path))))`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
