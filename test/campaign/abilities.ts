/** Whether the provider hears that the user has cancelled the run: then it sends nothing more. */
export const hearsCancel = false;
