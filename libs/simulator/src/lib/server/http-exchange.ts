import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../faults/fault';
import { FaultScope, type FaultActions } from '../faults/fault-scope';
import { Trickle } from '../faults/trickle';
import { headerOf, requestUrl } from './request';

/** What a vendor's HTTP endpoint sends when it fails in the middle of an answer. */
export interface HttpFailure {
  /** Sent before the end on an `error-chunk`; when left out, the body is just truncated. */
  errorChunk?: string;
  garbage: string;
  /** The answer when the quota is used up. */
  quota?: { status: number; body: object };
}

/** One HTTP request and its answer, with its faults. */
export class HttpExchange<F extends Fault = Fault> {
  readonly url: URL;
  /** The fault scope that the whole body is sent through. */
  readonly scope: FaultScope<F>;
  readonly #gone = new AbortController();
  readonly #late = new Set<NodeJS.Timeout>();
  readonly #trickle = new Trickle((byte) => void (this.#over || this.response.write(byte)));
  #goneAtMs = 0;
  #endAfterLateFrames = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    fault: F | undefined,
    failure: HttpFailure,
    onClosed: () => void,
  ) {
    this.url = requestUrl(request);
    this.scope = new FaultScope(fault, this.#target(failure));
    response.once('close', () => {
      for (const timer of this.#late) clearTimeout(timer);
      this.#trickle.stop();
      if (!response.writableFinished) {
        this.#goneAtMs = performance.now();
        this.#gone.abort();
      }
      onClosed();
    });
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  /** Aborted when the client left before the answer was complete. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** `performance.now()` when the client left. */
  get goneAtMs(): number {
    return this.#goneAtMs;
  }

  header(name: string): string | undefined {
    return headerOf(this.request, name);
  }

  /** The whole body as text, or undefined when it is longer than `limitBytes` or the client left. */
  async text(limitBytes: number): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of this.request) {
        const bytes: Buffer = chunk;
        size += bytes.length;
        if (size <= limitBytes) chunks.push(bytes);
      }
    } catch {
      return undefined;
    }
    return size <= limitBytes ? Buffer.concat(chunks).toString('utf8') : undefined;
  }

  /** Sends the headers of a streamed answer. */
  head(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.#over || this.scope.silent) return;
    this.response.writeHead(status, headers);
    this.response.flushHeaders();
    this.scope.begin();
  }

  /** Ends a streamed answer, after the chunks that a fault holds back. */
  end(): void {
    // What comes a byte at a time never comes to its end.
    if (this.#over || this.scope.silent || this.scope.is('trickle')) return;
    if (this.#late.size > 0) this.#endAfterLateFrames = true;
    else this.response.end();
  }

  /** Answers in one piece. */
  json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.#whole(status, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json', ...headers });
  }

  /** Answers with bytes in one piece. */
  bytes(body: Buffer, headers: Readonly<Record<string, string>>): void {
    this.#whole(200, body, headers);
  }

  /** Answers with an error; if the answer has begun already, cuts it off. */
  fail(status: number, body: unknown): void {
    if (this.response.headersSent) this.response.destroy();
    else this.json(status, body);
  }

  /** Applies a fault to the request. False when the fault needs a new request; then this one is cut off. */
  injectFault(fault: F): boolean {
    if (this.#over || this.scope.silent) return false;
    if (fault.kind === 'refuse' || fault.kind === 'slow-headers') {
      this.response.socket?.destroy();
      return false;
    }
    this.scope.setFault(fault);
    if (this.response.headersSent) this.scope.begin();
    else this.begin();
    return true;
  }

  /** Triggers a fault that is due before the answer begins. False when nothing will be answered. */
  begin(): boolean {
    // Garbage and error chunks need headers before them.
    if (!this.scope.is('garbage') && !this.scope.is('error-chunk')) this.scope.begin();
    return !this.scope.silent;
  }

  #whole(status: number, body: Buffer, headers: Readonly<Record<string, string>>): void {
    // A fault may change the body, so its length cannot be announced.
    this.head(status, this.scope.fault ? headers : { 'content-length': String(body.length), ...headers });
    this.scope.send(body);
    this.end();
  }

  get #over(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  #target(failure: HttpFailure): FaultActions {
    const { response } = this;
    const write = (data: string | Buffer): void => void (this.#over || response.write(data));
    return {
      cutsFrames: true,
      deliver: write,
      deliverLate: (data, delayMs) => {
        const timer = setTimeout(() => {
          write(data);
          this.#late.delete(timer);
          if (this.#late.size === 0 && this.#endAfterLateFrames) response.end();
        }, delayMs);
        this.#late.add(timer);
      },
      trickle: (data, everyMs) => this.#trickle.push(data, everyMs),
      repeat: (data) => {
        const more = (): void => {
          while (!this.#over && response.write(data));
          if (!this.#over) response.once('drain', more);
        };
        more();
      },
      drop: () => {
        // What was written goes out first: Node holds it back until the end of the event loop's turn.
        response.socket?.uncork();
        response.socket?.destroy();
      },
      reset: () => void response.socket?.resetAndDestroy(),
      freeze: () => undefined,
      halfClose: () => void response.socket?.end(),
      garbage: () => write(failure.garbage),
      fail: (fault) => {
        if (fault.kind === 'quota') return answerOrBreakOff(response, failure.quota);
        if (fault.kind !== 'error-chunk') return;
        if (failure.errorChunk === undefined) response.socket?.destroy();
        else response.end(failure.errorChunk);
      },
    };
  }
}

/** Answers with an error, or ends the connection if the answer has begun. */
function answerOrBreakOff(response: ServerResponse, answer: HttpFailure['quota']): void {
  if (response.headersSent || !answer) return void response.socket?.destroy();
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
}
