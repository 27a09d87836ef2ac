import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { readPage } from "../docs/pages";
import { Consumer } from "../support/consumer";
import { engines } from "../support/engines";
import { root } from "../support/paths";

const cli = engines().find(({ name }) => name === "Pulumi CLI");
const LACKING = cli === undefined ? " (NOT RUN: there is no Pulumi CLI here, and nothing else can import)" : "";

/** The commands of the README's section for strangers, in its three blocks. */
function commands(): string[][] {
  const lines = readFileSync(join(root, "README.md"), "utf8").split("\n");
  const begin = lines.indexOf("## Try it: eight commands");
  const end = lines.findIndex((line, index) => index > begin && line.startsWith("## "));
  return readPage("README.md")
    .blocks.filter(({ line, language }) => language === "sh" && line > begin && line < end)
    .map(({ text }) => text.trimEnd().split("\n"));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe("the README, against the packed package", function () {
  this.timeout(300_000);
  let consumer: Consumer;

  before(() => {
    consumer = new Consumer();
  });

  after(() => {
    consumer.remove();
  });

  it(`leads a stranger to a report in four commands, and to an adopted, clean stack in eight${LACKING}`, async function () {
    if (cli === undefined || process.platform === "win32") {
      this.skip();
    }
    const [toReport = [], toStack = [], after = []] = commands();
    assert.deepEqual([toReport.length, toStack.length], [4, 4]);
    const [install = "", simulator = "", ...rest] = toReport;
    const port = await freePort();
    const [, , pulumiVpp, ...packages] = install.split(" ");
    assert.equal(pulumiVpp, "pulumi-vpp");
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    consumer.install(...packages.map((name) => `${name}@${devDependencies[name]}`));

    const script = [
      "set -eu",
      simulator,
      "trap 'kill $!' EXIT",
      // A person types more slowly than the simulator starts.
      "until (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; do sleep 0.1; done",
      ...rest,
      "grep -c 'Tourbook Driver' report.html",
      ...toStack,
      ...after.filter((line) => !line.startsWith("kill ")),
      `node -e '${written}'`,
    ].join("\n");
    const env = {
      PATH: [cli.folder, consumer.path].join(delimiter),
      PULUMI_HOME: mkdtempSync(join(consumer.folder, "home-")),
    };
    const printed = consumer.run("bash", ["-c", script.replaceAll("8080", String(port))], consumer.folder, env);
    assert.deepEqual(JSON.parse(printed.trimEnd().split("\n").at(-1)!), ["/mdm/v2/client/config"]);
  });
});

/** Prints which requests have written anything at the service. */
const written = `fetch(process.env.VPP_ENDPOINT + "/_control/requests").then((answer) => answer.json())
  .then(({ requests }) => console.log(JSON.stringify(requests.filter(({ method }) => method === "POST").map(({ path }) => path))))`;
