import type { IncomingMessage } from 'node:http';

const MOST_CHARACTERS = 16_384;

/**
 * Returns the start of the body of a response as text, or the part that had arrived if the body breaks off. The size is limited here; the
 * caller limits the time by ending the request.
 */
export async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  try {
    response.setEncoding('utf8');
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length >= MOST_CHARACTERS) break;
    }
  } catch {
    // A refusal whose body breaks off is still a refusal with a known status.
  }
  return body.slice(0, MOST_CHARACTERS);
}
