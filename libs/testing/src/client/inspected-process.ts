import { WebSocket } from 'ws';
import { once } from 'node:events';

/** The resources of a process at one moment, after a forced garbage collection. */
export interface Holdings {
  readonly heapBytes: number;
  /** `process.getActiveResourcesInfo()`, counted: `Timeout`, `TCPSocketWrap`, `ProcessWrap` and so on. */
  readonly resources: Readonly<Record<string, number>>;
  /** The abort signals in memory, and the listeners on all of them. */
  readonly abortSignals: number;
  readonly abortListeners: number;
}

/** The memory of a process, in bytes. */
export interface Memory {
  readonly heapBytes: number;
  /** Buffers and other memory outside the heap. */
  readonly externalBytes: number;
  readonly residentBytes: number;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Environment variables for a process that is to be inspected: they open its debugger on a free port of this machine. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

const ADDRESS = /Debugger listening on (ws:\/\/127\.0\.0\.1:\d+\/\S+)/;
const COUNT_RESOURCES = `(() => {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
})()`;
const COUNT_LISTENERS = `function () {
  const { getEventListeners } = process.getBuiltinModule('node:events');
  return { signals: this.length, listeners: this.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0) };
}`;

/** Inspects a process through its debugger, which shows more than the process reports itself. The caller must close it. */
export class InspectedProcess {
  private nextId = 1;
  private readonly answers = new Map<number, (answer: Answer) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString('utf8')) as Answer;
      if (answer.id !== undefined) this.answers.get(answer.id)?.(answer);
    });
  }

  /** `log`: what the process, started with `INSPECTABLE`, has written. */
  static async connect(log: string): Promise<InspectedProcess> {
    const address = ADDRESS.exec(log)?.[1];
    if (address === undefined) throw new Error('the process does not let itself be inspected');
    const socket = new WebSocket(address, { perMessageDeflate: false });
    await once(socket, 'open');
    return new InspectedProcess(socket);
  }

  /** Collects all garbage, and counts what is left. */
  async holdings(): Promise<Holdings> {
    await this.collect();
    const { usedSize } = (await this.call('Runtime.getHeapUsage')) as { usedSize: number };
    const resources = (await this.evaluate(COUNT_RESOURCES)) as Record<string, number>;
    return { heapBytes: usedSize, resources, ...(await this.countAbortListeners()) };
  }

  /** Collects all garbage, and measures what is left. */
  async memory(): Promise<Memory> {
    await this.collect();
    const usage = (await this.evaluate('process.memoryUsage()')) as NodeJS.MemoryUsage;
    return { heapBytes: usage.heapUsed, externalBytes: usage.external, residentBytes: usage.rss };
  }

  close(): void {
    this.socket.terminate();
  }

  private async collect(): Promise<void> {
    // Objects that the first collection finalises are freed by the second.
    for (let round = 0; round < 2; round++) await this.call('HeapProfiler.collectGarbage');
  }

  private async countAbortListeners(): Promise<{ abortSignals: number; abortListeners: number }> {
    const prototype = (await this.call('Runtime.evaluate', { expression: 'AbortSignal.prototype' })) as { result: { objectId: string } };
    const found = (await this.call('Runtime.queryObjects', { prototypeObjectId: prototype.result.objectId })) as {
      objects: { objectId: string };
    };
    const counted = (await this.call('Runtime.callFunctionOn', {
      objectId: found.objects.objectId,
      functionDeclaration: COUNT_LISTENERS,
      returnByValue: true,
    })) as { result: { value: { signals: number; listeners: number } } };
    // The list itself would keep every signal alive.
    await this.call('Runtime.releaseObject', { objectId: found.objects.objectId });
    const { signals, listeners } = counted.result.value;
    return { abortSignals: signals, abortListeners: listeners };
  }

  private async evaluate(expression: string): Promise<unknown> {
    const { result } = (await this.call('Runtime.evaluate', { expression, returnByValue: true })) as { result: { value: unknown } };
    return result.value;
  }

  private async call(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = this.nextId++;
    const answer = await new Promise<Answer>((resolve) => {
      this.answers.set(id, resolve);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    this.answers.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }
}
