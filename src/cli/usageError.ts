/** A wrong command line: exit code 2 and a hint, where bad data is exit code 1. */
export class UsageError extends Error {}
