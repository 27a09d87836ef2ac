import assert from "node:assert/strict";
import { beginPages, type Pages, readAllPages } from "../../../../../provider/apple/api/pages";
import type { PageAnswer } from "../../../../../provider/apple/api/wire";
import { VppError } from "../../../../../provider/errors";

interface Page extends PageAnswer {
  readonly items?: readonly string[];
}

const outOfRange = new VppError("VPP_SERVICE_ERROR", "page index out of range", { serviceCode: 9650 });

/** A list of the service that can change between two requests. */
class List {
  requests: number[] = [];
  running = 0;
  mostAtOnce = 0;
  version = "v1";
  beforeRequest: (count: number) => void = () => undefined;

  constructor(
    public items: string[],
    private readonly pageSize = 2,
    private readonly tellsTotal = true,
  ) {}

  readonly getPage = async (pageIndex: number): Promise<Page> => {
    this.requests.push(pageIndex);
    this.beforeRequest(this.requests.length);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running--;
    const totalPages = Math.max(1, Math.ceil(this.items.length / this.pageSize));
    if (pageIndex >= totalPages) throw outOfRange;
    const items = this.items.slice(pageIndex * this.pageSize, (pageIndex + 1) * this.pageSize);
    return {
      ...(items.length > 0 && { items }),
      versionId: this.version,
      ...(this.tellsTotal && { totalPages }),
      ...(pageIndex + 1 < totalPages && { nextPageIndex: pageIndex + 1 }),
    };
  };

  /** Changes the list before the request with this number. */
  changeBefore(count: number, change: () => void): void {
    const earlier = this.beforeRequest;
    this.beforeRequest = (now) => {
      earlier(now);
      if (now !== count) return;
      change();
      this.version = `v${count + 1}`;
    };
  }

  read(delta?: Pages<Page, string>["delta"]) {
    return readAllPages<Page, string>({ ...this.pages, ...(delta && { delta }) });
  }

  get pages(): Pages<Page, string> {
    return { getPage: this.getPage, itemsOf: ({ items }) => items };
  }
}

const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => `i${index}`);

describe("pages", () => {
  describe("a list that stands still", () => {
    it("is one request, when it is empty and has no list at all", async () => {
      assert.deepEqual(await new List([]).read(), { items: [], requests: 1, isWhole: true });
    });

    it("keeps the order of the pages, when they are read at once", async () => {
      const list = new List(letters(25));
      assert.deepEqual(await list.read(), { items: letters(25), requests: 13, isWhole: true });
      assert.equal(list.mostAtOnce, 5);
      assert.equal(new Set(list.requests).size, 13);
    });

    it("is walked to where nextPageIndex is absent, when the number of pages is not told", async () => {
      const list = new List(letters(7), 2, false);
      assert.deepEqual(await list.read(), { items: letters(7), requests: 4, isWhole: true });
      assert.equal(list.mostAtOnce, 1);
    });
  });

  describe("a list that moves in mid-walk", () => {
    it("is walked to its new end, when it grows by pages", async () => {
      const list = new List(letters(6));
      list.changeBefore(3, () => list.items.push("new1", "new2", "new3"));
      const { items } = await list.read();
      assert.deepEqual(items, [...letters(6), "new1", "new2", "new3"]);
    });

    it("is read again, when its version changed, so that nobody is missed", async () => {
      const list = new List(letters(6));
      list.changeBefore(2, () => list.items.shift());
      const { items, requests } = await list.read();
      assert.deepEqual(items, letters(6).slice(1));
      assert.equal(requests, 6);
    });

    it("is read again, when it shrank below a page that was announced", async () => {
      const list = new List(letters(8));
      list.changeBefore(2, () => list.items.splice(2));
      assert.deepEqual((await list.read()).items, ["i0", "i1"]);
    });

    it("is completed by what changed since, when it moves in every walk", async () => {
      const list = new List(letters(4));
      const since: string[] = [];
      for (let count = 2; count < 20; count += 2) list.changeBefore(count, () => undefined);
      const { items, requests, isWhole } = await list.read(async (version) => {
        since.push(version);
        return { items: ["late"], requests: 1, isWhole: true };
      });
      assert.deepEqual(items, [...letters(4), "late"]);
      assert.deepEqual(since, ["v3"]);
      assert.equal(requests, 2 * 2 + 1);
      assert.equal(isWhole, false);
    });

    it("is given as last read, when it moves in every walk and has no delta", async () => {
      const list = new List(letters(4));
      for (let count = 2; count < 20; count += 2) list.changeBefore(count, () => undefined);
      assert.deepEqual(await list.read(), { items: letters(4), requests: 4, isWhole: false });
    });
  });

  describe("a list that is begun", () => {
    it("says how many pages it has, and reads the first one only once", async () => {
      const list = new List(letters(8));
      const begun = await beginPages(list.pages);
      const whole = await list.read();
      assert.equal(begun.pages, whole.requests);
      const { items, requests } = await begun.readOn();
      assert.deepEqual([items, requests], [letters(8), whole.requests]);
    });

    it("is read from its beginning again, when it has moved since", async () => {
      const list = new List(letters(8));
      list.changeBefore(2, () => list.items.splice(0, 1));
      const begun = await beginPages(list.pages);
      assert.deepEqual((await begun.readOn()).items, letters(8).slice(1));
    });
  });

  describe("a page that says it is another than the one asked for", () => {
    const items = ["a", "b", "c", "d", "e", "f"];
    const repeating = (times: number) => {
      const list = new List(items);
      const getPage = async (pageIndex: number): Promise<Page> => {
        const isAnother = pageIndex === 1 && times-- > 0;
        const page = await list.getPage(isAnother ? 0 : pageIndex);
        return { ...page, currentPageIndex: isAnother ? 0 : pageIndex };
      };
      return { getPage, itemsOf: (page: Page) => page.items };
    };

    it("makes the list be read again, and nothing is lacking if it then is the right one", async () => {
      const { items: read, isWhole } = await readAllPages(repeating(1));
      assert.deepEqual([read, isWhole], [items, true]);
    });

    it("leaves the list without proof of what is not there, if it comes again", async () => {
      const { items: read, isWhole } = await readAllPages(repeating(2));
      assert.deepEqual([[...new Set(read)], isWhole], [["a", "b", "e", "f"], false]);
    });
  });

  describe("a list that has no end", () => {
    const endless: [string, (pageIndex: number) => Page][] = [
      ["is given up, when a page is followed by itself", (pageIndex) => ({ nextPageIndex: Math.max(1, pageIndex) })],
      ["is given up, when its pages go round in a circle", (pageIndex) => ({ nextPageIndex: (pageIndex + 1) % 4 })],
      [
        "is given up, when it says that it has more pages than there can be",
        () => ({ nextPageIndex: 1, totalPages: 1e9 }),
      ],
      ["is given up, when every page is followed by one more", (pageIndex) => ({ nextPageIndex: pageIndex + 1 })],
    ];
    for (const [what, page] of endless) {
      it(what, async () => {
        const walk = readAllPages<Page, string>({
          getPage: async (index) => page(index),
          itemsOf: ({ items }) => items,
        });
        await assert.rejects(walk, { code: "VPP_SERVICE_ANSWER", message: /a list of the service can't be right/ });
      });
    }
  });

  describe("an error", () => {
    it("ends the walk, when it says anything but that the page is gone", async () => {
      const list = new List(letters(6));
      list.beforeRequest = (count) => {
        if (count > 1)
          throw new VppError("VPP_AUTH_TOKEN_REVOKED", "the content token has been revoked", { serviceCode: 9625 });
      };
      await assert.rejects(list.read(), { code: "VPP_AUTH_TOKEN_REVOKED" });
    });
  });
});
