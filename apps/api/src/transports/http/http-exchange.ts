import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is used here of a request of Express. */
export interface HttpRequest extends IncomingMessage {
  readonly method: string;
  readonly originalUrl: string;
  readonly protocol: string;
  /** The best of these types for the client; false if it takes none. */
  accepts(types: readonly string[]): string | false;
}

/** What is used here of an answer of Express. */
export interface HttpResponse extends ServerResponse {
  status(code: number): this;
  set(headers: Readonly<Record<string, string>>): this;
  json(body: unknown): this;
  send(body: string): this;
  location(address: string): this;
  links(links: Readonly<Record<string, string>>): this;
  /** With ranges, an ETag and conditional requests. The path is below `root`. */
  sendFile(
    path: string,
    options: { root: string; headers: Readonly<Record<string, string>>; cacheControl: boolean },
    done: (error: Error | undefined) => void,
  ): void;
}
