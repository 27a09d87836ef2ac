import { providerText } from "../../sdk/apple/providerText";
import type { Generator, PassOptions } from "../engine/generator";
import type { Registration } from "../engine/goal";
import { STACK_TYPE } from "../engine/resource";
import { fail, type Pass } from "../engine/steps";
import { makeSecret, type Properties } from "../engine/values";
import { exportOf } from "../support/hostProcess";
import { type ProgramProcess, setsBehind } from "./programProcess";
import { predecessor } from "./programs";

interface Registered {
  readonly urn: string;
  readonly object: Properties;
}

/** A resource's inputs, the resources from which they come, and those on which it depends besides. */
interface Made {
  readonly inputs: Properties;
  readonly from: Record<string, string[]>;
  readonly on?: readonly string[];
  readonly more?: Partial<Registration>;
}

const kindsOf = { token: "VppToken", app: "VppApp", set: "VppUserSet", assignment: "VppAssignment" } as const;

/**
 * Does what the SDK does in the user's program, without a program: registers every resource once what it needs is
 * there. Resolves when all is done or the pass has failed.
 */
export async function registerProgram(
  pass: Pass,
  options: PassOptions,
  generator: Generator,
  process: ProgramProcess,
): Promise<() => Promise<void>> {
  const { program } = process;
  const done = new Map<string, Promise<Registered>>();
  const register = async (goal: Partial<Registration> & Pick<Registration, "type" | "name">): Promise<Registered> => {
    const empty = { dependenciesList: [], propertydependenciesMap: [], aliasurnsList: [], aliasesList: [] };
    const more = {
      additionalsecretoutputsList: [],
      replaceonchangesList: [],
      deletebeforereplace: false,
      deletebeforereplacedefined: false,
    };
    return (await generator.register({
      custom: true,
      parent: "",
      ...empty,
      ...more,
      ...goal,
    })) as unknown as Registered;
  };
  const stack = register({ type: STACK_TYPE, name: `${options.project.name}-${options.stack}`, custom: false });
  const declare = (what: keyof typeof kindsOf, name: string, make: () => Promise<Made>): void => {
    done.set(
      name,
      (async () => {
        const parent = (await stack).urn;
        const { inputs, from, on = [], more = {} } = await make();
        const type = `pulumi-nodejs:dynamic/vpp:${kindsOf[what]}`;
        const object = {
          __provider: providerText(exportOf[kindsOf[what]]),
          ...inputs,
          plan: process.planInput(name),
        };
        const registered = await register({
          type,
          name,
          parent,
          object,
          dependenciesList: [...new Set([...Object.values(from).flat(), ...on])],
          propertydependenciesMap: Object.entries(from).map(([key, urnsList]) => [key, { urnsList }]),
          ...more,
        });
        process.noteRecorded(name);
        return registered;
      })(),
    );
  };
  const tokenInput = async (name: string): Promise<[Properties, string]> => {
    const { urn, object } = await done.get(name)!;
    const { libraryId = null, contentTokenKey = null, bindingId = null } = object;
    const managedBy = program.tokens.find((token) => token.name === name)?.managedBy;
    return [{ libraryId, contentTokenKey, bindingId, ...(managedBy !== undefined && { managedBy }) }, urn];
  };
  for (const { name, key, library: _, formerly, ...rest } of program.tokens)
    declare("token", name, async () => ({
      inputs: { contentTokenKey: key, ...plain(rest) },
      from: {},
      more: { aliasesList: aliasesOf(formerly) },
    }));
  for (const { name, token, adamId } of program.apps)
    declare("app", name, async () => {
      const [ref, urn] = await tokenInput(token);
      return { inputs: { token: ref, adamId, pricingParam: "STDQ" }, from: { token: [urn] } };
    });
  for (const { name, token, users, reclaim, maxRetirements, ignores = [] } of program.sets)
    declare("set", name, async () => {
      const [ref, urn] = await tokenInput(token);
      const inputs = { token: ref, users: makeSecret(users), reclaim, ...plain({ maxRetirements }) };
      const more = { additionalsecretoutputsList: ["members"], ignorechangesList: ignores };
      return { inputs, from: { token: [urn] }, more };
    });
  for (const assignment of program.assignments)
    declare("assignment", assignment.name, async () => {
      const [ref, urn] = await tokenInput(assignment.token);
      const sets = await Promise.all(setsBehind(program, assignment).map((name) => done.get(name)!));
      const before = predecessor(program, assignment);
      const earlier = before === undefined ? [] : [(await done.get(before)!).urn];
      const { apps, devices, people, intent, exclusive, reclaim, maxRevocations } = {
        ...assignment,
        ...assignment.engine,
      };
      const { formerly, ignores = [] } = assignment;
      const lists = plain({ serialNumbers: devices, clientUserIds: people, maxRevocations });
      const inputs = {
        token: ref,
        apps: apps.map((adamId) => ({ adamId, pricingParam: "STDQ" })),
        ...lists,
        intent,
        exclusive,
        reclaim,
      };
      const from = { token: [urn], ...(sets.length > 0 && { clientUserIds: sets.map((set) => set.urn) }) };
      return {
        inputs,
        from,
        on: earlier,
        more: { aliasesList: aliasesOf(formerly), ignorechangesList: ignores },
      };
    });
  try {
    await Promise.race([Promise.all([...done.values()]), pass.pool.whenCancelled]);
  } catch (error) {
    fail(pass, error as Error);
  }
  await pass.pool.idle();
  return async () => process.end();
}

function plain(values: Readonly<Record<string, unknown>>): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Properties;
}

function aliasesOf(name: string | undefined) {
  if (name === undefined) return [];
  const spec = { name, type: "", stack: "", project: "", parenturn: "", noparent: false };
  return [{ urn: "", spec }];
}
