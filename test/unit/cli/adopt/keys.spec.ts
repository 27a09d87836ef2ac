import assert from "node:assert/strict";
import { resolve } from "node:path";
import { shellQuoted, tokenPlaces } from "../../../../cli/adopt/keys";
import { keyOfFile } from "../../../../cli/sources";

const opened = (contentTokenKey: string, title = "Contoso"): { contentTokenKey: string; title: string } => ({
  contentTokenKey,
  title,
});

describe("the keys of an adopted project's content tokens", () => {
  it("are those of the environment, where the tokens stay", () => {
    const env = { VPP_CONTENT_TOKEN: "text", VPP_CONTENT_TOKEN_BRANCH_FILE: "/secrets/branch.vpptoken" };
    assert.deepEqual(tokenPlaces([opened("default"), opened("branch")], [], env), [
      { contentTokenKey: "default", variable: "VPP_CONTENT_TOKEN" },
      { contentTokenKey: "branch", variable: "VPP_CONTENT_TOKEN_BRANCH_FILE" },
    ]);
  });

  it("come with a command where a relative path would not be found from the project's folder", () => {
    const [place] = tokenPlaces([opened("default")], [], { VPP_CONTENT_TOKEN_FILE: "my token" });
    assert.equal(place?.command, `export VPP_CONTENT_TOKEN_FILE='${resolve("my token")}'`);
  });

  it("are the default for the one file that is named, unless the environment has another token there", () => {
    const key = keyOfFile("/secrets/hq.vpptoken");
    const one = (env: NodeJS.ProcessEnv): unknown => tokenPlaces([opened(key)], ["/secrets/hq.vpptoken"], env)[0];
    assert.deepEqual(one({}), {
      contentTokenKey: "default",
      variable: "VPP_CONTENT_TOKEN_FILE",
      command: "export VPP_CONTENT_TOKEN_FILE=/secrets/hq.vpptoken",
    });
    assert.equal((one({ VPP_CONTENT_TOKEN: "another" }) as { contentTokenKey: string }).contentTokenKey, "contoso");
  });

  it("say which library they are of, each its own variable, where several files are named", () => {
    const files = ["/a.vpptoken", "/b.vpptoken", "/c.vpptoken", "/d.vpptoken", "/e.vpptoken"];
    const titles = ["Contoso HQ", "contoso/hq", "計算", "My File", "Default"];
    const places = tokenPlaces(
      files.map((file, index) => opened(keyOfFile(file), titles[index])),
      files,
      {},
    );
    assert.deepEqual(
      places.map(({ contentTokenKey }) => contentTokenKey),
      ["contoso-hq", "contoso-hq-2", "library-3", "library-4", "library-5"],
    );
    assert.equal(new Set(places.map(({ variable }) => variable)).size, files.length);
  });

  it("are put in place by commands in which a path is one word", () => {
    assert.equal(shellQuoted("/a/b-c.vpptoken"), "/a/b-c.vpptoken");
    assert.equal(shellQuoted("it's; rm -rf $HOME"), `'it'\\''s; rm -rf $HOME'`);
  });
});
