/** What a new token is made from. */
export interface TokenInput {
  readonly name: string;
  /** In milliseconds of the simulator's time. */
  readonly expiresAt: number;
  readonly readOnly?: boolean;
}

/** What makes the same token again. It holds the credential: whoever keeps it must keep it secret. */
export interface TokenRecord extends TokenInput {
  readonly text: string;
  readonly revoked: boolean;
}
