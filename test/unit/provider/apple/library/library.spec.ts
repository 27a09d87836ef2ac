import assert from "node:assert/strict";
import type { Client } from "../../../../../provider/apple/api/client";
import type { ClientConfigAnswer, MdmInfo } from "../../../../../provider/apple/api/wire";
import { Library, type LibraryRef } from "../../../../../provider/apple/library/library";
import { isReleased, ownMark, releasedMark } from "../../../../../provider/apple/library/ownership/ownershipMarker";
import type { Credential } from "../../../../../provider/contentToken/credential";
import { FakeClock } from "../../support/fakeClock";
import { publishedLimits } from "./writes/fakeAccess";

const uId = "2049025000431439";
const ours: MdmInfo = {
  id: "our-binding",
  name: "pulumi-vpp organization/trial/dev",
  metadata: "managed by pulumi-vpp",
};
const rival: MdmInfo = { id: "rival-mdm-1", name: "Rival Device Management", metadata: "rival.example" };
const ref: LibraryRef = { libraryId: uId, contentTokenKey: "default", bindingId: ours.id };

/** A library whose service bears a mark, and counts what it is asked. */
function shelf(mark?: MdmInfo | null) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const state = { mark, fail: false };
  const answer = (): ClientConfigAnswer => ({ uId, ...(state.mark !== undefined && { mdmInfo: state.mark }) });
  const client = {
    clientConfig: async () => {
      asked.push("config");
      if (state.fail) throw new Error("failed");
      library.heed(answer());
      return answer();
    },
    setMark: async (mdmInfo: MdmInfo) => {
      asked.push("setMark");
      state.mark ??= mdmInfo;
      return { uId, mdmInfo: state.mark };
    },
    assets: async () => {
      asked.push("assets");
      await new Promise((resolve) => setImmediate(resolve));
      return { items: [], requests: 1 };
    },
    serviceConfig: async () => ({ limits: publishedLimits, urls: {} }),
  } as unknown as Client;
  const events = { timeoutMs: 1000, polling: "quick" as const, sleep: clock.sleep, now: clock.now };
  const library: Library = new Library(client, {} as Credential, events);
  return { library, asked, clock, state };
}

describe("library", () => {
  describe("who holds it", () => {
    it("is ours, when it bears our mark, and one reading does for a run", async () => {
      const { library, asked } = shelf(ours);
      await library.requireHolder(ref);
      await library.requireHolder(ref);
      assert.deepEqual(asked, ["config"]);
    });

    it("is not ours any more, when another mark shows up in any answer, without being asked about", async () => {
      const { library } = shelf(ours);
      await library.requireHolder(ref);
      library.heed({ uId, mdmInfo: rival });
      await assert.rejects(library.requireHolder(ref), {
        code: "VPP_AUTH_HELD_BY_ANOTHER",
        message: /Rival Device Management/,
      });
    });

    for (const absent of [undefined, null] as const) {
      it(`is not ours any more, when client/config bears ${absent === null ? "null for the" : "no"} mark`, async () => {
        await assert.rejects(shelf(absent).library.requireHolder(ref), { code: "VPP_AUTH_NOT_BOUND" });
      });

      it(`stays ours, when a list answer bears ${absent === null ? "null for the" : "no"} mark, which means nothing`, async () => {
        const { library } = shelf(ours);
        await library.requireHolder(ref);
        library.heed({ uId, ...(absent === null && { mdmInfo: null }) });
        await library.requireHolder(ref);
      });
    }

    it("is not ours any more, when our mark was rewritten as released", async () => {
      const { library } = shelf(releasedMark(ours, new Date("2026-11-22T12:00:00Z")));
      await assert.rejects(library.requireHolder(ref), { code: "VPP_AUTH_NOT_BOUND" });
      assert.equal(library.holder, undefined);
    });

    it("is the service that managedBy names, whether its mark is there or not yet, and no third one", async () => {
      const managed = { ...ref, managedBy: rival.id };
      await shelf(rival).library.requireHolder(managed);
      await shelf(undefined).library.requireHolder(managed);
      const third = { ...rival, id: "third" };
      await assert.rejects(shelf(third).library.requireHolder(managed), { code: "VPP_AUTH_HELD_BY_ANOTHER" });
    });

    it("is asked again, when the question failed", async () => {
      const { library, asked, state } = shelf(ours);
      state.fail = true;
      await assert.rejects(library.requireHolder(ref), /failed/);
      state.fail = false;
      await library.requireHolder(ref);
      assert.equal(asked.length, 2);
    });

    it("is another one, when the answer to writing our mark shows that somebody was faster", async () => {
      const { library } = shelf(rival);
      await assert.rejects(library.writeMark(ours), { code: "VPP_AUTH_HELD_BY_ANOTHER" });
    });
  });

  describe("which library it is", () => {
    it("is refused, when an answer speaks of another one than the resource names", () => {
      const { library } = shelf(ours);
      library.expect(uId);
      assert.throws(() => library.heed({ uId: "1" }), {
        code: "VPP_AUTH_OTHER_LIBRARY",
        message: /opens library 1, but .* library 2049025000431439/,
      });
    });

    it("is refused with both ids in their right places, when the token was seen to open another one before", () => {
      const { library } = shelf(ours);
      library.heed({ uId: "1" });
      assert.throws(() => library.expect(uId), {
        code: "VPP_AUTH_OTHER_LIBRARY",
        message: /opens library 1, but .* library 2049025000431439/,
      });
    });
  });

  describe("readings", () => {
    it("are shared, when many resources ask at the same time, also for a fresh one", async () => {
      const { library, asked, clock } = shelf(ours);
      await Promise.all(Array.from({ length: 8 }, () => library.assets()));
      assert.deepEqual(asked, ["assets"]);
      clock.ms += 10_000;
      await Promise.all(Array.from({ length: 8 }, () => library.assets(5000)));
      assert.deepEqual(asked, ["assets", "assets"]);
      await library.assets();
      assert.equal(asked.length, 2);
    });

    it("are made anew, when the present is asked for", async () => {
      const { library, asked } = shelf(ours);
      await library.assets();
      await library.assets(0);
      assert.equal(asked.length, 2);
    });
  });

  describe("answers that come late or fail", () => {
    /** A service of which each question is answered when a test says so. */
    function slow() {
      const asked: {
        readonly path: string;
        readonly answer: (value: object) => void;
        readonly fail: (error: Error) => void;
      }[] = [];
      const ask = (path: string) => () =>
        new Promise<never>((resolve, reject) => {
          asked.push({ path, answer: (value) => resolve(value as never), fail: reject });
        });
      const client = { clientConfig: ask("config"), users: ask("users"), assets: ask("assets") } as unknown as Client;
      const { sleep, now } = new FakeClock();
      const library = new Library(client, {} as Credential, { timeoutMs: 1000, polling: "quick", sleep, now });
      return { library, asked };
    }
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const failure = new Error("failed");

    it("never throw away a newer answer about the library, when an older question fails late", async () => {
      const { library, asked } = slow();
      const older = library.config();
      const newer = library.configNow();
      asked[1]!.answer({ uId, mdmInfo: ours });
      await newer;
      asked[0]!.fail(failure);
      await assert.rejects(older, failure);
      await library.requireHolder(ref);
      assert.equal(asked.length, 2);
    });

    it("never throw away newer people, when an older question fails late", async () => {
      const { library, asked } = slow();
      const older = library.users();
      const newer = library.users(true);
      asked[1]!.answer({ items: [{ clientUserId: "ada", status: "Registered" }], isWhole: true });
      await newer;
      asked[0]!.fail(failure);
      await assert.rejects(older, failure);
      assert.deepEqual(
        (await library.users()).map(({ clientUserId }) => clientUserId),
        ["ada"],
      );
      assert.equal(asked.length, 2);
    });

    it("never teach an older mark, when they were asked for before a newer answer", async () => {
      const { library, asked } = slow();
      const older = library.config();
      const newer = library.configNow();
      asked[1]!.answer({ uId, mdmInfo: ours });
      await newer;
      asked[0]!.answer({ uId });
      await older;
      await library.requireHolder(ref);
    });

    for (const [what, ask] of Object.entries<(library: Library) => Promise<unknown>>({
      "the library's own data": (library) => library.config(),
      people: (library) => library.users(),
      products: (library) => library.assets(),
      "products once more": (library) => library.assetsAgain(),
    })) {
      it(`end the work of nobody but the one who asked, when a question about ${what} fails that others had joined`, async () => {
        const { library, asked } = slow();
        const ends = Promise.allSettled([ask(library), ask(library), ask(library)]);
        await settle();
        asked[0]!.fail(failure);
        await settle();
        asked[1]!.answer({ uId, items: [], isWhole: true });
        assert.deepEqual(
          (await ends).map(({ status }) => status),
          ["rejected", "fulfilled", "fulfilled"],
        );
        assert.equal(asked.length, 2);
      });
    }
  });

  describe("mark", () => {
    it("is cut to the service's limits, by characters", () => {
      const limits = { ...publishedLimits, maxMdmNameLength: 16, maxMdmMetadataLength: 7 };
      assert.deepEqual(ownMark("id", "müller/ü😀/dev", limits), {
        id: "id",
        name: "pulumi-vpp mülle",
        metadata: "managed",
      });
      assert.equal([...ownMark("id", "😀".repeat(100), limits).name].length, 16);
    });

    it("keeps id and name, when it is rewritten as released", () => {
      const released = releasedMark(ours, new Date("2026-11-22T23:59:00Z"));
      assert.deepEqual(released, { ...ours, metadata: "released 2026-11-22" });
      assert.equal(isReleased(released), true);
      assert.equal(isReleased(ours), false);
      assert.equal(isReleased({ ...rival, metadata: "released 2026-11-22" }), false);
    });
  });
});
