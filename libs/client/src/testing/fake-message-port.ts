/** One end of a MessagePort. It records what the page posts, and lets a test answer as the worklet would. */
export class FakeMessagePort {
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly posted: unknown[] = [];
  readonly transferred: Transferable[] = [];

  /** `answer` returns what the worklet posts at once in return, or undefined for nothing. */
  constructor(private readonly answer: (message: unknown) => unknown = () => undefined) {}

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.posted.push(message);
    this.transferred.push(...transfer);
    const answer = this.answer(message);
    if (answer !== undefined) this.deliver(answer);
  }

  /** The worklet posts a message to the page. */
  deliver(message: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data: message }));
  }

  /** What the page posted, of one type. */
  ofType(type: string): unknown[] {
    return this.posted.filter((message) => typeof message === 'object' && message !== null && 'type' in message && message.type === type);
  }
}
