import assert from "node:assert/strict";
import nock from "nock";
import type { Transport } from "../../../../../provider/http/transport";
import { answer, Edge, host, library, onlyNock, service, serviceConfig, token } from "./edge";

describe("client", () => {
  onlyNock();

  describe("credential", () => {
    it("goes as a bearer token with every request about the library, unchanged", async () => {
      serviceConfig();
      service().get("/client/config").matchHeader("authorization", `Bearer ${token}`).reply(200, answer());
      service()
        .post("/assets/associate", {
          assets: [{ adamId: "361285480", pricingParam: "STDQ" }],
          serialNumbers: ["F9FW000001"],
        })
        .matchHeader("authorization", `Bearer ${token}`)
        .matchHeader("content-type", "application/json")
        .reply(200, answer({ eventId: "e1" }));
      const { client } = new Edge();
      await client.clientConfig();
      const assets = [{ adamId: "361285480", pricingParam: "STDQ" }];
      assert.equal(await client.associate({ assets, serialNumbers: ["F9FW000001"] }), "e1");
    });

    it("is not sent to service/config nor to the look-up of names", async () => {
      const bare = { badheaders: ["authorization", "cookie"] };
      nock(host, bare).get("/mdm/v2/service/config").reply(200, {});
      nock("https://uclient-api.itunes.apple.com", bare).get("/lookup?id=1").reply(200, { results: {} });
      const { client } = new Edge();
      await client.serviceConfig();
      assert.deepEqual(await client.lookUpMetadata("https://uclient-api.itunes.apple.com/lookup?id=1"), {
        results: {},
      });
    });

    it("does not follow a redirect, which could carry it elsewhere", async () => {
      serviceConfig();
      const elsewhere = nock("https://evil.example").get("/").reply(200, answer());
      service().get("/client/config").reply(302, "", { location: "https://evil.example/" });
      await assert.rejects(new Edge().client.clientConfig(), { code: "VPP_SERVICE_ANSWER", message: /HTTP 302/ });
      assert.equal(elsewhere.isDone(), false);
      nock.cleanAll();
    });
  });

  describe("an answer", () => {
    it("reaches the watcher before the caller, and can be refused there", async () => {
      serviceConfig();
      service().get("/client/config").reply(200, answer());
      const refuse = (): void => {
        throw new Error("another library");
      };
      await assert.rejects(new Edge({ onAnswer: refuse }).client.clientConfig(), /another library/);
    });

    it("is understood with fields that nobody knows, and with null for what is absent", async () => {
      serviceConfig();
      service()
        .get("/client/config")
        .reply(200, answer({ apnToken: "x", mdmInfo: null, future: { deep: [1] } }));
      const edge = new Edge();
      assert.equal((await edge.client.clientConfig()).mdmInfo, undefined);
      assert.equal(edge.answers.length, 1);
    });

    it("is not taken for an empty library, when it is an empty object", async () => {
      serviceConfig();
      service().get("/assets").reply(200, {});
      await assert.rejects(new Edge().client.assets(), { code: "VPP_SERVICE_ANSWER", message: /names no library/ });
    });

    it("is an empty library, when it is an answer without a list", async () => {
      serviceConfig();
      service()
        .get("/assets")
        .reply(200, answer({ size: 0 }));
      assert.deepEqual(await new Edge().client.assets(), { items: [], requests: 1, isWhole: true });
    });

    it("is refused, when it says how many records it holds but holds none", async () => {
      serviceConfig();
      service()
        .get("/assignments")
        .query(true)
        .reply(200, answer({ size: 12 }));
      await assert.rejects(new Edge().client.assignments({}), { code: "VPP_SERVICE_ANSWER", message: /12 records/ });
    });

    it("is refused, when its list is none", async () => {
      serviceConfig();
      service()
        .get("/users")
        .query(true)
        .reply(200, answer({ users: { ada: 1 } }));
      await assert.rejects(new Edge().client.users({}), { code: "VPP_SERVICE_ANSWER", message: /not a list/ });
    });
  });

  describe("a record of a wrong shape", () => {
    const sound = {
      assets: { adamId: "1", pricingParam: "STDQ", assignedCount: 1 },
      assignments: { adamId: "1", serialNumber: "A" },
      users: { clientUserId: "ada", status: "Registered" },
    };
    const wrong: [keyof typeof sound, object | null, RegExp][] = [
      ["assets", null, /assets is missing/],
      ["assets", { adamId: 1 }, /adamId is not a text/],
      ["assets", { adamId: "1/2" }, /adamId is not a number in digits/],
      ["assets", { assignedCount: undefined }, /assignedCount is missing/],
      ["assets", { assignedCount: 1e308 }, /assignedCount is not a whole number/],
      ["assets", { totalCount: -1 }, /totalCount is below zero/],
      ["assets", { revocable: "false" }, /revocable is neither true nor false/],
      ["assignments", { serialNumber: null }, /not exactly one of/],
      ["assignments", { clientUserId: "ada" }, /not exactly one of/],
      ["assignments", { serialNumber: {} }, /serialNumber is not a text/],
      ["users", { clientUserId: "" }, /clientUserId is missing/],
      ["users", { status: 7 }, /status is not a text/],
    ];
    for (const [path, change, why] of wrong) {
      it(`makes the whole answer unreadable, for ${path} with ${JSON.stringify(change)}`, async () => {
        serviceConfig();
        const records = [sound[path], change && { ...sound[path], ...change }];
        service()
          .get(`/${path}`)
          .query(true)
          .reply(200, answer({ [path]: records }));
        const { client } = new Edge();
        const read = {
          assets: () => client.assets(),
          assignments: () => client.assignments({}),
          users: () => client.users({}),
        };
        await assert.rejects(read[path](), { code: "VPP_SERVICE_ANSWER", message: why });
      });
    }
  });

  describe("lists", () => {
    it("ask only for what counts, with the filter on every page and not more than the documented parameters", async () => {
      serviceConfig();
      const first = answer({
        assignments: [{ adamId: "1", pricingParam: "STDQ", serialNumber: "A" }],
        versionId: "v",
        nextPageIndex: 1,
      });
      const second = answer({
        assignments: [{ adamId: "1", pricingParam: "STDQ", serialNumber: "B" }],
        versionId: "v",
      });
      const query = { excludeInactiveUsers: "true", adamId: "1" };
      service().get("/assignments").query(query).reply(200, first);
      service()
        .get("/assignments")
        .query({ ...query, pageIndex: "1" })
        .reply(200, second);
      const { items, requests } = await new Edge().client.assignments({ adamId: "1" });
      assert.deepEqual(
        items.map(({ serialNumber }) => serialNumber),
        ["A", "B"],
      );
      assert.equal(requests, 2);
    });

    it("leave retired users out", async () => {
      serviceConfig();
      const users = [{ clientUserId: "ada", status: "Registered" }];
      service().get("/users").query({ activeOnly: "true" }).reply(200, answer({ users }));
      assert.deepEqual((await new Edge().client.users()).items, users);
    });

    it("show all records of one person, retired ones too, whatever the service calls active", async () => {
      serviceConfig();
      const users = [
        { clientUserId: "a&b=c", status: "Retired", idHash: "h" },
        { clientUserId: "a&b=c", status: "Suspended" },
      ];
      service().get("/users").query({ clientUserId: "a&b=c" }).reply(200, answer({ users }));
      assert.deepEqual((await new Edge().client.users({ clientUserId: "a&b=c" })).items, users);
    });

    it("take words that came later for what they are: no reason to refuse the whole answer", async () => {
      serviceConfig();
      const assets = [{ adamId: "1", pricingParam: "EDU-Q", productType: "Widget", assignedCount: 2 }];
      const assignments = [
        { adamId: "1", pricingParam: "EDU-Q", organizationalUnitId: "7" },
        { adamId: "1", pricingParam: "EDU-Q", serialNumber: "A" },
      ];
      service().get("/assets").query(true).reply(200, answer({ assets }));
      service().get("/assignments").query(true).reply(200, answer({ assignments }));
      const { client } = new Edge();
      const [asset] = (await client.assets()).items;
      assert.deepEqual([asset?.pricingParam, asset?.productType], ["EDU-Q", "Widget"]);
      const { items, isWhole } = await client.assignments({});
      assert.deepEqual(items, [
        { adamId: "1", pricingParam: "EDU-Q" },
        { adamId: "1", pricingParam: "EDU-Q", serialNumber: "A" },
      ]);
      assert.equal(isWhole, true);
    });

    it("read at most five pages at once, over all lists together", async () => {
      let running = 0;
      let most = 0;
      const pages = 12;
      const transport: Transport = async ({ url }) => {
        if (url.endsWith("/service/config")) return { status: 200, text: "{}" };
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        const index = Number(new URL(url).searchParams.get("pageIndex") ?? "0");
        const next = index + 1 < pages ? { nextPageIndex: index + 1 } : {};
        const users = [{ clientUserId: `u${index}`, status: "Registered" }];
        return { status: 200, text: JSON.stringify(answer({ users, versionId: "v", totalPages: pages, ...next })) };
      };
      const { client } = new Edge({ transport });
      const lists = await Promise.all([client.users({}), client.users({})]);
      assert.deepEqual(
        lists.map(({ items }) => items.length),
        [pages, pages],
      );
      assert.equal(most, 5);
    });
  });

  describe("service/config", () => {
    it("is read once in five minutes, and its limits are the service's own", async () => {
      serviceConfig({ maxAssets: 3, maxSerialNumbers: 7, maxUsers: 2 });
      const edge = new Edge();
      const { limits } = await edge.client.serviceConfig();
      assert.deepEqual([limits.maxAssets, limits.maxSerialNumbers, limits.maxUsers], [3, 7, 2]);
      edge.clock.ms += 299_000;
      await edge.client.serviceConfig();
      edge.clock.ms += 2000;
      serviceConfig({ maxAssets: 4 });
      assert.equal((await edge.client.serviceConfig()).limits.maxAssets, 4);
    });

    it("is asked once, when many requests start together", async () => {
      serviceConfig();
      service().get("/assets").reply(200, answer());
      service().get("/client/config").reply(200, answer());
      const { client } = new Edge();
      await Promise.all([client.assets(), client.clientConfig()]);
    });

    it("is asked again, when it failed", async () => {
      service().get("/service/config").reply(400, {});
      const { client } = new Edge();
      await assert.rejects(client.serviceConfig());
      serviceConfig();
      await client.serviceConfig();
    });

    for (const [what, limits] of [
      ["no limits at all", undefined],
      ["none of the limits that we use", { maxNovelty: 9 }],
      [
        "limits that are no numbers above zero",
        { maxAssets: 0, maxSerialNumbers: -1, maxUsers: "many", maxClientUserIds: 1.5 },
      ],
    ] as const) {
      it(`falls back to the published limits, and to no rate, for ${what}`, async () => {
        serviceConfig(limits);
        const { limits: known } = await new Edge().client.serviceConfig();
        const { maxAssets, maxSerialNumbers, maxClientUserIds, maxUsers, maxRequestPerSecond } = known;
        assert.deepEqual([maxAssets, maxSerialNumbers, maxClientUserIds, maxUsers], [25, 1000, 1000, 100]);
        assert.equal(maxRequestPerSecond, undefined);
      });
    }

    it("sets the pace of all requests, when it names a rate", async () => {
      serviceConfig({ maxRequestPerSecond: 2 });
      service()
        .get("/status")
        .query(true)
        .times(5)
        .reply(200, answer({ eventStatus: "PENDING" }));
      const edge = new Edge();
      const start = edge.clock.ms;
      await Promise.all(Array.from({ length: 5 }, () => edge.client.status("e1")));
      assert.ok(edge.clock.ms - start >= 2000, `${edge.clock.ms - start} ms`);
    });
  });

  describe("names of products", () => {
    it("go at the service's rate where the service itself tells them, and past it where the store does", async () => {
      serviceConfig({ maxRequestPerSecond: 2 });
      const edge = new Edge();
      await edge.client.serviceConfig();
      const began = edge.clock.ms;
      nock("https://uclient-api.itunes.apple.com").get("/lookup").times(5).reply(200, {});
      nock(host).get("/lookup").times(5).reply(200, {});
      const all = (url: string) => Promise.all(Array.from({ length: 5 }, () => edge.client.lookUpMetadata(url)));
      await all("https://uclient-api.itunes.apple.com/lookup");
      assert.equal(edge.clock.ms, began);
      await all(`${host}/lookup`);
      assert.ok(edge.clock.ms - began >= 2000, `${edge.clock.ms - began} ms`);
    });
  });

  describe("mark", () => {
    it("is written alone, so that notification settings stay as they are", async () => {
      serviceConfig();
      const mdmInfo = { id: "binding", name: "pulumi-vpp organization/trial/dev", metadata: "managed by pulumi-vpp" };
      service().post("/client/config", { mdmInfo }).reply(200, answer({ mdmInfo }));
      const edge = new Edge();
      assert.deepEqual((await edge.client.setMark(mdmInfo)).mdmInfo, mdmInfo);
      assert.equal(edge.answers[0]?.uId, library);
    });
  });
});
