/** As in package.json; a spec holds them together. */
export const VERSION = '0.1.0';
