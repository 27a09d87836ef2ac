import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { Cancellation } from "../../../../provider/engine/cancellation";

const service = "/pulumirpc.ResourceProvider";

describe("cancellation", () => {
  let server: Http2Server;

  beforeEach(async () => {
    server = createServer().on("stream", (stream) => {
      stream.respond({ ":status": 200 });
      stream.end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const call = async (path: string): Promise<void> => {
    const { port } = server.address() as AddressInfo;
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": path, ":method": "POST" });
    stream.end();
    stream.resume();
    await once(stream, "close");
    await new Promise<void>((resolve) => session.close(resolve));
  };

  it("hears the engine's Cancel on a server that somebody else has started in this process", async () => {
    const cancellation = Cancellation.ofThisProcess();
    cancellation.refuse();
    await call(`${service}/Cancel`);
    await cancellation.whenCancelled;
    assert.throws(() => cancellation.refuse(), { code: "VPP_RUN_STOPPED", message: /you have cancelled this run/ });
  });

  it("takes no other call for it", async () => {
    const cancellation = Cancellation.ofThisProcess();
    for (const path of ["/Update", "/Delete", "/CancelX"]) await call(`${service}${path}`);
    await call("/pulumirpc.LanguageRuntime/Cancel");
    cancellation.refuse();
  });

  it("leaves the server's own answer as it is", async () => {
    Cancellation.ofThisProcess();
    await call(`${service}/Cancel`);
    assert.equal(server.listenerCount("stream"), 2);
  });

  it("tells of the first refusal alone", () => {
    const cancellation = new Cancellation();
    let told = 0;
    const refuse = (): void => cancellation.refuse(() => told++);
    refuse();
    cancellation.cancel();
    assert.throws(refuse);
    assert.throws(refuse);
    assert.equal(told, 1);
  });

  it("is never there where nothing can be heard", () => {
    new Cancellation([]).refuse();
  });
});
