/** The same version as in package.json, which a test verifies. */
export const VERSION = '0.1.0';
