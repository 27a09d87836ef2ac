import assert from "node:assert/strict";
import type { Library } from "../../../../../../provider/apple/library/library";
import { invitations } from "../../../../../../provider/apple/library/readings/invitations";

async function addressFrom(invitationEmail: string | undefined, status = "Registered", inviteCode = "a&b$&") {
  const library = { serviceConfig: async () => ({ urls: { invitationEmail } }) } as unknown as Library;
  return (await invitations(library))({ clientUserId: "ada", status, inviteCode });
}

describe("the address of an invitation", () => {
  for (const [what, template] of [
    ["encoded, as the documentation has it", "https://buy.example/in?code=%25inviteCode%25&mt=8"],
    ["plain", "https://buy.example/in?code=%inviteCode%&mt=8"],
    ["in small letters", "https://buy.example/in?code=%25invitecode%25&mt=8"],
  ])
    it(`has the code in its place, when that is ${what}`, async () => {
      assert.equal(await addressFrom(template), "https://buy.example/in?code=a%26b%24%26&mt=8");
    });

  it("has it in every place", async () => {
    assert.equal(
      await addressFrom("https://buy.example/%inviteCode%?code=%25inviteCode%25", "Registered", "c0de"),
      "https://buy.example/c0de?code=c0de",
    );
  });

  it("is not made up, when there is no place for the code, no template, or no invitation any more", async () => {
    assert.equal(await addressFrom("https://buy.example/in?mt=8"), undefined);
    assert.equal(await addressFrom(undefined), undefined);
    assert.equal(await addressFrom("https://buy.example/in?code=%25inviteCode%25", "Associated"), undefined);
  });
});
