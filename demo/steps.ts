import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Stage, type Step, StepFailed } from "./stage";
import { isReleased } from "./table";

/** The products of demo/library.json that the demo looks at. */
const deckLog = "1510284466";
const diskwatch = "1187652093";
const blueprint = "1552107839";
const linguaTalk = "1098431260";
const book = "1450081122";
const stavanger = "2049025000558812";

/** Devices and a person of the quickstart's own lists, and a device that is on no list. */
const devicesOf = (stage: Stage): string[] => columnOf(stage, "devices.csv");
const peopleOf = (stage: Stage): string[] => columnOf(stage, "people.csv");
const strangeDevice = "G6TZ99XKQ1";

function columnOf(stage: Stage, file: string): string[] {
  const lines = readFileSync(join(stage.quickstart.program, file), "utf8").trim().split("\n");
  return lines.slice(1).map((line) => line.split(",")[0]!);
}

/** The demo, in order. */
export const steps: readonly Step[] = [
  {
    shows: "A preview says what would be given, before anything moves.",
    commands: "pulumi preview",
    async run(stage) {
      await stage.world.forget();
      const { code, text } = await stage.pulumi(["preview"]);
      stage.check("the preview succeeds", code === 0);
      stage.check("it counts the licences", text.includes("every-device: 60 devices added. 120 licences to assign"));
      stage.check("nothing has been written", (await stage.writes()) === 0);
    },
  },
  {
    shows: "An up gives the licences and invites the people.",
    commands: "pulumi up --yes",
    async run(stage) {
      const { code } = await stage.pulumi(["up", "--yes"]);
      stage.check("the up succeeds", code === 0);
      stage.check("60 devices hold Deck Log, and the 6 that had it keep it", (await stage.assigned(deckLog)) === 66);
      stage.check("14 Macs hold Diskwatch", (await stage.assigned(diskwatch)) === 14);
      stage.check("12 people hold an app and a book", (await stage.assigned(linguaTalk)) === 12);
      const { mdmInfo } = await stage.library();
      stage.check("the library bears this stack's mark", mdmInfo?.name.startsWith("pulumi-vpp ") ?? false);
    },
  },
  {
    shows: "A second preview changes nothing, and asks the service nothing.",
    commands: "pulumi preview --expect-no-changes",
    async run(stage) {
      await stage.world.forget();
      const { code } = await stage.pulumi(["preview", "--expect-no-changes"]);
      stage.check("nothing would change", code === 0);
      stage.check("no request has reached the service", (await stage.world.requests()).length === 0);
    },
  },
  {
    shows: "Somebody changes things at the service, behind our back. (No command: nobody asked pulumi.)",
    async run(stage) {
      const { world } = stage;
      const [first, second] = devicesOf(stage);
      const [leaver, joiner] = peopleOf(stage);
      const done = [
        "two devices lose Deck Log",
        "one device on nobody's list gets Diskwatch",
        "one person is retired",
        "one accepts",
      ];
      for (const line of done) stage.say(`    · ${line}`);
      await world.act("assignments", {
        action: "unassign",
        assets: [{ adamId: deckLog }],
        serialNumbers: [first, second],
      });
      await world.act("assignments", {
        action: "assign",
        assets: [{ adamId: diskwatch }],
        serialNumbers: [strangeDevice],
      });
      await world.act("users", { action: "retire", users: [{ clientUserId: leaver }] });
      await world.act("accept", { clientUserId: joiner! });
      stage.check("the service has two licences of Deck Log fewer in use", (await stage.assigned(deckLog)) === 64);
    },
  },
  {
    shows: "Refresh shows the drift.",
    commands: "pulumi refresh --preview-only --expect-no-changes; pulumi refresh --yes",
    async run(stage) {
      await stage.world.forget();
      const seen = await stage.pulumi(["refresh", "--preview-only", "--expect-no-changes"]);
      stage.check("a pipeline would notice: the exit code is not 0", seen.code !== 0);
      for (const name of ["every-device", "every-mac", "staff"])
        stage.check(`the drift of ${name} is shown`, seen.text.includes(name));
      const { code } = await stage.pulumi(["refresh", "--yes"]);
      stage.check("the refresh succeeds", code === 0);
      stage.check("looking changes nothing at the service", (await stage.writes()) === 0);
    },
  },
  {
    shows: "The next up repairs it.",
    commands: "pulumi up --yes",
    async run(stage) {
      const { code } = await stage.pulumi(["up", "--yes"]);
      stage.check("the up succeeds", code === 0);
      stage.check("both devices have Deck Log again", (await stage.assigned(deckLog)) === 66);
      stage.check("Diskwatch is on our 14 Macs alone", !(await stage.world.holders(diskwatch)).includes(strangeDevice));
      const { users } = await stage.library();
      const isBack = users.some(
        ({ clientUserId, status }) => clientUserId === peopleOf(stage)[0] && status === "Registered",
      );
      stage.check("the person is invited again", isBack);
    },
  },
  {
    shows: "A program that wants more licences than there are is refused in the preview.",
    commands: `pulumi config set apps 361285480,${deckLog},${blueprint} && pulumi preview`,
    async run(stage) {
      await stage.quietly("config", "set", "apps", `361285480,${deckLog},${blueprint}`);
      await stage.world.forget();
      const { code, text } = await stage.pulumi(["preview"]);
      stage.check("the preview fails", code !== 0);
      stage.check(
        "it says how many are needed and free",
        text.includes("Blueprint Viewer: 60 licences needed, 18 free"),
      );
      stage.check("nothing has been written", (await stage.writes()) === 0);
      await stage.quietly("config", "rm", "apps");
    },
  },
  {
    shows: "Half of devices.csv is missing: the brake holds.",
    commands: "head -31 devices.csv > half.csv && pulumi config set devices half.csv && pulumi preview",
    async run(stage) {
      const { program } = stage.quickstart;
      const lines = readFileSync(join(program, "devices.csv"), "utf8").split("\n");
      writeFileSync(join(program, "half.csv"), `${lines.slice(0, 31).join("\n")}\n`);
      await stage.quietly("config", "set", "devices", "half.csv");
      await stage.world.forget();
      const { code, text } = await stage.pulumi(["preview"]);
      stage.check("the preview fails", code !== 0);
      stage.check("it says how many devices would lose licences", text.includes("take licences from 30 targets of 60"));
      stage.check("nothing has been written", (await stage.writes()) === 0);
      await stage.quietly("config", "rm", "devices");
    },
  },
  {
    shows: "A renewed token is taken up in place.",
    commands: "cp renewed.vpptoken bergen.vpptoken && pulumi preview && pulumi up --yes",
    async run(stage) {
      const { world } = stage;
      const before = await stage.library();
      await world.act("tokens", { action: "issue", name: "bergen-2027", file: world.path("renewed.vpptoken") });
      await world.act("tokens", { action: "revoke", name: "bergen-2026" });
      copyFileSync(world.path("renewed.vpptoken"), world.tokenFile);
      const preview = await stage.pulumi(["preview"]);
      stage.check(
        "the preview shows one change, that of the token",
        /VppToken library .*update/.test(preview.text) && /~ *1 to update/.test(preview.text),
      );
      const { code } = await stage.pulumi(["up", "--yes"]);
      stage.check("the up succeeds with the new token", code === 0);
      const after = await stage.library();
      stage.check("no licence has moved", JSON.stringify(after.assignments) === JSON.stringify(before.assignments));
    },
  },
  {
    shows: "The library of another service is refused, as a replacement and as a beginning.",
    library: stavanger,
    commands:
      "export VPP_CONTENT_TOKEN_FILE=stavanger.vpptoken; pulumi preview; pulumi stack init stavanger && pulumi preview",
    async run(stage) {
      const { world } = stage;
      const VPP_CONTENT_TOKEN_FILE = world.path("stavanger.vpptoken");
      await world.act("tokens", { library: stavanger, action: "issue", name: "trial", file: VPP_CONTENT_TOKEN_FILE });
      await world.forget();
      const swapped = await stage.pulumi(["preview"], { VPP_CONTENT_TOKEN_FILE });
      stage.check("a bound token is not replaced by another library's", refuses(swapped, "VPP_AUTH_OTHER_LIBRARY"));
      await stage.quietly("stack", "init", "stavanger");
      const fresh = await stage.pulumi(["preview"], { VPP_CONTENT_TOKEN_FILE });
      stage.check("a library that another service holds is not taken over", refuses(fresh, "VPP_AUTH_HELD_BY_ANOTHER"));
      const named = ["Fleet MDM", "takeOverFrom", "managedBy"].every((word) => fresh.text.includes(word));
      stage.check("the message names the holder and both ways out", named);
      const { mdmInfo } = await stage.library(stavanger);
      stage.check(
        "nothing has been written, the mark is theirs",
        (await stage.writes()) === 0 && mdmInfo?.name === "Fleet MDM",
      );
      await stage.quietly("stack", "select", "demo");
    },
  },
  {
    shows: "Destroy gives everything back that can be given back.",
    commands: "pulumi state unprotect --all --yes && pulumi destroy --yes",
    async run(stage) {
      await stage.quietly("state", "unprotect", "--all", "--yes");
      const { code, text } = await stage.pulumi(["destroy", "--yes"]);
      stage.check("the destroy succeeds", code === 0);
      const { mdmInfo, assets, assignments, users } = await stage.library();
      const ours = new Set([...devicesOf(stage), ...peopleOf(stage)]);
      const left = assignments.filter(({ serialNumber, clientUserId }) => ours.has(serialNumber ?? clientUserId ?? ""));
      stage.check(
        "all our licences are free again, but for the book's",
        left.every(({ adamId }) => adamId === book),
      );
      stage.check("it says that the book stays with its readers", /can't be revoked/.test(text));
      stage.check(
        "the 6 devices of before keep Deck Log",
        assets.find(({ adamId }) => adamId === deckLog)?.assignedCount === 6,
      );
      const active = users.filter(({ status }) => status !== "Retired").map(({ clientUserId }) => clientUserId);
      stage.check(
        "the people we registered are retired, the others are not",
        active.length === 3 && !active.some((id) => ours.has(id)),
      );
      stage.check("our mark is released", mdmInfo !== null && isReleased(await stage.library()));
    },
  },
];

function refuses({ code, text }: { code: number; text: string }, errorCode: string): boolean {
  return code !== 0 && text.includes(errorCode);
}

/** What comes before the first step: a stack, and the one setting of the demo. */
export async function prepare(stage: Stage): Promise<void> {
  await stage.quietly("stack", "init", "demo");
  await stage.quietly("config", "set", "exclusiveMacApps", "true");
  const found = await stage.library();
  if (found.mdmInfo !== null) throw new StepFailed("the demo's library should be nobody's at first");
}
