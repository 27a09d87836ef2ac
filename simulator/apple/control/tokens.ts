import { ControlError } from "../../kit/control/error";
import type { Library } from "../core/library";
import { type ContentToken, TOKEN_LIFETIME_MS, writeTokenFile } from "../core/tokens";
import type { World } from "../core/world";
import { type LibraryBody, libraryOf } from "./bodies";
import type { ControlContext } from "./context";

/** The body of POST tokens. */
export interface TokensBody extends LibraryBody {
  readonly action: "issue" | "renew" | "revoke" | "expire";
  readonly name?: string;
  readonly fingerprint?: string;
  /** A moment in ISO 8601. */
  readonly expiresAt?: string;
  /** Where a new token is written; given whenever one is issued. */
  readonly file?: string;
}

/**
 * POST tokens: issues a token into a file, or revokes or expires tokens. Whoever renews a token issues one that revokes
 * all others of the library. A token's text is never in the answer.
 */
export async function controlTokens({ world }: ControlContext, body: TokensBody): Promise<object> {
  const library = libraryOf(world, body);
  const { action, file } = body;
  if (action === "issue" || action === "renew") {
    return issue(world, library, { ...body, file: file! });
  }
  const expiresAt = body.expiresAt === undefined ? world.clock.now() : Date.parse(body.expiresAt);
  const chosen = choose(world, library, body);
  for (const token of chosen) {
    if (action === "revoke") {
      world.tokens.revoke(token);
    } else {
      world.tokens.setExpiry(token, expiresAt);
    }
  }
  return { tokens: chosen.map((token) => tokenRow(token, world.clock.now())) };
}

/** What may be told about a token. */
export function tokenRow(token: ContentToken, now: number): object {
  return {
    name: token.name,
    fingerprint: token.fingerprint,
    status: token.revoked ? "revoked" : token.expiresAt <= now ? "expired" : "active",
    expiresAt: new Date(token.expiresAt).toISOString(),
    ...(token.readOnly && { access: "read-only" }),
  };
}

/** The first name of the form "token-2" no token of the library bears. */
export function freeTokenName(world: World, library: Library): string {
  const names = new Set(world.tokens.of(library).map((token) => token.name));
  let number = names.size + 1;
  while (names.has(`token-${number}`)) {
    number += 1;
  }
  return `token-${number}`;
}

async function issue(world: World, library: Library, body: TokensBody & { readonly file: string }): Promise<object> {
  const { file, name = freeTokenName(world, library) } = body;
  const expiresAt = body.expiresAt === undefined ? world.clock.now() + TOKEN_LIFETIME_MS : Date.parse(body.expiresAt);
  if (world.tokens.of(library).some((token) => token.name === name)) {
    throw new ControlError(400, `the library already has a token named "${name}"`);
  }
  const older = body.action === "renew" ? world.tokens.of(library).filter((token) => !token.revoked) : [];
  const token = world.tokens.issue(library, { name, expiresAt });
  try {
    await writeTokenFile(token, file);
  } catch (error) {
    world.tokens.revoke(token);
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new ControlError(400, `the token could not be written to ${file} (${reason})`);
  }
  for (const each of older) {
    world.tokens.revoke(each);
  }
  return { ...tokenRow(token, world.clock.now()), file };
}

function choose(world: World, library: Library, { name, fingerprint }: TokensBody): ContentToken[] {
  const chosen = world.tokens
    .of(library)
    .filter((token) => name === undefined || token.name === name)
    .filter((token) => fingerprint === undefined || token.fingerprint === fingerprint);
  if (chosen.length === 0) {
    throw new ControlError(400, "the library has no such token");
  }
  return chosen;
}
