import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { VppToken } from "../../../../sdk";
import type * as copies from "../../../../sdk/plan/packageCopies";
import { faultOfFolder as faultFrom, refuseWrongCopy } from "../../../../sdk/plan/packageCopies";
import { root } from "../../../support/paths";
import { run } from "../run";

const own = { folder: "/srv/own/pulumi-vpp", version: "0.1.0" };

const faultOfFolder = (...asked: Parameters<typeof faultFrom>): string | undefined => {
  const fault = faultFrom(...asked);
  return fault && `${fault.why} (${fault.code}). ${fault.remedy}`;
};

describe("the package's copies", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "vpp-copies-")));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Puts a package into the node_modules of a folder. */
  const install = (
    version: string,
    inside = ".",
    exports: object = { "./provider": "./dist/provider/index.js" },
  ): string => {
    const place = join(folder, inside, "node_modules/pulumi-vpp");
    mkdirSync(join(place, "dist/provider"), { recursive: true });
    writeFileSync(join(place, "dist/provider/index.js"), "");
    writeFileSync(join(place, "package.json"), JSON.stringify({ name: "pulumi-vpp", version, exports }));
    return place;
  };

  describe("found from the program's folder", () => {
    it("are right, when the version is that of the program, wherever it lies", () => {
      install("0.1.0");
      mkdirSync(join(folder, "infra"));
      assert.equal(faultOfFolder(folder, own), undefined);
      assert.equal(faultOfFolder(join(folder, "infra"), own), undefined);
    });

    it("are right, when they are a link, or when the program is a bundle and does not know its own", () => {
      const store = install("0.1.0", "store");
      mkdirSync(join(folder, "app/node_modules"), { recursive: true });
      symlinkSync(store, join(folder, "app/node_modules/pulumi-vpp"));
      assert.equal(faultOfFolder(join(folder, "app"), own), undefined);
      assert.equal(faultOfFolder(join(folder, "app"), undefined), undefined);
    });

    it("are missing, when only an inner library has the package, as in a workspace", () => {
      install("0.1.0", "packages/library");
      const fault = faultOfFolder(folder, own) ?? "";
      assert.ok(
        fault.startsWith(
          `the package pulumi-vpp is not found from ${folder}, from where Pulumi loads the provider (VPP_CONFIG_PACKAGE).`,
        ),
      );
      assert.match(fault, /Install it there.*Pulumi\.yaml.*`npm install pulumi-vpp@0\.1\.0`/);
    });

    it("are missing, when what has the name has no provider", () => {
      install("0.1.0", ".", { ".": "./dist/provider/index.js" });
      assert.match(faultOfFolder(folder, own) ?? "", /is not found from/);
    });

    it("are refused with both versions and places, when the version is another", () => {
      const other = install("0.2.0");
      const fault = faultOfFolder(folder, own) ?? "";
      assert.ok(fault.includes("the program uses version 0.1.0 in /srv/own/pulumi-vpp"), fault);
      assert.ok(fault.includes(`loads the provider from version 0.2.0 in ${other} (VPP_CONFIG_PACKAGE)`), fault);
    });
  });

  describe("in one process", () => {
    /** Another copy of the package's code, with its own package.json. */
    const copyOf = (name: string): typeof copies => {
      const place = join(folder, name);
      mkdirSync(place);
      cpSync(join(root, "dist/sdk"), join(place, "dist/sdk"), { recursive: true });
      writeFileSync(join(place, "package.json"), JSON.stringify({ name: "pulumi-vpp", version: "0.1.0" }));
      symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return require(join(place, "dist/sdk/plan/packageCopies.js")) as never;
    };

    it("are refused with both places, when two declare in one run, of whichever version", () => {
      const engine = {};
      refuseWrongCopy(engine);
      refuseWrongCopy(engine);
      assert.throws(
        () => copyOf("other").refuseWrongCopy(engine),
        (error: Error) => {
          assert.ok(pulumi.RunError.isInstance(error));
          assert.match(error.message, /^pulumi-vpp: nothing was declared: it uses two copies.*VPP_CONFIG_PACKAGE/);
          assert.ok(error.message.includes(`version 0.1.0 in ${root} and version 0.1.0 in ${join(folder, "other")}`));
          return true;
        },
      );
    });

    it("are let be, when they declare in different runs, or under mocks", () => {
      refuseWrongCopy({});
      copyOf("second").refuseWrongCopy({});
      const mocked = { mocks: {} };
      refuseWrongCopy(mocked);
      copyOf("third").refuseWrongCopy(mocked);
    });
  });

  it("are not asked for by a program's unit tests, whatever folder they run in", async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { registered } = await run(() => [new VppToken("hq")]);
      assert.ok(registered.has("hq"));
    } finally {
      process.chdir(before);
    }
  });
});
