/**
 * Loaded into a server before its own code (`node --import`). A request to the model that contains one of these sentences makes an error that
 * nothing catches, as a fault in the server would; the signal SIGUSR2 makes one that belongs to no conversation.
 */
const original = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const body = typeof init?.body === 'string' ? init.body : '';
  if (body.includes('throw in a timer')) setTimeout(fail, 1);
  if (body.includes('reject without a handler')) void Promise.reject(new TypeError('provoked by a test'));
  return original(input, init);
};
process.on('SIGUSR2', () => setImmediate(fail));

function fail() {
  throw new TypeError('provoked by a test');
}
