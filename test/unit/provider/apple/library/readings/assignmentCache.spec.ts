import assert from "node:assert/strict";
import { AssetTable } from "../../../../../../provider/apple/library/readings/assets";
import { FakeLicences } from "./fakeLicences";

const devices = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `S${from + index}`);
const forever = Number.POSITIVE_INFINITY;
const key = (adamId: string): string => `${adamId}/STDQ`;

describe("assignment cache", () => {
  let library: FakeLicences;

  beforeEach(() => {
    library = new FakeLicences();
  });

  describe("choice of the cheapest reading", () => {
    it("asks by target, when one device of a large fleet is looked at", async () => {
      for (let app = 0; app < 20; app++) library.hold(String(100 + app), devices(5000));
      const apps = Array.from({ length: 20 }, (_, app) => key(String(100 + app)));
      const held = await library.cache.observe(library.assets(), apps, "device", ["S7"], forever);
      assert.deepEqual(library.asked, [{ serialNumber: "S7" }]);
      assert.ok(apps.every((app) => held.has(app, "S7")));
    });

    it("asks by app, when many devices of one app among many are looked at", async () => {
      for (let app = 0; app < 20; app++) library.hold(String(100 + app), devices(600));
      await library.cache.observe(library.assets(), [key("100")], "device", devices(600), forever);
      assert.deepEqual(library.asked, [{ adamId: "100" }]);
    });

    it("reads the whole list, when most of it is asked for", async () => {
      for (let app = 0; app < 20; app++) library.hold(String(100 + app), devices(30));
      const apps = Array.from({ length: 20 }, (_, app) => key(String(100 + app)));
      await library.cache.observe(library.assets(), apps, "device", devices(30), forever);
      assert.deepEqual(library.asked, [{}]);
      assert.equal(library.requests, 2);
    });

    it("asks nothing, when the service counts no licence of the app as assigned", async () => {
      library.hold("100", devices(3));
      const held = await library.cache.observe(library.assets(), [key("999")], "device", devices(2000), forever);
      assert.deepEqual(library.asked, []);
      assert.equal(held.state(key("999"), "S1"), "free");
    });

    it("asks about an app that the list of apps lacks: that says nothing about its licences", async () => {
      library.hold("100", devices(30));
      const assets = new AssetTable([], library.log.now());
      library.log.keepAssets(assets);
      const held = await library.cache.observe(assets, [key("100")], "device", devices(30), forever);
      assert.equal(held.state(key("100"), "S1"), "held");
    });

    it("keeps pricing kinds of one product apart, and reads them together", async () => {
      library.hold("100", devices(3)).hold("100", devices(3, 10), "serialNumber", "PLUS").hold("200", devices(3000));
      const holders = await library.cache.holders(library.assets(), ["100/STDQ", "100/PLUS"], "device", forever);
      assert.deepEqual([...holders.of("100/STDQ")], devices(3));
      assert.deepEqual([...holders.of("100/PLUS")], devices(3, 10));
      assert.deepEqual(library.asked, [{ adamId: "100" }]);
    });

    it("keeps people and devices apart, when both hold an app", async () => {
      library.hold("100", devices(2)).hold("100", ["ada"], "clientUserId");
      const assets = library.assets();
      assert.deepEqual(
        [...(await library.cache.holders(assets, [key("100")], "user", forever)).of(key("100"))],
        ["ada"],
      );
      assert.deepEqual(
        [...(await library.cache.holders(assets, [key("100")], "device", forever)).of(key("100"))],
        devices(2),
      );
      assert.equal(library.asked.length, 1);
    });
  });

  describe("sharing", () => {
    it("reads once, when many resources ask for the same at the same time and later", async () => {
      library.hold("100", devices(900)).hold("200", devices(5000));
      const assets = library.assets();
      const ask = () => library.cache.observe(assets, [key("100")], "device", devices(900), forever);
      await Promise.all([ask(), ask(), ask()]);
      await ask();
      assert.equal(library.asked.length, 1);
    });

    it("never costs more than twice the cheaper of both ways, however the questions come", async () => {
      const count = 60;
      for (let app = 0; app < count; app++) library.hold(String(100 + app), devices(40));
      const assets = library.assets();
      for (let app = 0; app < count; app++) {
        await library.cache.observe(assets, [key(String(100 + app))], "device", devices(40), forever);
        const byApp = app + 1;
        assert.ok(
          library.requests <= 2 * Math.min(byApp, library.pages),
          `${library.requests} requests after ${byApp} apps`,
        );
      }
    });

    for (const pageSize of [100, 250, 500, 1000, 5000]) {
      for (const perApp of [3, 90, 400, 1700]) {
        it(`never costs more than twice the cheaper of both ways, with ${perApp} licences of each app, ${pageSize} on a page and 8 questions at a time`, async () => {
          const many = new FakeLicences(pageSize);
          const ids = Array.from({ length: 30 }, (_, app) => String(100 + app));
          for (const id of ids) many.hold(id, devices(perApp));
          const assets = many.assets();
          const asked = ids.slice(0, 20);
          const left = [...asked];
          const ask = async (): Promise<void> => {
            for (let id = left.shift(); id !== undefined; id = left.shift())
              await many.cache.holders(assets, [key(id)], "device", forever);
          };
          await Promise.all(Array.from({ length: 8 }, ask));
          const byApp = asked.length * Math.ceil(perApp / pageSize);
          const best = Math.min(byApp, many.pages);
          assert.ok(many.requests <= 2 * best, `${many.requests} requests, of 2 × ${best}`);
        });
      }
    }

    it("never costs more than twice the whole list, when single devices are asked for again and again", async () => {
      for (let app = 0; app < 4; app++) library.hold(String(100 + app), devices(1000));
      const assets = library.assets();
      const apps = Array.from({ length: 4 }, (_, app) => key(String(100 + app)));
      for (let device = 0; device < 300; device++)
        await library.cache.observe(assets, apps, "device", [`S${device}`], forever);
      assert.ok(library.requests <= 2 * library.pages, `${library.requests} requests, ${library.pages} pages`);
    });
  });

  describe("age", () => {
    it("reads again, when a reading is older than asked for, and shows what changed", async () => {
      library.hold("100", devices(3)).hold("200", devices(5000));
      await library.cache.holders(library.assets(), [key("100")], "device", forever);
      library.clock.ms += 10_000;
      library.hold("100", ["NEW"]);
      const old = await library.cache.holders(library.assets(), [key("100")], "device", 20_000);
      assert.equal(old.has(key("100"), "NEW"), false);
      const fresh = await library.cache.holders(library.assets(), [key("100")], "device", 5000);
      assert.equal(fresh.has(key("100"), "NEW"), true);
    });

    it("does not take an old whole reading for a fresh one", async () => {
      library.hold("100", devices(3));
      await library.cache.holders(library.assets(), [key("100")], "device", forever);
      library.clock.ms += 10_000;
      library.licences.length = 0;
      library.hold("100", ["NEW"]);
      const fresh = await library.cache.observe(library.assets(), [key("100")], "device", ["NEW", "S0"], 0);
      assert.deepEqual([fresh.has(key("100"), "NEW"), fresh.has(key("100"), "S0")], [true, false]);
    });

    for (const [how, targets] of [
      ["by target", ["NEW"]],
      ["by app", ["NEW", ...devices(600)]],
    ] as const) {
      it(`does not join a reading that began before the look was asked for, when the present is asked for ${how}`, async () => {
        library.hold("100", devices(600)).hold("200", devices(5000));
        const assets = library.assets();
        const earlier = library.cache.observe(assets, [key("100")], "device", targets, forever);
        library.clock.ms += 1;
        const now = library.cache.observe(assets, [key("100")], "device", targets, 0);
        await Promise.all([earlier, now]);
        assert.equal(library.asked.length, 2);
      });
    }

    it("believes the counts, when they say that nobody holds an app any more, and not an older reading", async () => {
      const library = new FakeLicences().hold("1", devices(600)).hold("2", devices(3));
      const before = await library.cache.holders(library.assets(), ["2/STDQ"], "device", 0);
      assert.equal(before.of("2/STDQ").size, 3);
      library.licences.splice(600);
      await library.clock.sleep(1);
      const after = await library.cache.observe(library.assets(), ["2/STDQ"], "device", devices(1), 0);
      assert.equal(after.has("2/STDQ", devices(1)[0]!), false);
    });

    it("fails, when one of several readings fails while another is under way", async () => {
      const library = new FakeLicences().hold("1", devices(5)).hold("2", devices(5)).hold("3", devices(600));
      library.slow = "1";
      library.failOnly = "2";
      await assert.rejects(library.cache.holders(library.assets(), ["1/STDQ", "2/STDQ"], "device", 0), /failed/);
    });

    it("asks again after a failure, by target, by app and as a whole", async () => {
      library.hold("100", devices(3)).hold("200", devices(5000));
      for (const targets of [["S1"], devices(2000)]) {
        library.fail = true;
        await assert.rejects(
          library.cache.observe(library.assets(), [key("100"), key("200")], "device", targets, forever),
          /failed/,
        );
        library.fail = false;
        assert.ok(
          (await library.cache.observe(library.assets(), [key("100")], "device", targets, forever)).has(
            key("100"),
            "S1",
          ),
        );
      }
    });
  });

  describe("what this run writes", () => {
    it("shows in every reading that was made before", async () => {
      library.hold("100", devices(600)).hold("200", devices(5000));
      const assets = library.assets();
      await library.cache.observe(assets, [key("100")], "device", devices(600), forever);
      await library.cache.observe(assets, [key("200")], "device", ["S1"], forever);
      library.write("give", key("100"), "NEW");
      library.write("takeBack", key("100"), "S1");
      library.write("takeBack", key("200"), "S1");
      const asked = library.asked.length;
      const held = await library.cache.holders(assets, [key("100")], "device", forever);
      assert.deepEqual(
        [held.has(key("100"), "NEW"), held.has(key("100"), "S1"), held.of(key("100")).size],
        [true, false, 600],
      );
      assert.equal(
        (await library.cache.observe(assets, [key("200")], "device", ["S1"], forever)).has(key("200"), "S1"),
        false,
      );
      assert.equal(library.asked.length, asked);
    });

    it("shows for an app that nobody held when the counts were read", async () => {
      library.hold("200", devices(5000));
      const assets = library.assets();
      library.hold("999", ["S1"]);
      library.write("give", key("999"), "S1");
      const held = await library.cache.holders(assets, [key("999")], "device", forever);
      assert.equal(held.has(key("999"), "S1"), true);
    });
  });

  describe("a clock that is put back during a reading", () => {
    for (const [way, apps] of [
      ["by app", [key("100")]],
      ["of everything", [key("100"), key("200")]],
    ] as const) {
      it(`leaves a reading ${way} what it is: never one that found nobody`, async () => {
        library.hold("100", devices(600)).hold("200", devices(apps.length > 1 ? 30 : 5000));
        const reading = library.cache.observe(library.assets(), apps, "device", devices(600), 5000);
        library.clock.ms -= 3_600_000;
        assert.ok((await reading).has(key("100"), "S7"));
        assert.deepEqual(library.asked, apps.length > 1 ? [{}] : [{ adamId: "100" }]);
      });
    }
  });

  describe("page size", () => {
    it("is learnt from readings, so that later choices rest on what this service does", async () => {
      library.hold("100", devices(1400)).hold("200", devices(5000));
      assert.equal(library.cache.pagesOf(library.assets(), key("100")), 3);
      await library.cache.holders(library.assets(), [key("100")], "device", forever);
      assert.equal(library.cache.pagesOf(library.assets(), key("100")), 3);
      assert.equal(library.cache.pagesOf(library.assets(), "unknown/STDQ"), 0);
    });
  });
});
