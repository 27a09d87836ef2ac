import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request as forward } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { selfSigned } from "../support/certificate";
import { freshProcess, type ProcessStack } from "../support/hostStack";
import type { World } from "../support/world";

const certificate = selfSigned("vpp.test");
const local = selfSigned("localhost");

/** What the proxy has told of itself, line by line. */
interface ProxyLine {
  readonly port?: number;
  readonly connect?: string;
  readonly headers?: readonly string[];
  readonly inClear?: boolean;
}

/** A proxy in a process of its own, which leads whatever is asked for to one port. */
class ProxyProcess {
  readonly lines: ProxyLine[] = [];

  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => child.once("close", resolve));
  }

  static async start(target: number, secret: string, password = ""): Promise<ProxyProcess> {
    const args = [join(__dirname, "../support/connectProxy.js"), String(target), password];
    const env = { ...process.env, VPP_PROXY_LOOKS_FOR: secret };
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    const proxy = new ProxyProcess(child);
    await new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        proxy.lines.push(JSON.parse(line) as ProxyLine);
        resolve();
      });
    });
    return proxy;
  }

  url(credentials = ""): string {
    return `http://${credentials && `${credentials}@`}127.0.0.1:${this.lines[0]?.port}`;
  }

  /** The hosts that were asked for. */
  get hosts(): (string | undefined)[] {
    return this.lines.filter(({ connect }) => connect !== undefined).map(({ connect }) => connect);
  }

  /** Waits until every tunnel's end has been told, which can be a moment after the end of who used it. */
  async allClosed(): Promise<void> {
    const ends = (): number => this.lines.filter(({ inClear }) => inClear !== undefined).length;
    while (ends() < this.hosts.length) await delay(10);
  }

  async stop(): Promise<void> {
    this.child.kill();
    await this.ended;
  }
}

describe("host", () => {
  describe("on the way to a service with HTTPS", () => {
    let world: World;
    let stack: ProcessStack;
    let front: Server;
    let proxy: ProxyProcess;
    let asked: number;

    freshProcess((...fresh) => {
      [world, stack] = fresh;
    });

    /** The service behind TLS, and a proxy that leads to it. */
    async function open({ key, cert } = certificate, password = ""): Promise<number> {
      const { hostname, port } = new URL(world.simulator.url);
      front = createServer({ key, cert }, (request, response) => {
        asked++;
        const { url: path, method, headers } = request;
        const inner = forward({ hostname, port, path, method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
        request.pipe(inner);
      });
      await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
      const { port: secure } = front.address() as AddressInfo;
      writeFileSync(world.path("ca.pem"), cert);
      proxy = await ProxyProcess.start(secure, readFileSync(world.tokenFile, "utf8").trim().slice(0, 40), password);
      stack.declare({ hq: ["VppToken", {}] });
      return secure;
    }

    beforeEach(() => {
      asked = 0;
    });
    afterEach(async () => {
      await proxy.stop();
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    });

    it("goes through HTTPS_PROXY and trusts NODE_EXTRA_CA_CERTS, and the proxy sees no credential", async () => {
      await open();
      const env = {
        VPP_ENDPOINT: "https://vpp.test",
        HTTPS_PROXY: proxy.url(),
        NODE_EXTRA_CA_CERTS: world.path("ca.pem"),
      };
      const { hq } = await stack.up({ env });
      assert.equal(hq?.op, "create");
      assert.ok((await world.truth()).mdmInfo);
      await stack.end();
      await proxy.allClosed();
      await proxy.stop();
      assert.deepEqual(new Set(proxy.hosts), new Set(["vpp.test:443"]));
      const tunnels = proxy.lines.filter(({ headers }) => headers);
      assert.ok(tunnels.every(({ headers }) => !headers?.some((name) => /^(proxy-)?authorization$/.test(name))));
      const ends = proxy.lines.filter(({ inClear }) => inClear !== undefined);
      assert.ok(ends.length > 0 && ends.every(({ inClear }) => inClear === false));
    });

    it("leaves the proxy aside for what NO_PROXY names", async () => {
      const port = await open(local);
      const env = {
        VPP_ENDPOINT: `https://localhost:${port}`,
        HTTPS_PROXY: proxy.url(),
        NO_PROXY: "intranet.example,localhost",
        NODE_EXTRA_CA_CERTS: world.path("ca.pem"),
      };
      assert.equal((await stack.up({ env })).hq?.op, "create");
      assert.deepEqual(proxy.hosts, []);
    });

    it("is given up at once and without a request, when nobody has vouched for the certificate", async () => {
      const port = await open(local);
      const env = { VPP_ENDPOINT: `https://localhost:${port}`, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
      const began = Date.now();
      const { hq } = await stack.up({ env });
      assert.match(
        hq?.failures[0]?.reason ?? "",
        /can't reach localhost:\d+ \(DEPTH_ZERO_SELF_SIGNED_CERT\) \(VPP_NETWORK_UNREACHABLE\)\. Check the network, proxy and certificates/,
      );
      assert.equal(asked, 0);
      assert.ok(Date.now() - began < 10_000);
    });

    it("uses the proxy's password and shows it nowhere, and says so when the proxy refuses", async () => {
      await open(certificate, "ada:open-sesame");
      const base = { VPP_ENDPOINT: "https://vpp.test", NODE_EXTRA_CA_CERTS: world.path("ca.pem") };
      const refused = await stack.up({ env: { ...base, HTTPS_PROXY: proxy.url("ada:wrong-sesame") } });
      const reason = refused.hq?.failures[0]?.reason ?? "";
      assert.match(
        reason,
        /can't reach vpp\.test through the proxy 127\.0\.0\.1:\d+ \(the proxy answered with HTTP 407\)/,
      );
      const { hq } = await stack.up({ env: { ...base, HTTPS_PROXY: proxy.url("ada:open-sesame") } });
      assert.equal(hq?.op, "create");
      assert.doesNotMatch(reason + stack.notes.join("\n"), /sesame/);
    });

    it("does not even begin, when HTTPS_PROXY is no address", async () => {
      await open();
      const { hq } = await stack.up({
        env: { VPP_ENDPOINT: "https://vpp.test", HTTPS_PROXY: "http://CONTOSO\\ada:sesame@proxy:3128" },
      });
      assert.match(
        hq?.failures[0]?.reason ?? "",
        /what HTTPS_PROXY names is not the address of a proxy: it holds a backslash; .*%5C in its place \(VPP_CONFIG_PROXY\)/,
      );
      assert.doesNotMatch(hq?.failures[0]?.reason ?? "", /sesame/);
    });
  });
});
