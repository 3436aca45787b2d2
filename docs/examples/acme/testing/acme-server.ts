import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ContractFailure, WantedCall } from '@parley/testing/contracts';

/** What a request asked for. */
export interface AcmeRequest {
  key: string | undefined;
  body: { model: string; messages: { role: string; content: string }[]; max_tokens: number; tools?: object[] };
}

/** Acme on this machine: says one reply, a word at a time, and fails as it is told to. */
export class AcmeServer {
  readonly requests: AcmeRequest[] = [];
  reply = 'It is ten past nine.';
  /** The tools that it calls after the reply, where tools are offered. */
  calls: readonly WantedCall[] = [];
  openWork = 0;
  wordsSaid = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  /** A failure that passes strikes the first request only. */
  constructor(private failure?: ContractFailure) {}

  /** Its address. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { failure } = this;
    this.openWork += 1;
    response.on('close', () => void (this.openWork -= 1));
    const parts: string[] = [];
    for await (const part of request.setEncoding('utf8')) parts.push(String(part));
    const body = JSON.parse(parts.join('')) as AcmeRequest['body'];
    this.requests.push({ key: request.headers.authorization, body });
    if (failure === 'auth') return void response.writeHead(401).end();
    if (failure === 'rate_limited') return void response.writeHead(429).end();
    this.failure = undefined;
    if (failure === 'stall') return;
    await this.#speak(response, failure, body.tools && body.messages.at(-1)?.role !== 'tool' ? this.calls : []);
  }

  async #speak(response: ServerResponse, failure: ContractFailure | undefined, calls: readonly WantedCall[]): Promise<void> {
    for (const text of this.reply.match(/\S+\s*/g) ?? []) {
      if (response.destroyed) return;
      this.wordsSaid += 1;
      response.write(`${JSON.stringify({ text })}\n`);
      // As long as it takes for the word to go out and for the listener to hang up.
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (failure === 'drop') return void response.destroy();
      if (failure === 'garbage') return void response.end('<html>\n');
    }
    for (const [index, call] of calls.entries())
      response.write(`${JSON.stringify({ call: { id: `call-${index}`, name: call.name, arguments: JSON.stringify(call.arguments) } })}\n`);
    response.end(`${JSON.stringify({ end: calls.length > 0 ? 'tool_calls' : 'stop' })}\n`);
  }
}
