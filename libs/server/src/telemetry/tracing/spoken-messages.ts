/** A message in the form of OpenTelemetry's attributes for the input and output of models, which is JSON. */
export const message = (role: 'user' | 'assistant', content: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
