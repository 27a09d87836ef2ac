import assert from "node:assert/strict";
import { OrderedList } from "../../../simulator/kit/ordered-list";
import { fileOf, smallLibrary, start, stopAll } from "./support";

// The budgets are several times what a slow machine needs, so that these fail for a wrong data structure only.
const SLACK = 5;

async function quickest(times: number, work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times; index += 1) {
    const begun = performance.now();
    await work();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

describe("simulator: sizes", function () {
  this.timeout(60_000);
  afterEach(stopAll);

  it("holds 500,000 licences, gives any page of them quickly, and takes 25 assets for 1,000 devices", async () => {
    const serialNumbers = Array.from({ length: 20_000 }, (_, index) => `SN${index}`);
    const assets = Array.from({ length: 25 }, (_, index) => `${1000 + index}`);
    const client = await start({
      library: fileOf(
        smallLibrary({
          assets: assets.map((adamId) => ({ adamId, name: adamId, totalCount: 30_000 })),
          assignments: assets.map((adamId) => ({ adamId, serialNumbers })),
        }),
      ),
    });
    for (const query of ["pageIndex=499", "pageIndex=250&excludeInactiveUsers=true", "pageIndex=19&adamId=1024"]) {
      const page = (await client.get(`assignments?${query}`)).body;
      assert.equal(page.size, 1000);
      const took = await quickest(5, () => client.get(`assignments?${query}`));
      assert.ok(took < 5 * SLACK, `a page took ${took} ms`);
    }
    const body = {
      assets: assets.map((adamId) => ({ adamId })),
      serialNumbers: serialNumbers.slice(0, 1000).map((each) => `X${each}`),
    };
    const begun = performance.now();
    const status = await client.event("assets/associate", body);
    const took = performance.now() - begun;
    assert.equal(status.numCompleted, 25_000);
    assert.ok(took < 100 * SLACK, `giving 25 x 1,000 took ${took} ms`);
    await client.event("assets/disassociate", body);
    assert.equal((await client.get("assignments")).body.totalPages, 500);
  });

  it("keeps an ordered list right under many random changes", () => {
    const list = new OrderedList<{ seq: number; hidden: boolean }>((item) => item.hidden);
    let model: { seq: number; hidden: boolean }[] = [];
    let random = 7;
    const next = (below: number) => {
      random = (random * 48_271) % 2_147_483_647;
      return random % below;
    };
    for (let seq = 1; seq <= 5000; seq += 1) {
      const item = { seq, hidden: next(5) === 0 };
      list.append(item);
      model.push(item);
      if (next(3) === 0) {
        const gone = model[next(model.length)]!;
        assert.equal(list.remove(gone), true);
        assert.equal(list.remove(gone), false);
        model = model.filter((each) => each !== gone);
      }
      const shown = model[next(model.length + 1)];
      if (shown?.hidden === false && next(4) === 0) {
        shown.hidden = true;
        list.hide(shown);
      }
    }
    assert.equal(list.size, model.length);
    assert.deepEqual([...list], model);
    for (const offset of [0, 1, 511, 512, 513, 2000, model.length - 1, model.length]) {
      assert.deepEqual(list.slice(offset, 700), model.slice(offset, offset + 700));
    }
    const shown = model.filter((item) => !item.hidden);
    assert.ok(shown.length > 1000 && shown.length < model.length);
    assert.equal(list.shown.size, shown.length);
    for (const offset of [0, 1, 300, 511, 512, 900, shown.length - 1, shown.length]) {
      assert.deepEqual(list.shown.slice(offset, 700), shown.slice(offset, offset + 700));
    }
    assert.throws(() => list.append({ seq: 1, hidden: false }), RangeError);
  });
});
