import { isVppError } from "../../../errors";
import type { Library, WireUser } from "../library";

/** Where an address has the code; the documentation writes it encoded. */
const placeholder = /%(?:25)?inviteCode%(?:25)?/gi;

/**
 * Where people accept their invitations: an address for each who has not accepted yet. People may have been registered by now, so addresses
 * that can't be had are left out, and end no run. Without a place for the code all people would be sent to the same address, so none is given.
 */
export async function invitations(library: Library): Promise<(user: WireUser) => string | undefined> {
  const template = await templateOf(library);
  return ({ status, inviteCode }) =>
    template && inviteCode && status === "Registered"
      ? template.replace(placeholder, () => encodeURIComponent(inviteCode))
      : undefined;
}

async function templateOf(library: Library): Promise<string | undefined> {
  try {
    const template = (await library.serviceConfig()).urls.invitationEmail;
    return template !== undefined && template.search(placeholder) >= 0 ? template : undefined;
  } catch (error) {
    if (!isVppError(error)) throw error;
    return undefined;
  }
}
