import assert from "node:assert/strict";
import { Libraries } from "../../../../../provider/apple/library/libraries";
import type { Credential } from "../../../../../provider/contentToken/credential";
import type { Transport } from "../../../../../provider/http/transport";
import { FakeClock } from "../../support/fakeClock";

describe("libraries", () => {
  const asked: string[] = [];
  const transport: Transport = async ({ url, headers }) => {
    const path = url.split("/mdm/v2/")[1]!;
    asked.push(path);
    if (path === "service/config")
      return { status: 200, text: JSON.stringify({ limits: { maxAssets: asked.length } }) };
    return { status: 200, text: JSON.stringify({ uId: String(headers.authorization).slice("Bearer ".length) }) };
  };

  function open(clock: FakeClock): Libraries {
    const credential = (key: string): Credential => ({
      text: key,
      fingerprint: key,
      expiresAt: new Date("2030-01-01"),
      organizationName: "",
      source: "environment",
    });
    const { sleep, now } = clock;
    const events = () => ({ timeoutMs: 1000, polling: "quick", sleep, now }) as const;
    const settings = { endpoint: () => "https://vpp.example/mdm/v2", proxy: () => undefined, credential, events };
    return new Libraries(settings, { transport, clock: { sleep, now } });
  }

  beforeEach(() => {
    asked.length = 0;
  });

  it("read service/config once for all of them, since it needs no token, and anew after five minutes", async () => {
    const clock = new FakeClock();
    const libraries = open(clock);
    const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
    await Promise.all(keys.map((key) => libraries.ofKey(key).config()));
    assert.equal(asked.filter((path) => path === "service/config").length, 1);
    assert.equal(asked.length, keys.length + 1);
    clock.ms += 5 * 60_000;
    await Promise.all(keys.map((key) => libraries.ofKey(key).configNow()));
    assert.equal(asked.filter((path) => path === "service/config").length, 2);
  });
});
