import assert from "node:assert/strict";
import { Notes } from "../../../../provider/engine/diagnostics";
import { Settings } from "../../../../provider/engine/settings";
import { isVppError } from "../../../../provider/errors";
import { goesThroughProxy, shownProxy } from "../../../../provider/http/proxyAddress";
import { type TransportFault, undiciTransport } from "../../../../provider/http/transport";

describe("the proxy", () => {
  const proxyOf = (env: NodeJS.ProcessEnv) => new Settings(new Notes(() => undefined), env).proxy();

  const refused: [string, string, RegExp][] = [
    ["a backslash", "http://CONTOSO\\ada:open-sesame@proxy.example:3128", /backslash.*%5C/],
    ["a path", "http://ada:open-sesame@proxy.example:3128/path", /path or a query/],
    ["a query", "http://ada:open-sesame@proxy.example:3128/?open-sesame", /path or a query/],
    ["a fragment, as by a # in a password", "http://ada:1#open-sesame@proxy.example:3128", /%2F and so on/],
    ["a slash in a password", "http://ada:open-sesame/x@proxy.example:3128", /%2F and so on/],
    ["no scheme", "ada:open-sesame@proxy.example:3128", /does not begin with http/],
    ["no scheme and no user", "proxy.example:3128", /does not begin with http/],
    ["SOCKS", "socks5://ada:open-sesame@proxy.example:1080", /SOCKS/],
    ["another scheme", "ftp://ada:open-sesame@proxy.example", /does not begin with http/],
    ["a % that begins no code", "http://ada:open-sesame%@proxy.example:3128", /%25/],
    ["a blank", "http://ada:open sesame@proxy.example:3128", /blank/],
    ["no host", "http://", /can't be read/],
    ["a port that is none", "http://ada:open-sesame@proxy.example:port", /can't be read/],
  ];
  for (const [what, text, why] of refused) {
    it(`is refused in words that show nothing of it, for ${what}`, () => {
      for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
        assert.throws(
          () => proxyOf({ [variable]: text }),
          (error) => {
            assert.ok(isVppError(error));
            assert.equal(error.code, "VPP_CONFIG_PROXY");
            const all = `${error.stack} ${JSON.stringify(error)}`;
            assert.doesNotMatch(all, /sesame|ada|CONTOSO|proxy\.example:1080/);
            assert.match(error.reason, why);
            assert.ok(error.reason.includes(variable));
            return true;
          },
        );
      }
    });
  }

  for (const text of [
    "http://proxy.example:3128",
    "http://proxy.example:3128/",
    "https://proxy.example",
    "http://CONTOSO%5Cada:p%40ss%2Fword@proxy.example:3128",
    "HTTP://[::1]:3128",
  ])
    it(`is taken by the HTTP library too, for ${text.replace(/\/\/.*@/, "//…@")}`, async () => {
      const proxy = proxyOf({ HTTPS_PROXY: text });
      assert.equal(proxy?.url, text);
      const fault = await undiciTransport({ timeoutMs: 1, proxy: proxy })({
        method: "GET",
        url: "https://vpp.example",
        headers: {},
      }).catch((error: unknown) => error as TransportFault);
      assert.equal((fault as TransportFault).proxy, shownProxy(text));
      assert.doesNotMatch((fault as TransportFault).proxy!, /@|ada|word/);
    });

  const ways: [string, string, boolean][] = [
    ["https://vpp.example", "", true],
    ["https://vpp.example", "other.example, more.example", true],
    ["https://vpp.example", "VPP.example", false],
    ["https://vpp.example", "other.example vpp.example", false],
    ["https://vpp.example", ".example", false],
    ["https://vpp.example", "*.example", false],
    ["https://vpp.example", "ample", true],
    ["https://vpp.example", "vpp.example:443", false],
    ["https://vpp.example:8443", "vpp.example:443", true],
    ["https://vpp.example:8443", "vpp.example:8443", false],
    ["https://vpp.example", "*", false],
    ["http://127.0.0.1:4100", "", false],
  ];
  for (const [url, except, wanted] of ways) {
    it(`is ${wanted ? "used" : "left aside"} for ${url}, when NO_PROXY is ${JSON.stringify(except)}`, () =>
      assert.equal(goesThroughProxy(new URL(url), except), wanted));
  }
});
