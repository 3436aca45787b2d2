/** What goes over the wire: types, codecs and constants. The server's checks of what clients send are in `@parley/protocol/validation`. */
export * from './wire';
