import { readBaseUrl } from "../kit/base-url";
import { Control } from "../kit/control/control";
import { RequestLog } from "../kit/control/request-log";
import { type Listener, listen } from "../kit/listen";
import { withRows } from "../kit/rows";
import type { TlsFiles } from "../kit/server";
import { ACTIONS } from "./control/actions";
import type { ControlContext } from "./control/context";
import { Hooks } from "./control/hooks";
import { REQUEST_SCHEMAS } from "./control/request-schemas";
import { LISTS, type ListLags } from "./core/lag";
import { DEFAULT_LIMITS, type Limits, withLimits } from "./core/limits";
import { defaultReadings, type ReadingName, type Readings, withReadings } from "./core/readings";
import { writeTokenFile } from "./core/tokens";
import { DEFAULT_NOTIFICATIONS, type NotificationBehaviour, World } from "./core/world";
import { type OpenData, openData } from "./data/open";
import { Faults } from "./faults/faults";
import { runEvent } from "./faults/run-event";
import { buildLibraries } from "./library-file/build";
import { checkLibraryFile } from "./library-file/check";
import { DEFAULT_LIBRARY } from "./library-file/default-library";
import type { LibraryFile } from "./library-file/types";
import { Notifier } from "./notifications/notifier";
import { findLibrary } from "./samples/samples";
import { servedBy } from "./serve";
import { processEvent } from "./work/process";

/** How to start a simulator; everything can be left out. */
export interface SimulatorOptions {
  /** The TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 when left out. */
  readonly host?: string;
  /**
   * The libraries: the name of a sample, the path of a library file, or what such a file holds. A believable one when
   * left out.
   */
  readonly library?: string | LibraryFile;
  /**
   * A file in which everything is kept that clients were told, so that the next start goes on where this process ended
   * or was killed. It is made when it does not exist; when it does, `library` is not used. It holds content tokens.
   */
  readonly data?: string;
  /** What makes it serve HTTPS: certificate and key, as PEM. */
  readonly tls?: TlsFiles;
  /**
   * The address below which service/config gives addresses, when clients reach the simulator elsewhere than where it
   * listens: `http` or `https`, a host, and a path if there is one.
   */
  readonly baseUrl?: string;
  /**
   * Whether `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix` of a request say below which address its
   * answer gives addresses; they do not when left out.
   */
  readonly trustForwarded?: boolean;
  /** A file to which the first token of the first library is written, readable by its owner only. */
  readonly writeToken?: string;
  /** How long an accepted request waits before it is processed, in milliseconds; 20 when left out. */
  readonly eventDelayMs?: number;
  /** How many records a page holds; 1000 when left out. */
  readonly pageSize?: number;
  /** How long lists go on showing what was the case before a change, in milliseconds; not at all when left out. */
  readonly lagMs?: Partial<ListLags>;
  /** Limits that differ from the published ones; `null` takes one away. */
  readonly limits?: Readonly<Partial<Record<keyof Limits, number | null>>>;
  /** Whether open questions are answered in the way least forgiving to clients. */
  readonly strict?: boolean;
  /** Chosen answers to open questions, which go before `strict`. */
  readonly readings?: Readonly<Partial<Pick<Readings, ReadingName>>>;
  /** How notifications are sent, as far as it differs: tried again after 100 ms, 5 s for an answer, once, HTTPS only. */
  readonly notifications?: Partial<NotificationBehaviour>;
  /** Certificates (PEM) that are trusted for receivers of notifications beside those the machine trusts. */
  readonly receiverCa?: string;
  /** Whether there is a control interface; there is one when left out. */
  readonly control?: boolean;
}

/** A running simulator. */
export interface Simulator {
  /** Where it listens, such as `http://127.0.0.1:49152`; the service's paths are below `/mdm/v2`. */
  readonly url: string;
  readonly port: number;
  /** Where the libraries came from: the data file that was found, or the `library` of the options (or the default). */
  readonly librariesFrom: "data" | "library";
  /**
   * Does what a request to `/_control/NAME` does, also when the interface is switched off.
   *
   * @throws Error with the reason in plain words when it cannot be done.
   */
  control(method: "GET" | "POST" | "DELETE", name: string, input?: object): Promise<unknown>;
  /** The credential of a library (the first when left out): the token of a name, or the first. A secret. */
  token(libraryId?: string, name?: string): string;
  /** Resolves once no event waits to be processed and all notifications were delivered or given up. */
  settled(): Promise<void>;
  /** Stops listening, drops all connections, and processes no further events. */
  close(): Promise<void>;
}

/**
 * Starts a simulator of the service on this machine.
 *
 * @throws RangeError for limits, readings or numbers that are not possible, LibraryFileError for a library file that
 * cannot be used, DataFileError for a data file that is in use or cannot be used, and the system's error when the port
 * is taken or the token file cannot be written.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const baseUrl = readBaseUrl(options.baseUrl);
  const { world, data } = await makeWorld(options);
  world.setLags(options.lagMs ?? {});
  const log = new RequestLog();
  const hooks = new Hooks();
  const faults = new Faults();
  const notifier = new Notifier(world, options.receiverCa);
  const control = new Control({ world, log, hooks, faults, notifier }, ACTIONS, REQUEST_SCHEMAS);
  hooks.perform = (path, input) => control.perform(path, input);
  world.beforeEvent = (library, event) => hooks.run(library, event);
  world.eventTrouble = (library, event) => faults.forEvent(library, event);
  world.runEvent = (...event) => runEvent(notifier, ...event);
  world.testNotification = (library, settings) => notifier.test(library, settings);
  const parts = { world, log, hooks, faults, control: options.control === false ? undefined : control };
  let listener: Listener;
  try {
    const { host, port, tls } = options;
    listener = await listen(servedBy(parts, baseUrl?.pathname ?? ""), {
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(tls !== undefined && { tls }),
    });
  } catch (error) {
    world.stop();
    notifier.stop();
    data?.close();
    throw error;
  }
  const { url, port } = listener;
  world.origin = baseUrl?.url ?? url;
  world.trustsForwarded = options.trustForwarded === true;
  const close = async () => {
    world.stop();
    notifier.stop();
    await listener.close();
    data?.close();
  };
  try {
    await writeFirstToken(world, options.writeToken);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    port,
    librariesFrom: data?.found === true ? "data" : "library",
    control: async (method, name, input) => {
      try {
        return await runControl(control, method, name, input);
      } finally {
        world.commit();
      }
    },
    token: (libraryId, name) => findToken(world, libraryId, name).reveal(),
    settled: async () => {
      await Promise.all(world.libraries().map((library) => library.events.settled()));
      await notifier.settled();
    },
    close,
  };
}

async function makeWorld(options: SimulatorOptions): Promise<{ world: World; data: OpenData | undefined }> {
  requireWhole("eventDelayMs", options.eventDelayMs, 0);
  requireWhole("pageSize", options.pageSize, 1);
  for (const list of LISTS) {
    requireWhole(`lagMs.${list}`, options.lagMs?.[list], 0);
  }
  const world = new World(
    {
      eventDelayMs: options.eventDelayMs ?? 20,
      pageSize: options.pageSize ?? 1000,
      limits: withLimits(DEFAULT_LIMITS, options.limits ?? {}),
      enforcedLimits: {},
      lagMs: { assets: 0, assignments: 0, users: 0 },
      readings: withReadings(defaultReadings(options.strict), options.readings ?? {}),
      notifications: { ...DEFAULT_NOTIFICATIONS, ...options.notifications },
    },
    processEvent,
  );
  const { library = DEFAULT_LIBRARY, data: file } = options;
  const fill = async () => {
    buildLibraries(world, typeof library === "string" ? await findLibrary(library) : checkLibraryFile(library));
  };
  if (file !== undefined) {
    return { world, data: await openData({ file, world, fill }) };
  }
  await fill();
  return { world, data: undefined };
}

function requireWhole(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < least)) {
    throw new RangeError(`${name} must be a whole number from ${least}`);
  }
}

async function writeFirstToken(world: World, file: string | undefined): Promise<void> {
  if (file !== undefined) {
    await writeTokenFile(findToken(world), file);
  }
}

function findToken(world: World, libraryId?: string, name?: string) {
  const library = world.library(libraryId);
  const token = library && world.tokens.of(library).find((candidate) => name === undefined || candidate.name === name);
  if (token === undefined) {
    throw new Error("there is no such library or token");
  }
  return token;
}

async function runControl(
  control: Control<ControlContext>,
  method: string,
  name: string,
  input: object = {},
): Promise<unknown> {
  const { status, body } = await control.handle({
    method,
    name,
    query: input as Record<string, string>,
    text: method === "GET" ? "" : JSON.stringify(input),
  });
  if (status !== 200) {
    throw new Error((body as { error: string }).error);
  }
  return withRows(body);
}
