import type { ClientSocket } from '../client-socket';

export interface ReaderWatchOptions {
  socket: Pick<ClientSocket, 'bufferedAmount' | 'ping'>;
  /** The rest of this turn's speech is not sent, because the client reads too slowly. Once for each turn. */
  onCut: (turn: number) => void;
  /** The client has read nothing for too long, and the connection should be ended. */
  onStuck: () => void;
  /** Whether its answers can arrive: not while the socket is not read. Default: they always can. */
  canAnswer?: () => boolean;
  /** Whether the speech of a turn that was cut goes on when the client has read everything that was sent. Default: it does not. */
  goesOn?: boolean;
}

/** More than this waits in our memory for a client that reads too slowly; what the operating system holds comes on top. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const TICK_MS = 1_000;
/** Ticks without progress until the speech is cut, and until the connection is ended. */
const TICKS_UNTIL_CUT = 10;
const TICKS_UNTIL_STUCK = 20;
/** So much speech is followed by a ping, if not a tick brings one before. */
const BYTES_PER_PING = 64 * 1024;
const NUMBER_BYTES = 4;

/**
 * Watches whether a client reads the speech that it is sent. What the operating system has taken tells nothing about that: its buffers hold a
 * minute of speech. So pings follow the speech, and their answers tell how far the client has read. Time is counted in ticks of a timer, which
 * do not pass while this process stands still.
 */
export class ReaderWatch {
  private timer: NodeJS.Timeout | undefined;
  private ticksWithoutProgress = 0;
  private unprobedBytes = 0;
  private lastPing = 0;
  private lastAnswered = 0;
  private turn = 0;
  private cutTurn: number | undefined;
  private isStopped = false;

  constructor(private readonly options: ReaderWatchOptions) {}

  /** Whether speech of this turn may be sent now. */
  admits(turn: number): boolean {
    if (this.isStopped) return false;
    this.turn = turn;
    if (this.isCut(turn)) return false;
    const isSlow = this.ticksWithoutProgress >= TICKS_UNTIL_CUT || this.options.socket.bufferedAmount > MAX_UNSENT_BYTES;
    if (isSlow) this.cut(turn);
    return !isSlow;
  }

  /** Speech was given to the socket. */
  sent(bytes: number): void {
    if (this.isStopped) return;
    this.unprobedBytes += bytes;
    if (this.unprobedBytes >= BYTES_PER_PING) this.ping();
    this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** The client has answered a ping. */
  answered(data: Uint8Array): void {
    if (data.length !== NUMBER_BYTES) return;
    const number = Buffer.from(data).readUInt32BE();
    // Later answers stand for earlier ones. One to a ping that was not sent says nothing.
    if (number <= this.lastAnswered || number > this.lastPing) return;
    this.lastAnswered = number;
    this.ticksWithoutProgress = 0;
  }

  /** Nothing more is sent. Idempotent. */
  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private get hasRead(): boolean {
    return this.unprobedBytes === 0 && this.lastAnswered === this.lastPing;
  }

  private isCut(turn: number): boolean {
    if (this.cutTurn === turn && this.options.goesOn === true && this.hasRead) this.cutTurn = undefined;
    return this.cutTurn === turn;
  }

  private tick(): void {
    if (this.hasRead) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    if (this.unprobedBytes > 0) this.ping();
    if (this.options.canAnswer?.() === false) return;
    this.ticksWithoutProgress += 1;
    if (this.ticksWithoutProgress === TICKS_UNTIL_CUT && !this.isCut(this.turn)) this.cut(this.turn);
    if (this.ticksWithoutProgress >= TICKS_UNTIL_STUCK) {
      this.stop();
      this.options.onStuck();
    }
  }

  private cut(turn: number): void {
    this.cutTurn = turn;
    this.options.onCut(turn);
  }

  private ping(): void {
    this.unprobedBytes = 0;
    this.lastPing += 1;
    const data = Buffer.alloc(NUMBER_BYTES);
    data.writeUInt32BE(this.lastPing);
    this.options.socket.ping(data);
  }
}
