/** Starts a server on a port (0: any that is free) for a folder, by default the built site. */
export function serveSite(port?: number, folder?: string): Promise<{ readonly url: string; close(): Promise<void> }>;
