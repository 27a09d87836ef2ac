import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoLibraries, type Ended, Quickstart } from "../../demo/quickstart";
import { readDevices, readPeople } from "../../examples/quickstart/lists";
import { enginesFor } from "../support/engines";
import { root } from "../support/paths";
import { type TrueAssignment, World } from "../support/world";

const book = "1450081122";
const example = (file: string): string => join(root, "examples/quickstart", file);

for (const engine of enginesFor("life of a stack")) {
  describe(`the quickstart on the ${engine.name}`, () => {
    let world: World;
    let quickstart: Quickstart;

    before(async () => {
      world = await World.start(demoLibraries());
      quickstart = new Quickstart(engine, world.env);
      await run("stack", "init", "dev");
    });

    after(async () => {
      quickstart.dispose();
      await world.close();
    });

    /** Runs a command that must succeed. */
    async function run(...args: string[]): Promise<Ended> {
      const ended = await quickstart.pulumi(args);
      assert.equal(ended.code, 0, `pulumi ${args.join(" ")} failed:\n${ended.text}`);
      return ended;
    }

    it("goes up, stays as it is without a request, is seen unchanged by refresh, and comes down without a trace", async () => {
      const atFirst = await world.truth();
      const ours = new Set(readPeople(example("people.csv")).map(({ clientUserId }) => clientUserId));
      const pairsOf = (assignments: readonly TrueAssignment[]): string[] =>
        assignments
          .map((pair) => [pair.adamId, pair.pricingParam, pair.serialNumber, pair.clientUserId].join("/"))
          .sort();

      await run("up", "--yes");
      const up = await world.truth();
      assert.equal(up.assignments.length, atFirst.assignments.length + 60 * 2 + 14 + 12 + 12);
      assert.deepEqual(
        up.users.filter(({ clientUserId }) => ours.has(clientUserId)).map(({ status }) => status === "Retired"),
        Array.from({ length: 12 }, () => false),
      );

      await world.forget();
      await run("preview", "--expect-no-changes");
      const again = await run("up", "--yes");
      assert.match(again.text, /12 unchanged/);
      assert.deepEqual(await world.requests(), []);

      await run("refresh", "--preview-only", "--expect-no-changes");
      await run("refresh", "--yes");
      assert.deepEqual(
        (await world.requests()).filter(({ method }) => method !== "GET"),
        [],
      );

      await run("state", "unprotect", "--all", "--yes");
      const down = await run("destroy", "--yes");
      assert.match(down.text, /can't be revoked/);
      const last = await world.truth();
      const leftOver = last.assignments.filter(({ clientUserId }) => ours.has(clientUserId ?? ""));
      assert.ok(leftOver.every(({ adamId }) => adamId === book));
      assert.deepEqual(
        pairsOf(last.assignments.filter((pair) => !leftOver.includes(pair))),
        pairsOf(atFirst.assignments),
      );
      const others = last.users.filter(({ clientUserId }) => !ours.has(clientUserId));
      assert.deepEqual(others, atFirst.users);
      const retired = last.users.filter(({ clientUserId, status }) => ours.has(clientUserId) && status === "Retired");
      assert.equal(retired.length, 12);
      assert.match(last.mdmInfo?.metadata ?? "", /^released /);
    });

    it("names the file and the line of a bad list, without a stack", async () => {
      writeFileSync(join(quickstart.program, "bad.csv"), "Serial Number\nF9FW000001\nnot a serial\n");
      await run("config", "set", "devices", "bad.csv");
      const { code, text } = await quickstart.pulumi(["preview"]);
      assert.notEqual(code, 0);
      assert.match(text, /bad\.csv, line 3: "NOT A SERIAL" is not a serial number/);
      assert.doesNotMatch(text, /^\s+at .+:\d+:\d+/m);
    });

    it("prints no address", async () => {
      await run("config", "rm", "devices");
      const { text } = await quickstart.pulumi(["preview", "--diff"]);
      assert.doesNotMatch(text, /@brackwater/);
    });
  });
}

describe("the quickstart's lists", () => {
  let folder: string;
  const write = (content: string | Buffer): string => {
    const file = join(folder, "list.csv");
    writeFileSync(file, content);
    return file;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vpp-lists-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are what the example says: 60 devices, 14 of them Macs, and 12 people", () => {
    const devices = readDevices(example("devices.csv"));
    assert.equal(devices.length, 60);
    assert.equal(devices.filter(({ isMac }) => isMac).length, 14);
    assert.equal(readPeople(example("people.csv")).length, 12);
    assert.match(readFileSync(example("people.csv"), "utf8"), /brackwater\.example/);
  });

  const serials = [
    { serialNumber: "F9FW000001", isMac: false },
    { serialNumber: "C02ZK001HJ2K", isMac: true },
  ];
  const forms: Readonly<Record<string, string>> = {
    commas: "Serial Number,Device Model\nF9FW000001,iPad\nC02ZK001HJ2K,Mac mini\n",
    "semicolons, CRLF and a byte order mark":
      "\uFEFFSerial Number;Device Model\r\nF9FW000001;iPad\r\nC02ZK001HJ2K;Mac mini\r\n",
    "tabs and no last line end": "Serial Number\tDevice Model\nF9FW000001\tiPad\nC02ZK001HJ2K\tMac mini",
    "quotes around everything":
      '"Serial Number","Device Model"\n"F9FW000001","iPad ""9.7"""\n"C02ZK001HJ2K","Mac, mini"\n',
    "an inch sign without quotes": 'Serial Number,Device Model\nF9FW000001,iPad 9.7"\nC02ZK001HJ2K,iMac 24"\n',
    "line ends inside a field and empty rows":
      '\nSerial Number,Note,Device Model\nF9FW000001,"a\nb",iPad\n,,\n\nC02ZK001HJ2K,,iMac\n\n',
    "other columns, other capitals":
      "added,SERIAL_NUMBER,deviceModel\nyesterday, f9fw000001 ,iPad\ntoday,c02zk001hj2k,iMac\n",
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`are read with ${form}`, () => assert.deepEqual(readDevices(write(text)), serials));
  }

  const rubbish: Readonly<Record<string, [text: string | Buffer, message: RegExp]>> = {
    "an empty file": ["", /list\.csv is empty\.$/],
    "a first row alone": ["Serial Number\n", /list\.csv is empty but for its first row/],
    "no column for the serial number": ["Name,Model\na,b\n", /has no column "Serial Number"/],
    "no first row": ["F9FW000001\nF9FW000002\n", /has no column "Serial Number"/],
    "a row with too many fields": [
      "Serial Number,Model\nF9FW000001,iPad\nF9FW000002,iPad, 64 GB\n",
      /line 3: 3 fields, where the first row has 2/,
    ],
    "an open quotation mark": [
      'Serial Number,Model\nF9FW000001,iPad\n"F9FW000002,iPad\n',
      /line 3: a quotation mark is open/,
    ],
    "text after a closing quotation mark": [
      'Serial Number\n"F9FW000001"x\n',
      /line 2: a quotation mark is open or stands in the wrong place/,
    ],
    "a serial number that a spreadsheet turned into a number": [
      "Serial Number\n1.2E+50\n",
      /line 2: "1\.2E\+50" is not a serial number/,
    ],
    "a serial number twice": [
      "Serial Number\nF9FW000001\nF9FW000002\nf9fw000001\n",
      /line 4: the Serial Number is that of line 2 again/,
    ],
    "UTF-16": [Buffer.from("\uFEFFSerial Number\nF9FW000001\n", "utf16le"), /is not UTF-8 text/],
  };
  for (const [what, [content, message]] of Object.entries(rubbish)) {
    it(`are refused with ${what}`, () => assert.throws(() => readDevices(write(content)), { message }));
  }

  it("that are not there are refused by name", () => {
    assert.throws(() => readDevices(join(folder, "gone.csv")), { message: /gone\.csv can't be read \(ENOENT\)/ });
  });

  it("of people leave out what is empty", () => {
    const people = readPeople(write("email;clientUserId\nada@contoso.example;ada\n;bob\n"));
    assert.deepEqual(people, [{ clientUserId: "ada", email: "ada@contoso.example" }, { clientUserId: "bob" }]);
  });

  it("of people are refused by line, without naming anybody", () => {
    const refusal = (text: string): string => {
      try {
        readPeople(write(text));
      } catch (error) {
        return (error as Error).message.replace(/^.*list\.csv/, "list.csv");
      }
      return "not refused";
    };
    const head = "clientUserId,email,managedAppleId\n";
    assert.equal(refusal(`${head},ada@contoso.example,\n`), "list.csv, line 2: there is no clientUserId.");
    assert.equal(
      refusal(`${head}ada,ada at contoso,\n`),
      "list.csv, line 2: email or managedAppleId is not an address.",
    );
    assert.equal(refusal(`${head}ada,,\nada,,\n`), "list.csv, line 3: the clientUserId is that of line 2 again.");
  });
});
