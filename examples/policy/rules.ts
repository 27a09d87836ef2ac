/** What a rule looks at: a resource as the policy engine shows it, its inputs before and its outputs after. */
export interface Seen {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

const day = 86_400_000;
/** The total of an app of which there are any number. */
const unlimited = 2_147_483_647;

const isKind = ({ type }: Seen, kind: string): boolean => type === `pulumi-nodejs:dynamic/vpp:${kind}`;

/** Whether fewer than so many percent of an app's licences are free, and in what words. Books, and apps without a limit, are left out. */
export function tooFewFree(seen: Seen, percent: number): string | undefined {
  if (!isKind(seen, "VppApp")) return undefined;
  const { totalCount, availableCount, productType, displayName, adamId } = seen.props;
  if (typeof totalCount !== "number" || typeof availableCount !== "number") return undefined;
  if (totalCount === 0 || totalCount === unlimited || productType === "Book") return undefined;
  if (availableCount * 100 >= totalCount * percent) return undefined;
  const app = String(displayName ?? adamId);
  const wanted = Math.ceil((totalCount * percent) / 100) - availableCount;
  return `${app} has ${availableCount} of ${totalCount} licences free, less than ${percent} %. Buy or free ${wanted} more.`;
}

/** Whether an assignment may take licences from strangers without a number of its own for how many. */
export function brakeMissing(seen: Seen): string | undefined {
  if (!isKind(seen, "VppAssignment")) return undefined;
  const { exclusive, maxRevocations } = seen.props;
  if (exclusive !== true || typeof maxRevocations === "number") return undefined;
  return `${seen.name} is exclusive and has no maxRevocations. Say how many targets one run may take licences from.`;
}

/** Whether a content token is to be renewed now. */
export function renewalDue(seen: Seen, days: number, now: Date): string | undefined {
  if (!isKind(seen, "VppToken")) return undefined;
  const { expiresAt, status } = seen.props;
  if (status === "expired" || status === "revoked") return `The content token of ${seen.name} is ${status}. Renew it.`;
  if (typeof expiresAt !== "string") return undefined;
  const left = Math.ceil((Date.parse(expiresAt) - now.getTime()) / day);
  if (left >= days) return undefined;
  return `The content token of ${seen.name} runs out in ${left} days, on ${expiresAt.slice(0, 10)}. Renew it.`;
}
