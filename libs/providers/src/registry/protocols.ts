/** Protocols of the addresses of vendors that use only HTTP. */
export const HTTP = ['http', 'https'] as const;
/** Protocols of the addresses of vendors that also use WebSockets. Both forms are accepted. */
export const HTTP_OR_SOCKET = ['http', 'https', 'ws', 'wss'] as const;
