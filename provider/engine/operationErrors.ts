import { debuglog } from "node:util";
import { describeFailure, InitFailedError, isVppError, VppError } from "../errors";
import { redact, withoutSecrets, withoutSecretsByLine } from "../redact";
import { type Context, InputFaults } from "./kind";
import { withName } from "./stateName";

const debug = debuglog("pulumi-vpp");

type Properties = Record<string, unknown>;

/** Failures that may never pass: the token is dead or gone, the library is another's, the service refuses. */
const lasting = /^VPP_(AUTH|CONFIG_TOKEN|SERVICE_PARTIAL|SERVICE_ERROR)/;

/** A resource that can't be deleted and will never be can still be let go, at a price that the message names. */
export function withWayOut(error: unknown, leftBehind: string | undefined): unknown {
  if (leftBehind === undefined || !isVppError(error) || !lasting.test(error.code)) return error;
  const wayOut = `If that is not possible any more, let it go with \`pulumi state delete\`: ${leftBehind}.`;
  const remedy = [error.details.remedy, wayOut].filter(Boolean).join(" ");
  return new VppError(error.code, error.reason, { ...error.details, remedy });
}

/** A check failure's reasons. The engine puts the resource's name before them. */
export function reasonsOf(error: unknown): string[] {
  if (error instanceof InputFaults) return error.reasons.map((reason) => `${reason} (VPP_INPUT_INVALID)`);
  const vpp = isVppError(error) ? error : unexpected(error);
  return [describeFailure("", "", vpp).replace(/^: : /, "")];
}

/** Runs an operation; whatever it throws reaches the user as one sentence, without a stack. */
export async function expected<T>(
  context: Context,
  what: string,
  operation: () => Promise<T>,
  inputs: Properties = {},
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    context.run.hasFailed = true;
    if (error instanceof InitFailedError) {
      // The host adds the provider's text to every result but this one, and without it nobody could read or delete the resource.
      const { __provider } = inputs;
      const properties = {
        ...error.properties,
        ...(__provider !== undefined && withName({ __provider }, context.name)),
      };
      const failure = new InitFailedError(error.id, properties, error.reasons);
      failure.message = withoutSecrets(`${context.subject}: only a part was done: ${error.reasons.join(" ")}`);
      throw failure;
    }
    throw new UserFacingError(
      context.subject,
      describeFailure(context.subject, what, isVppError(error) ? error : unexpected(error)),
    );
  }
}

/** An error whose text is all that is shown: the host prints name and stack as well, so they say nothing more. */
class UserFacingError extends Error {
  constructor(
    private readonly subject: string,
    message: string,
  ) {
    super(message);
    this.stack = message.slice(withoutSecrets(subject).length + 2);
  }

  override toString(): string {
    return withoutSecrets(this.subject);
  }
}

function unexpected(error: unknown): VppError {
  debug("%s", withoutSecretsByLine(String(error instanceof Error ? error.stack : error)));
  const why = redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return new VppError("VPP_BUG_UNEXPECTED", `the provider failed in a way that it should not: ${why}`, {
    remedy: "Please report this with the output of the same command under NODE_DEBUG=pulumi-vpp.",
  });
}
