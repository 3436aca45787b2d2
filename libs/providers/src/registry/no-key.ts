/** The API key that is sent to servers that use a vendor's protocol but require no key. They still get the header. */
export const NO_KEY = 'not-needed';
