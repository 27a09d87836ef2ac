import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import {
  type HttpAnswer,
  type HttpRequest,
  type Transport,
  undiciTransport,
} from "../../../../provider/http/transport";
import { assertCleanText, assertPlain } from "../../../support/clean";
import { assignmentLine, tokenLine, userSetLine } from "../../../support/hostPlan";
import type { Data } from "../../../support/hostProcess";
import { type Declared, type Done, InProcessStack } from "../../../support/inProcess";
import { type Spoiling, spoil, spoiling } from "../../../support/mangle";
import { runs } from "../../../support/runs";
import { serials, smallLibrary, World } from "../../../support/world";

const keynote = { adamId: "361285480", pricingParam: "STDQ" };
const dockscan = { adamId: "409183694", pricingParam: "STDQ" };
const stranger = "STRANGER0001";
/** What one call may take, whatever the service says. */
const longestCallMs = 20_000;

/** Which answers are spoilt, and how. */
interface Trouble {
  readonly path: string;
  /** Which answer of that path is the first one. */
  readonly from: number;
  /** How many of them, from there on. */
  readonly times: number;
  readonly spoiling: Spoiling;
}

const paths = ["service/config", "client/config", "assets", "assignments", "users", "status", "lookup"];
const writes = ["assets/associate", "assets/disassociate", "users/create", "users/update", "users/retire"];

const trouble: fc.Arbitrary<Trouble> = fc.record({
  path: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...paths) },
    { weight: 1, arbitrary: fc.constantFrom(...writes) },
  ),
  from: fc.nat({ max: 12 }),
  times: fc.constantFrom(1, 1, 2, 1000),
  spoiling,
});

/** A service whose answers can be spoilt on their way. */
class SpoiltService {
  private readonly seen = new Map<string, number>();
  private readonly real = undiciTransport({ timeoutMs: 10_000 });
  troubles: readonly Trouble[] = [];
  /** Of the call that is going on: what could not be read before it wrote anything, and whether it has. */
  private call = { broken: new Set<string>(), wrote: false };
  readonly faults: string[] = [];

  /** A new call begins: what was read for the last one is no ground for this one's writes. */
  begin(): void {
    this.call = { broken: new Set(), wrote: false };
  }

  readonly transport: Transport = async (request: HttpRequest): Promise<HttpAnswer> => {
    const path = pathOf(request.url);
    // A call that has ended can have left requests behind; they count for it and for no other.
    const { call } = this;
    if (request.method === "POST") {
      if (call.broken.size > 0)
        this.faults.push(`${path} was sent although ${[...call.broken].join()} could not be read`);
      call.wrote = true;
    }
    const answer = await this.real(request);
    const count = this.seen.get(path) ?? 0;
    this.seen.set(path, count + 1);
    const hit = this.troubles.find(
      (each) => each.path === path && count >= each.from && count < each.from + each.times,
    );
    if (request.method === "GET") call.broken.delete(path);
    if (hit === undefined || !answer.text) return answer;
    const { text, breaksType } = spoil(answer.text, hit.spoiling);
    const counts = breaksType && request.method === "GET" && !["status", "lookup", "service/config"].includes(path);
    if (counts && !call.wrote) call.broken.add(path);
    return { ...answer, text };
  };
}

/** An answer in due form that says what is not so can leave a licence behind that nobody knows of any more; others must not. */
function isNoLie({ spoiling: { how, ...rest } }: Trouble): boolean {
  const isOfAnotherKind = "value" in rest && typeof rest.value === "object" && rest.value !== null;
  return ["body", "cut", "deepen"].includes(how) || (how === "replace" && isOfAnotherKind);
}

function pathOf(url: string): string {
  const { pathname } = new URL(url);
  return /\/mdm\/v2\/(.*)$/.exec(pathname)?.[1] ?? "lookup";
}

const people = (...ids: string[]): Data[] => ids.map((id) => ({ clientUserId: id, email: `${id}@contoso.example` }));

/** A program in two versions; the second one shrinks, grows and changes the first. */
function program(version: 1 | 2, token: Data): [string, Declared][] {
  const isFirst = version === 1;
  const users = isFirst ? people("ada", "bob", "cyd") : people("ada", "bob", "dan");
  const kiosk = {
    token,
    apps: isFirst ? [keynote, dockscan] : [keynote],
    serialNumbers: serials(4, isFirst ? 0 : 2),
    clientUserIds: ["ada", "bob"],
    intent: "required",
    exclusive: false,
    reclaim: true,
  };
  return [
    ["hq", ["VppToken", { contentTokenKey: "default" }]],
    ["keynote", ["VppApp", { token, ...keynote, minimumAvailable: isFirst ? 1 : 2 }]],
    ["sales", ["VppUserSet", { token, users, reclaim: true }]],
    ["kiosk", ["VppAssignment", kiosk]],
  ];
}

function planOf(version: 1 | 2): Parameters<InProcessStack["begin"]> {
  const [, , [, [, sales]], [, [, kiosk]]] = program(version, {}) as [
    unknown,
    unknown,
    [string, Declared],
    [string, Declared],
  ];
  const { apps, serialNumbers, clientUserIds } = kiosk as Record<string, string[]> & { apps: (typeof keynote)[] };
  return [
    tokenLine("hq"),
    userSetLine(
      "sales",
      (sales.users as { clientUserId: string }[]).map(({ clientUserId }) => clientUserId),
    ),
    assignmentLine("kiosk", {
      apps: apps.map(({ adamId, pricingParam }) => [adamId, pricingParam] as const),
      serialNumbers,
      clientUserIds,
      sets: ["sales"],
    }),
  ];
}

describe("provider", () => {
  describe("against a service whose answers are spoilt", () => {
    it("fails in plain words or works right, hangs never, writes nothing on what it could not read, and converges", async () => {
      await fc.assert(fc.asyncProperty(fc.array(trouble, { minLength: 1, maxLength: 3 }), live), runs(60));
    }).timeout(0);
  });
});

/** One life of a stack under trouble: up, an edit, refresh, then a run in peace, and destroy. */
async function live(troubles: readonly Trouble[]): Promise<void> {
  const world = await World.start([smallLibrary()], { eventDelayMs: 0, pageSize: 3 });
  const service = new SpoiltService();
  const stack = new InProcessStack({ env: world.env, transport: service.transport });
  const token = readFileSync(world.tokenFile, "utf8").trim();
  const call = async (work: Promise<Done>): Promise<boolean> => {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error("a call hangs")), longestCallMs).unref();
    });
    const { ok, texts } = await Promise.race([work, late]);
    for (const text of texts) assertCleanText(text, [token, token.slice(0, 40)]);
    for (const { id, outputs } of stack.state.values()) assertPlain({ id, outputs });
    assert.deepEqual(service.faults, []);
    service.begin();
    return ok;
  };
  const up = async (version: 1 | 2): Promise<boolean> => {
    stack.begin(...planOf(version));
    let ok = true;
    for (const [name] of program(version, {})) {
      const ref = stack.ref("hq");
      if (name !== "hq" && ref === undefined) return false;
      const [, declared] = program(version, ref ?? {}).find(([each]) => each === name)!;
      ok = (await call(stack.apply(name, declared))) && ok;
    }
    return ok;
  };
  try {
    await world.act("assignments", { action: "assign", assets: [keynote], serialNumbers: [stranger] });
    service.troubles = troubles;
    await up(1);
    await up(2);
    stack.begin();
    for (const name of [...stack.state.keys()]) await call(stack.refresh(name));
    service.troubles = [];
    // A spoilt answer may have named another library in all form; then the state is bound to it, and that is refused for good.
    const truth = await world.truth();
    if ([undefined, truth.libraryId].includes(stack.ref("hq")?.libraryId as string | undefined)) {
      await up(2);
      assert.ok(await up(2), "it does not converge");
      const holders = await world.holders(keynote.adamId);
      const wanted = [...serials(4, 2), stranger, "ada", "bob"].sort();
      if (troubles.every(isNoLie)) assert.deepEqual(holders, wanted);
      else for (const each of wanted) assert.ok(holders.includes(each), `${each} has no licence`);
    }
    for (const name of [...stack.state.keys()].reverse()) {
      stack.begin();
      await call(stack.remove(name));
    }
    assert.ok((await world.holders(keynote.adamId)).includes(stranger), "a stranger's licence was taken");
  } finally {
    stack.end();
    await world.close();
  }
}
