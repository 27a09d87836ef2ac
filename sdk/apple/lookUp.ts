import * as pulumi from "@pulumi/pulumi";
import type { Wherein } from "../../inventory/found";
import type { LookUps } from "../../inventory/lookUps";
import type { VppErrorCode } from "../../provider/errors";
import { type TokenReference, toTokenInput } from "./tokenRef";
import { VppToken } from "./vppToken";

/** A library bound elsewhere, with plain values: the outputs of a VppToken as a program has them after they became known. */
export interface PlainTokenReference {
  /** The library's id; a content token of another library is refused. */
  libraryId: string;
  /** The key under which this stack's environment or configuration holds the content token. */
  contentTokenKey: string;
  /** The id of the mark that the library bears. */
  bindingId: string;
  /** The other service's id, if the VppToken has `managedBy`. */
  managedBy?: string;
}

/** How a plain look-up names its library: by a content token's key, a VppToken with a plain key, or a reference. */
export type LookUpToken = string | VppToken | PlainTokenReference;

/** How a look-up in its Output form names its library. */
export type LookUpTokenInput = VppToken | TokenReference | pulumi.Input<string>;

/** A look-up that failed. Pulumi ends the program with the message alone, which says what to do; match on `code`, never on the text. */
export class VppLookUpError extends pulumi.RunError {
  /** The same codes as those of the resources' errors. */
  readonly code: VppErrorCode;

  /** @internal */
  constructor(message: string, code: VppErrorCode) {
    super(message);
    this.name = "VppLookUpError";
    this.code = code;
  }
}

/** What is left of a look-up's arguments once its token is known: the library, and the filters that are given. */
type Asked = { readonly token: Wherein } & Readonly<Record<string, unknown>>;
type Answer<R> = (lookUps: LookUps, asked: never) => Promise<R>;

const perRun = new WeakMap<object, Promise<LookUps>>();
const noMonitor = {};

/**
 * The look-ups of the run that is going on, which share what they read: one for each run, since inline programs of the Automation API share a
 * process. Their code is loaded when the first is made, so that programs without any don't wait for it.
 */
function currentLookUps(): Promise<LookUps> {
  const run = pulumi.runtime.getMonitor() ?? noMonitor;
  const config = new pulumi.Config("vpp");
  const lookUps =
    perRun.get(run) ??
    import("../../inventory/lookUps").then(
      (inventory) =>
        new inventory.LookUps({
          config: (key) => config.get(key.replace(/^vpp:/, "")),
          note: (line) => void pulumi.log.info(line),
        }),
    );
  perRun.set(run, lookUps);
  return lookUps;
}

/**
 * Answers a look-up whose arguments are plain.
 *
 * @internal
 */
export function lookUp<R>(name: string, args: { readonly token?: LookUpToken }, answer: Answer<R>): Promise<R> {
  const { token = "default", ...filters } = args;
  if (!(token instanceof VppToken)) return ask(currentLookUps(), { ...filters, token: whereinOf(token) }, answer);
  if (!pulumi.Output.isInstance(token.keyGiven))
    return Promise.resolve(token.keyGiven).then((key) =>
      ask(currentLookUps(), { ...filters, token: { contentTokenKey: key } }, answer),
    );
  const why = `${name}: nothing was read: the contentTokenKey of this VppToken is an output (VPP_INPUT_INVALID).`;
  return Promise.reject(new VppLookUpError(`${why} Use ${name}Output, which waits for it.`, "VPP_INPUT_INVALID"));
}

/**
 * Answers a look-up whose arguments may be outputs; where one is unknown in a preview, so is the answer.
 *
 * @internal
 */
export function lookUpOutput<R>(args: { readonly token?: LookUpTokenInput }, answer: Answer<R>): pulumi.Output<R> {
  const { token = "default", ...filters } = args;
  const lookUps = currentLookUps();
  const known = pulumi.output({ ...filters, token: token instanceof VppToken ? toTokenInput(token) : token });
  const found: pulumi.Output<unknown> = known.apply((asked) =>
    ask(lookUps, { ...asked, token: whereinOf(asked.token as string | Wherein) }, answer),
  );
  return found as pulumi.Output<R>;
}

function whereinOf(token: string | Wherein): Wherein {
  return typeof token === "string" ? { contentTokenKey: token } : token;
}

async function ask<R>(lookUps: Promise<LookUps>, asked: Asked, answer: Answer<R>): Promise<R> {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  try {
    return await answer(await lookUps, given as never);
  } catch (error) {
    const { message, code } = error as { message: string; code?: unknown };
    throw typeof code === "string" && code.startsWith("VPP_")
      ? new VppLookUpError(message, code as VppErrorCode)
      : error;
  }
}
