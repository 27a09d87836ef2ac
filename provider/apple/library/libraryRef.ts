/** How a resource names its library: which one, which token opens it, and whose mark must be on it. */
export interface LibraryRef {
  readonly libraryId: string;
  readonly contentTokenKey: string;
  readonly bindingId: string;
  /** Another service's id whose mark is meant to be there in place of ours. */
  readonly managedBy?: string;
}
