import { isVppError } from "../../../errors";
import type { Library, WireUser } from "../library";

/**
 * Where people accept their invitations: an address for each who has not accepted yet. People may have been registered by now, so addresses
 * that can't be had are left out, and end no run.
 */
export async function invitations(library: Library): Promise<(user: WireUser) => string | undefined> {
  const template = await templateOf(library);
  return ({ status, inviteCode }) =>
    template && inviteCode && status === "Registered"
      ? template.replace("%25inviteCode%25", encodeURIComponent(inviteCode))
      : undefined;
}

async function templateOf(library: Library): Promise<string | undefined> {
  try {
    return (await library.serviceConfig()).urls.invitationEmail;
  } catch (error) {
    if (!isVppError(error)) throw error;
    return undefined;
  }
}
