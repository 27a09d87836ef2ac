import assert from "node:assert/strict";
import { judge } from "../../../bench/guard";
import { mostSelfTime } from "../../../bench/profile";
import { merge } from "../../../bench/results";
import { failuresOf, type Judged, tableOf, timeText } from "../../../bench/table";
import { result, summary } from "./support";

const host = (megabytes: number) => ({ host: { megabytes, cpuSeconds: 1 } });

function judged(changes: Parameters<typeof result>[0]): Judged {
  const one = result(changes);
  return { result: one, verdicts: judge(one, { quick: false, full: 1000 }) };
}

describe("bench › what is printed and kept", () => {
  it("is a line for each job with both times, their spread, the ratio, requests and memory", () => {
    const row = judged({ ours: summary([2.06, 2, 2.1], host(150)), floor: summary([2, 1.9, 2.2], host(120)) });
    const [head, , line] = tableOf([row]).split("\n");
    assert.match(head!, /^job +engine +ours +floor +ratio +budget +ok +requests +host memory over floor +exponent$/);
    assert.match(
      line!,
      /^up-unchanged\/1000 +local engine +2\.06 s \(2\.00 s–2\.10 s\) +2\.00 s \(1\.90 s–2\.20 s\) +1\.030 +0 requests; ≤ 1\.05 × +yes +0 +30 MB +–$/,
    );
  });

  it("names under the table what is not held, and by how much", () => {
    const row = judged({ requests: { assets: 2 }, ours: summary([3]), floor: summary([2]) });
    assert.match(tableOf([row]), / NO /);
    assert.deepEqual(failuresOf([row]), [
      "up-unchanged/1000 on local engine: 2 requests, budget 0 requests",
      "up-unchanged/1000 on local engine: 1.50 ×, budget ≤ 1.05 ×",
    ]);
  });

  it("has times in the unit that they fit", () => {
    assert.deepEqual([61.234, 123.4, 0.01234, 0.0000123].map(timeText), ["61.2 s", "123 s", "12.3 ms", "12 µs"]);
  });

  it("keeps the results of jobs that were not run this time", () => {
    const [up, refresh] = [result(), result({ job: "refresh-1-library" })];
    const again = result({ runs: 7 });
    const onCli = result({ engine: "Pulumi CLI" });
    assert.deepEqual(merge([up, refresh], [again, onCli]), [again, refresh, onCli]);
  });

  it("says of a profile which functions took the most time themselves", () => {
    const frame = (functionName: string) => ({ functionName, url: "", lineNumber: 0 });
    const nodes = ["(root)", "slow", "quick", "(idle)", "slow"].map((name, id) => ({ id, callFrame: frame(name) }));
    const profile = { nodes, samples: [1, 2, 3, 4], timeDeltas: [2000, 1000, 9000, 3000] };
    assert.deepEqual(mostSelfTime(profile), [
      { name: "slow", milliseconds: 5 },
      { name: "quick", milliseconds: 1 },
    ]);
  });
});
