import type { IncomingMessage } from 'node:http';

const MOST_CHARACTERS = 16_384;

/** The start of a response's body as text; what had arrived if it breaks off. Bounded in size; its caller bounds the time by ending the request. */
export async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  try {
    response.setEncoding('utf8');
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length >= MOST_CHARACTERS) break;
    }
  } catch {
    // A refusal that breaks off is still a refusal: its status is known.
  }
  return body.slice(0, MOST_CHARACTERS);
}
