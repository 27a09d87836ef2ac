import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ended, Quickstart } from "../../demo/quickstart";
import { engines } from "../support/engines";
import { essence, KillService } from "../support/killService";

const all = process.env.VPP_KILLS === "all";
/** Each operation, and the requests at which its engine is killed: one in the middle, or with `VPP_KILLS=all` every one. */
const operations = all ? (["first up", "edit", "destroy"] as const) : (["first up", "destroy"] as const);
type Operation = (typeof operations)[number];

/** The engine of the tests alone: what is killed is the engine's process, and the CLI costs three times as much. */
const [engine] = engines().filter(({ name }) => name.includes("local"));

(engine ? describe : describe.skip)("a kill of the engine at a request of the quickstart", function () {
  this.timeout(0);
  let service: KillService;
  let quickstart: Quickstart;
  const undisturbed = new Map<Operation, { readonly requests: number; readonly truth: object }>();

  const parts = ["backend", "Pulumi.dev.yaml", "examples/quickstart/devices.csv", "examples/quickstart/people.csv"];
  const copy = (from: string, to: string): void => {
    for (const part of parts) {
      rmSync(join(to, part), { recursive: true, force: true });
      cpSync(join(from, part), join(to, part), { recursive: true });
    }
  };

  /** Five devices and two people fewer than the lists have, and a device and a person more. */
  function edit(): void {
    const change = (file: string, fewer: number, more: (last: string) => string): void => {
      const path = join(quickstart.program, file);
      const [head, ...rows] = readFileSync(path, "utf8").trim().split("\n");
      const kept = rows.slice(fewer);
      writeFileSync(path, `${[head, ...kept, more(kept.at(-1)!)].join("\n")}\n`);
    };
    change("devices.csv", 5, (last) => last.replace(/^[^,]*/, "F9FW000001"));
    change("people.csv", 2, () => "newcomer,newcomer@brackwater.example,");
  }

  async function run(...args: string[]): Promise<Ended> {
    const ended = await quickstart.pulumi(args);
    assert.equal(ended.code, 0, `pulumi ${args.join(" ")} failed:\n${ended.text}`);
    return ended;
  }

  const words = (operation: Operation): string[] => [
    operation === "destroy" ? "destroy" : "up",
    "--yes",
    "--skip-preview",
  ];

  before(async () => {
    service = await KillService.start();
    quickstart = new Quickstart(engine!, service.env);
    await run("stack", "init", "dev");
    for (const operation of operations) {
      if (operation === "edit") edit();
      // The example protects its VppToken.
      if (operation === "destroy") await run("state", "unprotect", "--all", "--yes");
      service.save(operation);
      copy(quickstart.folder, service.path(`stack ${operation}`));
      service.gateway.forget();
      await run(...words(operation));
      undisturbed.set(operation, { requests: service.gateway.passed.length, truth: essence(await service.truth()) });
    }
  });

  after(async () => {
    quickstart.dispose();
    await service.close();
  });

  /** Kills the engine alone, when the service has done what a request asks for; the host goes on with the call that is running. */
  async function disturb(operation: Operation, number: number): Promise<void> {
    await service.restore(operation, false);
    copy(service.path(`stack ${operation}`), quickstart.folder);
    let wasKilled = false;
    service.gateway.at = async (moment, count) => {
      if (!wasKilled && moment === "answered" && count === number) {
        wasKilled = true;
        quickstart.stop("SIGKILL");
      }
      return undefined;
    };
    await quickstart.pulumi(words(operation));
    if (wasKilled) await run("cancel", "--yes");
    await run(...words(operation));
    assert.deepEqual(essence(await service.truth()), undisturbed.get(operation)!.truth);
    if (operation !== "destroy") await run("preview", "--expect-no-changes");
  }

  for (const operation of operations) {
    it(`is made good by the same command, when it comes in the ${operation}`, async () => {
      const { requests } = undisturbed.get(operation)!;
      const numbers = all ? Array.from({ length: requests }, (_, index) => index + 1) : [Math.ceil(requests / 2)];
      const faults: string[] = [];
      for (const number of numbers) {
        await disturb(operation, number).catch((error: unknown) =>
          faults.push(`request ${number} of ${requests}: ${String(error)}`),
        );
      }
      if (all) console.log(`      ${numbers.length} requests`);
      assert.deepEqual(faults, []);
    });
  }
});
