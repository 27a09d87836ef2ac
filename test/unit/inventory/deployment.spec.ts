import assert from "node:assert/strict";
import { clear, parseDeployment } from "../../../inventory/deployment";
import { isVppError } from "../../../provider/errors";
import { encrypted, secretInClear, stored } from "../../support/command";

describe("inventory › deployment", () => {
  const one = stored("VppToken", "hq", { libraryId: "1" });

  it("is read from an export and from the file of a file backend, without what only waits to be deleted", () => {
    const resources = [one, { ...one, delete: true }, { type: "no urn" }, 7];
    const exported = parseDeployment(JSON.stringify({ version: 3, deployment: { resources } }), "it");
    const kept = parseDeployment(JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }), "it");
    assert.deepEqual(exported, [one]);
    assert.deepEqual(kept, [one]);
  });

  it("has no resources when the stack is empty", () => {
    assert.deepEqual(parseDeployment('{"version":3,"deployment":{"manifest":{}}}', "it"), []);
    assert.deepEqual(parseDeployment('{"version":3,"checkpoint":{}}', "it"), []);
  });

  it("is refused by name when it is something else", () => {
    for (const [text, why] of [
      ["no json", /state\.json holds no JSON/],
      ["[]", /state\.json is not the state of a stack/],
      ["null", /state\.json is not the state of a stack/],
      ['{"resources":[]}', /state\.json is not the state of a stack/],
      ['{"deployment":{"resources":{}}}', /state\.json is not the state of a stack/],
    ] as const)
      assert.throws(
        () => parseDeployment(text, "state.json"),
        (error) => isVppError(error) && error.code === "VPP_INPUT_INVALID" && why.test(error.reason),
      );
  });

  it("gives secrets in clear where they were exported so, and nothing where they are encrypted", () => {
    const value = { people: [secretInClear({ id: "ada" }), encrypted], name: "hq", none: null };
    assert.deepEqual(clear(value), { people: [{ id: "ada" }, undefined], name: "hq", none: null });
    assert.equal(clear({ ...secretInClear(1), plaintext: "{" }), undefined);
  });
});
