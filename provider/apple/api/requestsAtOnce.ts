/** Apple wants few large requests rather than many at once. They are sent one after another, and so many may be worked on at a time. */
export const requestsAtOnce = 4;
