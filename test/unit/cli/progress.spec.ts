import assert from "node:assert/strict";
import { Progress } from "../../../cli/progress";

/** A screen that keeps what is written, and a clock that is set by hand. */
function told(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const screen = { isTTY, columns: 40, write: (text: string) => written.push(text) };
  const progress = new Progress(screen, () => now);
  const at = (seconds: number): string[] => {
    now = seconds * 1000;
    written.length = 0;
    progress.tick();
    return [...written];
  };
  return { progress, written, at };
}

describe("progress of a command", () => {
  it("is silent for three seconds, then a plain line at most every ten, where there is no terminal", () => {
    const { progress, at } = told(false);
    const tell = progress.onReading();
    tell("3 of 40 pages of licences read.");
    assert.deepEqual(at(2.9), []);
    assert.deepEqual(at(3), ["pulumi-vpp: 3 of 40 pages of licences read. 3 s\n"]);
    tell("9 of 40 pages of licences read.");
    assert.deepEqual(at(12.9), []);
    assert.deepEqual(at(13), ["pulumi-vpp: 9 of 40 pages of licences read. 13 s\n"]);
    progress.end();
  });

  it("is one line that is written anew and taken away in the end, on a terminal", () => {
    const { progress, written, at } = told(true);
    progress.onReading()("3 of 40 pages of licences read, and more than fits");
    assert.deepEqual(at(2), []);
    assert.deepEqual(at(3), ["\r3 of 40 pages of licences read, and mo…\u001b[K"]);
    assert.equal(at(3.3).length, 1);
    progress.end();
    assert.equal(written.at(-1), "\r\u001b[K");
  });

  it("says what is waited for, and that no answer comes, until one does", () => {
    const { progress, at } = told(false);
    progress.onRequest("vpp.itunes.apple.com", "sent");
    assert.deepEqual(at(3), ["pulumi-vpp: waiting for vpp.itunes.apple.com. 3 s\n"]);
    progress.onRequest("vpp.itunes.apple.com", { fault: "ECONNREFUSED" });
    assert.deepEqual(at(13), [
      "pulumi-vpp: no answer from vpp.itunes.apple.com yet (ECONNREFUSED), trying again. 13 s\n",
    ]);
    progress.onRequest("vpp.itunes.apple.com", "answered");
    assert.deepEqual(at(23), ["pulumi-vpp: waiting for vpp.itunes.apple.com. 23 s\n"]);
    progress.end();
  });

  it("writes nothing at all, when the work is over before that", () => {
    const { progress, written } = told(true);
    progress.end();
    assert.deepEqual(written, []);
  });

  it("lets nothing through that steers a terminal, and no secret", () => {
    const { progress, at } = told(false);
    progress.onRequest("host", { fault: "\u001b[2Jme://a:pa55@proxy" });
    assert.deepEqual(at(3), ["pulumi-vpp: no answer from host yet ( [2Jme://…@proxy), trying again. 3 s\n"]);
    progress.end();
  });
});
