import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../../support/certificate";
import type { ControlBody } from "./bodies";
import { RECEIVER_CA, Receiver, stopReceivers } from "./receiver";
import { getSecurely } from "./secure";
import { fileOf, send, start, stopAll } from "./support";

const MAIN = join(__dirname, "..", "..", "..", "cli", "main.js");
const children: ChildProcess[] = [];

interface Run {
  readonly child: ChildProcess;
  readonly out: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

function run(...words: string[]): Run {
  return runWith({}, ...words);
}

function runWith(env: NodeJS.ProcessEnv, ...words: string[]): Run {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  children.push(child);
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (part: Buffer) => {
    out.stdout += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => {
    out.stderr += part.toString();
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, out, ended };
}

async function listening(process: Run): Promise<string> {
  while (!process.out.stdout.includes("\n")) {
    await Promise.race([
      once(process.child.stdout!, "data"),
      process.ended.then(() => assert.fail(process.out.stderr)),
    ]);
  }
  return process.out.stdout;
}

describe("simulator: command", function () {
  this.timeout(20_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-"));
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill("SIGKILL");
    }
    await stopAll();
    await stopReceivers();
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`prints one line, serves, and ends cleanly on ${signal}`, async () => {
      const tokenFile = join(folder, `${signal}.vpptoken`);
      const simulator = run("simulator", "--write-token", tokenFile, "--event-delay", "5", "--page-size", "7");
      const line = await listening(simulator);
      assert.match(line, /^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
      const url = line.slice("listening on ".length).trim();
      assert.equal((await stat(tokenFile)).mode & 0o777, 0o600);
      const token = await readFile(tokenFile, "utf8");
      const { body } = await send(`${url}/mdm/v2/assignments`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(body.size, 7);
      simulator.child.kill(signal);
      assert.equal(await simulator.ended, 0);
      assert.deepEqual(simulator.out, { stdout: line, stderr: "" });
    });
  }

  it("ends at once although a request is delayed and another is never answered", async () => {
    const simulator = run("simulator");
    const url = (await listening(simulator)).slice("listening on ".length).trim();
    for (const action of [{ type: "delay", ms: 60_000 }, { type: "hang" }]) {
      const body = JSON.stringify({ match: { path: "/lookup" }, action });
      assert.equal((await send(`${url}/_control/faults`, { method: "POST", body })).status, 200);
    }
    const broken = [0, 1].map(() => assert.rejects(send(`${url}/lookup`)));
    while (((await send(`${url}/_control/faults`)).body as unknown as ControlBody).faults[1]!.ran === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    simulator.child.kill("SIGTERM");
    assert.equal(await simulator.ended, 0);
    await Promise.all(broken);
  });

  it("takes a library, limits, readings and no control interface", async () => {
    const library = join(folder, "library.json");
    const limits = join(folder, "limits.json");
    await writeFile(library, JSON.stringify(fileOf()));
    await writeFile(limits, JSON.stringify({ maxAssets: 2, maxRequestPerSecond: null }));
    const simulator = run(
      "simulator",
      ...["--library", library, "--limits", limits, "--no-control", "--strict"],
      ...["--reading", "9622-status=401", "--reading", "9709=fill-up"],
    );
    const url = (await listening(simulator)).slice("listening on ".length).trim();
    const config = (await send(`${url}/mdm/v2/service/config`)).body;
    assert.equal(config.limits.maxAssets, 2);
    assert.equal("maxRequestPerSecond" in config.limits, false);
    assert.equal((await send(`${url}/mdm/v2/assets`, { headers: { authorization: "Bearer x" } })).status, 401);
    assert.equal((await send(`${url}/_control/state`)).status, 404);
  });

  it("takes lags, a base, a certificate and a proxy's word", async () => {
    const { key, cert } = selfSigned();
    const files = { "tls.pem": cert, "tls.key": key };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text);
    }
    const simulator = run(
      "simulator",
      ...["--tls-cert", join(folder, "tls.pem"), "--tls-key", join(folder, "tls.key"), "--trust-forwarded"],
      ...["--base-url", "https://apple.example/vpp", "--lag", "assets=7", "--lag", "users=9"],
    );
    const line = await listening(simulator);
    assert.match(line, /^listening on https:\/\/127\.0\.0\.1:\d+\n$/);
    const url = line.slice("listening on ".length).trim();
    const config = await getSecurely(`${url}/mdm/v2/service/config`, cert);
    assert.equal(config.urls.getAssets, "https://apple.example/vpp/mdm/v2/assets");
    const forwarded = await getSecurely(`${url}/mdm/v2/service/config`, cert, { "x-forwarded-host": "b.example" });
    assert.equal(forwarded.urls.getAssets, "https://b.example/vpp/mdm/v2/assets");
    const settings = (await getSecurely(`${url}/_control/settings`, cert)) as unknown as { lagMs: object };
    assert.deepEqual(settings.lagMs, { assets: 7, assignments: 0, users: 9 });
  });

  it("takes options for notifications", async () => {
    const ca = join(folder, "ca.pem");
    await writeFile(ca, RECEIVER_CA);
    const tokenFile = join(folder, "notified.vpptoken");
    const simulator = run(
      "simulator",
      ...["--write-token", tokenFile, "--receiver-ca", ca, "--duplicate-notifications"],
      ...["--http-receivers", "--notification-retry", "5", "--notification-timeout", "900"],
    );
    const url = (await listening(simulator)).slice("listening on ".length).trim();
    const authorization = `Bearer ${await readFile(tokenFile, "utf8")}`;
    for (const scheme of ["https", "http"] as const) {
      const receiver = await Receiver.start(scheme);
      const { status } = await send(`${url}/mdm/v2/client/config`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ notificationUrl: receiver.url, notificationAuthToken: "t" }),
      });
      assert.deepEqual([status, receiver.received.length], [200, 1]);
    }
    const settings = (await send(`${url}/_control/settings`)).body as unknown as { notifications: object };
    assert.deepEqual(settings.notifications, { retryMs: 5, timeoutMs: 900, duplicates: true, httpOnLoopback: true });
  });

  it("trusts receivers' certificates that Node is told to trust", async () => {
    const ca = join(folder, "extra.pem");
    await writeFile(ca, RECEIVER_CA);
    const tokenFile = join(folder, "extra.vpptoken");
    const { url: notificationUrl } = await Receiver.start();
    for (const [env, expected] of [
      [{ NODE_EXTRA_CA_CERTS: ca }, 200],
      [{}, 400],
    ] as const) {
      const line = await listening(runWith(env, "simulator", "--write-token", tokenFile));
      const { status } = await send(`${line.slice("listening on ".length).trim()}/mdm/v2/client/config`, {
        method: "POST",
        headers: { authorization: `Bearer ${await readFile(tokenFile, "utf8")}`, "content-type": "application/json" },
        body: JSON.stringify({ notificationUrl, notificationAuthToken: "t" }),
      });
      assert.equal(status, expected);
    }
  });

  const badUsage: [string[], RegExp][] = [
    [[], /a command is missing/],
    [["simulate"], /there is no command "simulate"/],
    [["simulator", "--prot", "1"], /Unknown option '--prot'/],
    [["simulator", "extra"], /Unexpected argument 'extra'/],
    [["simulator", "--port", "65536"], /--port must be a whole number from 0 to 65535/],
    [["simulator", "--port", "1e3"], /--port must be/],
    [["simulator", "--event-delay", "-1"], /--event-delay/],
    [["simulator", "--event-delay", "soon"], /--event-delay must be a whole number/],
    [["simulator", "--page-size", "0"], /--page-size must be a whole number from 1/],
    [["simulator", "--reading", "9709"], /--reading takes NAME=VALUE/],
    [["simulator", "--reading", "9709=half"], /the reading "9709" can be all-or-nothing or fill-up/],
    [["simulator", "--reading", "42=x"], /there is no reading named "42"/],
    [["simulator", "--library", "/no/such/file"], /--library: \/no\/such\/file cannot be read \(ENOENT\)/],
    [["simulator", "--library", MAIN], /is not valid JSON/],
    [["simulator", "--notification-retry", "often"], /--notification-retry must be a whole number from 0/],
    [["simulator", "--receiver-ca", "/no/such/file"], /--receiver-ca: \/no\/such\/file cannot be read \(ENOENT\)/],
    [["simulator", "--receiver-ca", MAIN], /--receiver-ca: .* holds no certificate/],
    [["simulator", "--lag", "apps=5"], /--lag takes assets=MS, assignments=MS or users=MS, not "apps=5"/],
    [["simulator", "--lag", "users=9999999999"], /--lag takes assets=MS/],
    [["simulator", "--base-url", "apple.example"], /the base URL must be an http or https address/],
    [["simulator", "--tls-key", MAIN], /--tls-cert and --tls-key need each other/],
    [["simulator", "--tls-cert", "/no/file", "--tls-key", MAIN], /--tls-cert: \/no\/file cannot be read \(ENOENT\)/],
    [["simulator", "--tls-cert", MAIN, "--tls-key", MAIN], /--tls-cert: .* holds no certificate in PEM format/],
    [["simulator", "--limits", "/no/such/file"], /--limits: .*ENOENT/],
  ];
  for (const [words, reason] of badUsage) {
    it(`ends with 2 and a plain message for: ${words.join(" ").replace(MAIN, "main.js")}`, async () => {
      const process = run(...words);
      assert.equal(await process.ended, 2);
      assert.match(process.out.stderr, reason);
      assert.equal(process.out.stderr.trim().split("\n").length, 1);
      assert.equal(process.out.stdout, "");
    });
  }

  it("ends with 1 when the port is in use or the token file cannot be written", async () => {
    const { simulator } = await start();
    const inUse = run("simulator", "--port", String(simulator.port));
    assert.equal(await inUse.ended, 1);
    assert.match(inUse.out.stderr, /^pulumi-vpp: 127\.0\.0\.1 port \d+ is in use\n$/);
    const unwritable = run("simulator", "--write-token", join(folder, "no", "where"));
    assert.equal(await unwritable.ended, 1);
    assert.match(unwritable.out.stderr, /the token file cannot be written \(ENOENT\)/);
  });

  it("explains itself", async () => {
    for (const [words, expected] of [
      [["--help"], /^Usage: pulumi-vpp COMMAND/],
      [["simulator", "--help"], /9709=all-or-nothing\|fill-up/],
      [["simulator", "--help"], /--lag LIST=MS.*--tls-cert FILE.*--base-url URL.*--trust-forwarded/s],
      [["simulator", "--help"], /token-comparison=text\|content.*rate-refused=uncounted\|counted/s],
      [["simulator", "--unknowns"], /event is COMPLETE\?\n {3}Here: They do\.\n {3}--lag\n/],
      [["simulator", "--unknowns"], / {3}--reading 9609=async\|mixed\|sync/],
      [["simulator", "--help", "--unknowns"], /nobody gets one.*\n {3}--reading 9709=all-or-nothing\|fill-up/],
      [["--version"], /^\d+\.\d+\.\d+\n$/],
    ] as const) {
      const process = run(...words);
      assert.equal(await process.ended, 0);
      assert.match(process.out.stdout, expected);
      assert.equal(process.out.stderr, "");
    }
  });
});
