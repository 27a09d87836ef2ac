import { Refusal } from "../core/errors";
import type { Library } from "../core/library";
import type { ContentToken } from "../core/tokens";
import type { World } from "../core/world";

/**
 * Finds the token a request bears. The order of the checks is the one of the service as far as it is known: the form
 * of the header, then whether the token is known, revoked, expired.
 */
export function authenticate(world: World, authorization: string | undefined): ContentToken {
  const { readings } = world.settings;
  if (authorization === undefined) {
    throw readings["missing-header"] === "9722" ? malformed(world) : new Refusal(9601);
  }
  const text = bearerOf(authorization);
  if (text === undefined) {
    throw malformed(world);
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

/** The library of the token a header bears, whatever the state of the token; nothing for a token nobody issued. */
export function libraryOfBearer(world: World, authorization: string | undefined): Library | undefined {
  const text = authorization === undefined ? undefined : bearerOf(authorization);
  return text === undefined ? undefined : world.tokens.find(text)?.library;
}

function malformed(world: World): Refusal {
  return new Refusal(9722, { status: Number(world.settings.readings["9722-status"]) });
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
}
