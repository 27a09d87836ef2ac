/** The module beside which a provider is loaded: one that holds nothing. */
export const vppToken = {};
