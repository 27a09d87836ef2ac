import assert from "node:assert/strict";
import { startSimulator } from "../../../simulator";
import { selfSigned } from "../../support/certificate";
import { getSecurely } from "./secure";
import { type Client, send, start, stopAll } from "./support";

const bearer = (client: Client) => ({ authorization: `Bearer ${client.simulator.token()}` });

async function addresses(
  client: Client,
  headers: Record<string, string> = {},
): Promise<Readonly<Record<string, string>>> {
  return (await send(`${client.simulator.url}/mdm/v2/service/config`, { headers })).body.urls;
}

describe("simulator: addresses", () => {
  afterEach(stopAll);

  for (const [baseUrl, origin] of [
    ["https://apple.example", "https://apple.example"],
    ["https://apple.example:8443/", "https://apple.example:8443"],
    ["http://proxy.example/vpp/test/", "http://proxy.example/vpp/test"],
  ] as const) {
    it(`are below ${baseUrl} when it is the base`, async () => {
      const client = await start({ baseUrl });
      const urls = await addresses(client);
      assert.equal(urls.getAssets, `${origin}/mdm/v2/assets`);
      for (const address of Object.values(urls)) {
        assert.ok(address.startsWith(`${origin}/`), address);
      }
      const found = await send(`${client.simulator.url}/lookup?id=100&cc=ch`);
      assert.match(JSON.stringify(found.body.results["100"]), new RegExp(`"${origin}/app/id100"`));
      assert.match(client.simulator.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    });
  }

  it("are served with and without the path of the base, as proxies leave it or take it off", async () => {
    const client = await start({ baseUrl: "https://proxy.example/vpp" });
    for (const path of ["/vpp/mdm/v2/assets", "/mdm/v2/assets"]) {
      assert.equal((await send(`${client.simulator.url}${path}`, { headers: bearer(client) })).status, 200);
    }
    const other = await send(`${client.simulator.url}/vppx/mdm/v2/assets`, { headers: bearer(client) });
    assert.equal(other.status, 404);
  });

  for (const baseUrl of ["apple.example", "ftp://apple.example", "https://a.example/?x=1", "https://u:p@a.example"]) {
    it(`cannot be below ${baseUrl}`, async () => {
      await assert.rejects(startSimulator({ baseUrl }), /the base URL must be an http or https address without/);
    });
  }

  const forwarded = {
    "x-forwarded-proto": "https, http",
    "x-forwarded-host": "apple.example:444, inner.example",
    "x-forwarded-prefix": "/vpp/",
  };

  it("are what a proxy tells of, when proxies are trusted", async () => {
    const client = await start({ trustForwarded: true });
    assert.equal((await addresses(client, forwarded)).getUsers, "https://apple.example:444/vpp/mdm/v2/users");
    assert.equal((await addresses(client)).getUsers, `${client.simulator.url}/mdm/v2/users`);
    const { headers } = await client.get("assets");
    assert.equal(headers.get("content-type"), "application/json");
    const secure = await addresses(client, { "x-forwarded-proto": "https" });
    assert.equal(secure.getUsers, `${client.simulator.url.replace("http", "https")}/mdm/v2/users`);
  });

  it("are not what a header tells of otherwise", async () => {
    const client = await start();
    assert.equal((await addresses(client, forwarded)).getUsers, `${client.simulator.url}/mdm/v2/users`);
  });

  it("take nothing from a proxy that can be no part of an address", async () => {
    const client = await start({ trustForwarded: true, baseUrl: "https://base.example/b" });
    for (const [name, value] of [
      ["proto", "gopher"],
      ["host", "a.example/evil"],
      ["host", "u:p@a.example"],
      ["prefix", "vpp"],
      ["prefix", "/a?b"],
      ["host", ""],
    ] as const) {
      assert.equal(
        (await addresses(client, { [`x-forwarded-${name}`]: value })).getUsers,
        "https://base.example/b/mdm/v2/users",
      );
    }
  });

  it("are secure ones when it serves TLS", async () => {
    const { key, cert } = selfSigned();
    const client = await start({ tls: { key, cert } });
    assert.match(client.simulator.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const config = await getSecurely(`${client.simulator.url}/mdm/v2/service/config`, cert);
    assert.equal(config.urls.clientConfig, `${client.simulator.url}/mdm/v2/client/config`);
    assert.equal((await getSecurely(config.urls.clientConfig, cert, bearer(client))).uId, "1001");
    const broken = send(client.simulator.url.replace("https", "http"));
    await assert.rejects(broken);
  });

  it("need a certificate and the key that belongs to it", async () => {
    const [one, other] = [selfSigned(), selfSigned()];
    for (const tls of [
      { cert: one.cert, key: other.key },
      { cert: "no", key: one.key },
    ]) {
      await assert.rejects(startSimulator({ tls }), /the TLS certificate and its key cannot be used together \(\w+\)/);
    }
  });
});
