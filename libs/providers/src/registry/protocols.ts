/** Of the addresses of vendors that are reached over HTTP only. */
export const HTTP = ['http', 'https'] as const;
/** Of the addresses of vendors that are reached over WebSockets, too: either form is taken. */
export const HTTP_OR_SOCKET = ['http', 'https', 'ws', 'wss'] as const;
