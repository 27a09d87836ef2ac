import assert from "node:assert/strict";
import { fileOf, send, smallLibrary, start, stopAll } from "./support";

const LIBRARY = fileOf(
  smallLibrary({
    assets: [
      { adamId: "100", name: "Ten", totalCount: 1, bundleId: "example.ten", artistName: "Maker" },
      { adamId: "101", name: "Ours", totalCount: 1, custom: true },
      { adamId: "102", name: "Swiss", totalCount: 1, storefronts: ["ch"] },
    ],
  }),
);

describe("simulator: metadata look-up", () => {
  afterEach(stopAll);

  it("tells name, bundle id and the like of several assets without a token", async () => {
    const { simulator } = await start({ library: LIBRARY });
    const config = await send(`${simulator.url}/mdm/v2/service/config`);
    const query = "version=2&id=100,102,555&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=ch&l=en";
    const { status, body } = await send(`${config.body.urls.contentMetadataLookup}?${query}`);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ["results", "version", "isAuthenticated", "meta"]);
    assert.deepEqual(Object.keys(body.results), ["100", "102"]);
    assert.equal(body.results["100"]?.name, "Ten");
    assert.equal(body.results["100"]?.bundleId, "example.ten");
  });

  it("answers with a success and nothing in it for what the storefront does not sell", async () => {
    const { simulator } = await start({ library: LIBRARY });
    for (const query of ["id=102&cc=us", "id=102", "id=", ""]) {
      const { status, body } = await send(`${simulator.url}/lookup?${query}`);
      assert.deepEqual([status, body.results], [200, {}], query);
    }
  });

  it("shows a custom app only to who proves to own it", async () => {
    const { simulator } = await start({ library: LIBRARY });
    const url = `${simulator.url}/lookup?id=101&cc=ch`;
    assert.deepEqual((await send(url)).body.results, {});
    const owner = await send(url, { headers: { cookie: `itvt=${simulator.token()}` } });
    assert.equal(owner.body.results["101"]?.name, "Ours");
    assert.deepEqual((await send(url, { headers: { cookie: "itvt=abc" } })).body.results, {});
  });

  it("takes GET only", async () => {
    const { simulator } = await start({ library: LIBRARY });
    assert.equal((await send(`${simulator.url}/lookup`, { method: "POST" })).status, 405);
  });
});
