import assert from "node:assert/strict";
import { keysInEnvironment } from "../../../inventory/keys";

describe("inventory › keys in the environment", () => {
  const keys = (...names: string[]) => keysInEnvironment(Object.fromEntries(names.map((name) => [name, "something"])));

  it("are those of texts and of files, each once, the default one first", () => {
    assert.deepEqual(keys("VPP_CONTENT_TOKEN_BRANCH", "VPP_CONTENT_TOKEN_FILE", "VPP_CONTENT_TOKEN_BRANCH_FILE"), [
      "default",
      "branch",
    ]);
    assert.deepEqual(keys("VPP_CONTENT_TOKEN"), ["default"]);
    assert.deepEqual(keys("VPP_CONTENT_TOKEN_WEST_COAST_FILE"), ["west_coast"]);
  });

  it("are none without such a variable, and an empty one is none", () => {
    assert.deepEqual(keys("VPP_ENDPOINT", "MY_VPP_CONTENT_TOKEN", "VPP_CONTENT_TOKENS"), []);
    assert.deepEqual(keysInEnvironment({ VPP_CONTENT_TOKEN: "", VPP_CONTENT_TOKEN_FILE: undefined }), []);
  });
});
