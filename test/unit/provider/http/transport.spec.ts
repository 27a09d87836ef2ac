import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createRawServer, type Server as RawServer, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import {
  type HttpAnswer,
  longestAnswer,
  type TransportFault,
  type TransportOptions,
  undiciTransport,
} from "../../../../provider/http/transport";
import { selfSigned } from "../../../support/certificate";

const running: { server: RawServer; sockets: Set<Socket> }[] = [];

/** Starts a server on loopback and gives its port; it ends with the test, whatever is still open. */
async function listen(server: RawServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined)));
  running.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener));

function get(url: string, options: Partial<TransportOptions> = {}): Promise<HttpAnswer> {
  const headers = { authorization: "Bearer made-up" };
  return undiciTransport({ timeoutMs: 10_000, ...options })({ method: "GET", url, headers });
}

async function faultOf(call: Promise<unknown>): Promise<TransportFault> {
  return call.then(
    () => assert.fail("it did not fail"),
    (error: unknown) => error as TransportFault,
  );
}

describe("transport", () => {
  afterEach(async () => {
    for (const { server, sockets } of running.splice(0)) {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  describe("a server that takes its time", () => {
    const slow: [string, (socket: Socket) => void][] = [
      ["never answers", () => undefined],
      ["drips its headers", (socket) => drip(socket, "HTTP/1.1 200 OK\r\nx-long: ")],
      ["drips its body", (socket) => drip(socket, "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")],
    ];
    for (const [what, begin] of slow) {
      it(`is cut off when the time for the whole exchange is over, when it ${what}`, async () => {
        const server = createRawServer((socket) => socket.once("data", () => begin(socket)));
        const began = Date.now();
        const fault = await faultOf(get(`http://127.0.0.1:${await listen(server)}/`, { timeoutMs: 300 }));
        assert.deepEqual([fault.fault, fault.sent, fault.lasting], ["no whole answer in 0.3 s", true, false]);
        assert.ok(Date.now() - began < 3000);
      });
    }
  });

  describe("an answer", () => {
    it("is given up at 32 MB and its connection closed, when it has no end", async () => {
      const ended = new Promise<number>((resolve) => {
        void serve((_, response) => {
          const part = Buffer.alloc(2 ** 20, " ");
          let sent = 0;
          const more = (): void => {
            while (response.write(part)) sent += part.length;
            sent += part.length;
          };
          response.on("drain", more).on("close", () => resolve(sent));
          more();
        }).then(async (port) => {
          const { status, text } = await get(`http://127.0.0.1:${port}/`);
          assert.deepEqual([status, text], [200, undefined]);
        });
      });
      const sent = await ended;
      assert.ok(sent >= longestAnswer && sent < longestAnswer + 16 * 2 ** 20, `${sent} bytes were sent`);
    });

    it("is read whole, when it is just as long as it may be", async () => {
      const port = await serve((_, response) => response.end(Buffer.alloc(longestAnswer, "x")));
      assert.equal((await get(`http://127.0.0.1:${port}/`)).text?.length, longestAnswer);
    });

    it("is never unpacked, so that a small one can't become a large one", async () => {
      const bomb = gzipSync(Buffer.alloc(2 ** 24));
      let accepted: unknown = "not asked";
      const port = await serve((request, response) => {
        accepted = request.headers["accept-encoding"];
        response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
      });
      const { text } = await get(`http://127.0.0.1:${port}/`);
      assert.ok(text !== undefined && text.length <= bomb.length);
      assert.equal(accepted, undefined);
    });

    it("with headers without end is a fault, not a hang", async () => {
      const server = createRawServer((socket) =>
        socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(2 ** 20)}`)),
      );
      assert.equal((await faultOf(get(`http://127.0.0.1:${await listen(server)}/`))).fault, "UND_ERR_HEADERS_OVERFLOW");
    });

    for (const status of [301, 302, 303, 307, 308]) {
      it(`is handed back and the credential goes nowhere else, for a redirect with ${status}`, async () => {
        let followed = 0;
        const elsewhere = await serve((_, response) => {
          followed++;
          response.end("{}");
        });
        const location = `http://127.0.0.1:${elsewhere}/`;
        const port = await serve((_, response) => response.writeHead(status, { location }).end());
        assert.equal((await get(`http://127.0.0.1:${port}/`)).status, status);
        assert.equal(followed, 0);
      });
    }
  });

  describe("a proxy that makes no tunnel", () => {
    for (const [status, isLasting] of [
      [403, true],
      [407, true],
      [502, false],
      [503, false],
    ] as const) {
      it(`is named without its user, and worth another try only where it has none itself, for HTTP ${status}`, async () => {
        const server = createServer();
        server.on("connect", (_, socket) => socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\n\r\n`));
        const port = await listen(server);
        const proxy = { url: `http://ada:open-sesame@127.0.0.1:${port}` };
        const fault = await faultOf(get("https://vpp.example/", { proxy }));
        assert.deepEqual(
          [fault.fault, fault.sent, fault.lasting, fault.proxy],
          [`the proxy answered with HTTP ${status}`, false, isLasting, `127.0.0.1:${port}`],
        );
        assert.doesNotMatch(JSON.stringify(fault) + fault.stack, /sesame/);
      });
    }
  });

  describe("a certificate", () => {
    const good = selfSigned("localhost");
    const expired = selfSigned("localhost", "210101000000Z");
    const wrongName = selfSigned("elsewhere.test");
    const before = getCACertificates("default");
    let asked: number;

    const secure = ({ key, cert }: { key: string; cert: string }): Server =>
      createTlsServer({ key, cert }, (_, response) => {
        asked++;
        response.end("{}");
      });

    beforeEach(() => {
      asked = 0;
      setDefaultCACertificates([...before, good.cert, expired.cert, wrongName.cert]);
    });
    afterEach(() => setDefaultCACertificates(before));

    it("that is trusted and names the host lets the request through", async () => {
      assert.equal((await get(`https://localhost:${await listen(secure(good))}/`)).text, "{}");
    });

    const bad: [string, { key: string; cert: string }, string][] = [
      ["that nobody has vouched for", selfSigned("localhost"), "DEPTH_ZERO_SELF_SIGNED_CERT"],
      ["that has run out", expired, "CERT_HAS_EXPIRED"],
      ["of another host", wrongName, "ERR_TLS_CERT_ALTNAME_INVALID"],
    ];
    for (const [what, certificate, code] of bad) {
      for (const unsafe of [undefined, "0"]) {
        const where = unsafe ? ", whatever NODE_TLS_REJECT_UNAUTHORIZED says" : "";
        it(`${what} ends the exchange for good, before anything is sent${where}`, async () => {
          const kept = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
          if (unsafe) process.env.NODE_TLS_REJECT_UNAUTHORIZED = unsafe;
          try {
            const fault = await faultOf(get(`https://localhost:${await listen(secure(certificate))}/`));
            assert.deepEqual([fault.fault, fault.sent, fault.lasting], [code, false, true]);
            assert.equal(asked, 0);
          } finally {
            if (kept === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
            else process.env.NODE_TLS_REJECT_UNAUTHORIZED = kept;
          }
        });
      }
    }

    it("is missed at once, when the server speaks no TLS", async () => {
      const port = await serve((_, response) => response.end("{}"));
      const fault = await faultOf(get(`https://localhost:${port}/`));
      assert.deepEqual([fault.sent, fault.lasting], [false, true], fault.fault);
    });
  });
});

function drip(socket: Socket, head: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write("x"), 20);
  socket.on("close", () => clearInterval(timer));
}
