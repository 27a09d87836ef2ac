import assert from "node:assert/strict";
import { type TokenReference, VppApp, VppAssignment, VppToken, VppUserSet } from "../../../../sdk";
import { run } from "../run";

const text = Buffer.from(
  JSON.stringify({ token: "c2VjcmV0IHRleHQgb2YgYSB0b2tlbg", expDate: "2030-01-01T00:00:00+0000", orgName: "Field" }),
).toString("base64");
const token: TokenReference = { libraryId: "1", contentTokenKey: "default", bindingId: "b" };

describe("a resource that has a content token's text for its name", () => {
  const kinds: Record<string, () => unknown> = {
    VppToken: () => new VppToken(text),
    VppApp: () => new VppApp(`app-${text}`, { token, adamId: "361285480" }),
    VppUserSet: () => new VppUserSet(text, { token, users: [] }),
    VppAssignment: () => new VppAssignment(text, { token, apps: ["361285480"], serialNumbers: [] }),
  };
  for (const [kind, make] of Object.entries(kinds))
    it(`is refused before Pulumi hears of it, without its name: ${kind}`, async () => {
      const { registered } = await run(() => {
        assert.throws(make, ({ message, stack }: Error) => {
          assert.match(message, /the name of a resource is a content token's text \(VPP_INPUT_INVALID\)/);
          assert.doesNotMatch(String(stack), new RegExp(text.slice(0, 20)));
          return true;
        });
        return [new VppToken("hq")];
      });
      assert.deepEqual([...registered.keys()], ["hq"]);
    });
});
