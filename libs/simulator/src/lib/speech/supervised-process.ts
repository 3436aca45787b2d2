import { fork, type ChildProcess } from 'node:child_process';
import type { ChildNotice } from './child-messages.ts';

/** What the owner of a supervised process is told. Every call but `onMessage` is a change of state. */
export interface SupervisedProcessEvents<FromChild> {
  /** The process (or its replacement) is loaded and takes messages. */
  onReady(): void;
  onMessage(message: FromChild): void;
  /** A ready process ended by itself; a replacement is being started. */
  onLost(reason: string): void;
  /** No process will ever be ready: its parts are missing, or it ended again and again while loading. */
  onGivenUp(reason: string, remedy: string): void;
}

export interface SupervisedProcessOptions<ToChild, FromChild> extends SupervisedProcessEvents<FromChild> {
  childPath: string;
  /** Sent first to each process; answered with a `ChildNotice`. */
  loadMessage: ToChild;
}

const MAX_FAILED_LOADS = 3;
const FIRST_RESTART_DELAY_MS = 200;
const CLOSE_GRACE_MS = 2000;
const MAX_ERROR_TEXT = 2000;

/** One child process that is kept running: loaded, and replaced when it ends. Owned and closed by a pool. */
export class SupervisedProcess<ToChild extends object, FromChild extends object> {
  private readonly options: SupervisedProcessOptions<ToChild, FromChild>;
  /** Every process not yet gone, so that `close` can wait for all of them; the current one is among them. */
  private readonly alive = new Map<ChildProcess, Promise<string>>();
  private current: ChildProcess | undefined;
  private ready = false;
  private closed = false;
  private failedLoads = 0;
  private restartTimer: NodeJS.Timeout | undefined;

  constructor(options: SupervisedProcessOptions<ToChild, FromChild>) {
    this.options = options;
    this.start();
  }

  /** The current process, for diagnosis. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** Sends to the ready process; a message to one that is just ending is lost, and `onLost` follows. */
  send(message: ToChild): void {
    this.current?.send(message, () => undefined);
  }

  /** Kills a process that does not answer and starts another one: `onReady` again, without `onLost`. */
  replace(): void {
    if (this.closed) return;
    this.ready = false;
    this.current?.kill('SIGKILL');
    this.start();
  }

  /** Ends the process (politely, then by force) and resolves when it is gone. Idempotent. */
  async close(): Promise<void> {
    this.closed = true;
    this.ready = false;
    this.current = undefined;
    clearTimeout(this.restartTimer);
    await Promise.all([...this.alive].map(([child, gone]) => endProcess(child, gone)));
  }

  private start(): void {
    const { childPath, loadMessage, onMessage } = this.options;
    const child = fork(childPath, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.current = child;
    const gone = endOf(child);
    this.alive.set(child, gone);
    void gone.then((reason) => this.ended(child, reason));
    child.on('message', (message) => {
      if (child !== this.current) return;
      const notice = message as ChildNotice | FromChild;
      if (!isNotice(notice)) onMessage(notice);
      else if (notice.type === 'ready') this.becomeReady();
      else this.giveUp(notice.reason, notice.remedy);
    });
    child.send(loadMessage, () => undefined);
  }

  private becomeReady(): void {
    this.ready = true;
    this.failedLoads = 0;
    this.options.onReady();
  }

  private giveUp(reason: string, remedy: string): void {
    const child = this.current;
    this.current = undefined;
    if (child?.connected === true) child.disconnect();
    this.options.onGivenUp(reason, remedy);
  }

  private ended(child: ChildProcess, reason: string): void {
    this.alive.delete(child);
    if (child !== this.current) return;
    this.current = undefined;
    if (this.ready) {
      this.ready = false;
      // The owner's reaction may be to close.
      this.options.onLost(reason);
      if (!this.closed) this.start();
      return;
    }
    this.failedLoads++;
    if (this.failedLoads >= MAX_FAILED_LOADS) {
      this.giveUp(`the speech process ended ${MAX_FAILED_LOADS} times while loading, at last: ${reason}`, 'npm ci');
      return;
    }
    this.restartTimer = setTimeout(() => this.start(), FIRST_RESTART_DELAY_MS * 2 ** (this.failedLoads - 1));
  }
}

function isNotice(message: ChildNotice | object): message is ChildNotice {
  return 'type' in message && (message.type === 'ready' || message.type === 'unavailable');
}

/**
 * Resolves when the process is gone and its output is complete, with how it ended. Not by its 'close' event: that stays
 * away when the channel was disconnected while a message was being handled.
 */
async function endOf(child: ChildProcess): Promise<string> {
  let errorText = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => (errorText = (errorText + text).slice(-MAX_ERROR_TEXT)));
  const lastWord = new Promise((resolve) => child.stderr?.once('close', resolve));
  const how = await new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code ?? 'unknown'}` : signal));
    // A process that could not be started has no exit.
    child.on('error', (error) => child.pid === undefined && resolve(error.message));
  });
  if (child.pid !== undefined) await lastWord;
  // Of a stack trace, the line that says what happened.
  const errorLine = /^\w*Error\b.*$/m.exec(errorText)?.[0] ?? errorText.trim().split('\n').at(-1);
  return errorLine === undefined || errorLine === '' ? how : `${how}: ${errorLine}`;
}

async function endProcess(child: ChildProcess, gone: Promise<string>): Promise<void> {
  const force = setTimeout(() => child.kill('SIGKILL'), CLOSE_GRACE_MS);
  if (child.connected) child.disconnect();
  await gone;
  clearTimeout(force);
}
