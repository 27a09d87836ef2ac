import { Refusal } from "../core/errors";
import type { ContentToken } from "../core/tokens";
import type { World } from "../core/world";

/**
 * Finds the token a request bears. The order of the checks is the one of the service as far as it is known: the form
 * of the header, then whether the token is known, revoked, expired.
 */
export function authenticate(world: World, authorization: string | undefined): ContentToken {
  const { readings } = world.settings;
  if (authorization === undefined) {
    throw new Refusal(Number(readings["missing-header"]));
  }
  const text = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (text === undefined) {
    throw new Refusal(9722);
  }
  const token = world.tokens.find(text);
  if (token === undefined) {
    throw new Refusal(9622, { status: Number(readings["9622-status"]) });
  }
  if (token.revoked) {
    throw new Refusal(9625);
  }
  if (token.expiresAt <= world.clock.now()) {
    throw new Refusal(9621);
  }
  return token;
}
