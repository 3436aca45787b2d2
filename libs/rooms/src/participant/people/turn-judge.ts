import { isAddressed } from './address';

/** A turn that has ended, with what is known about its people. Times are on the audio clock of the conversation. */
export interface HeardTurn {
  turn: number;
  text: string;
  fromMs: number;
  toMs: number;
  /** Who has spoken in it and for how long, the longest first. Empty if it was typed, or if nobody was clearly heard. */
  speakers: readonly { identity: string; spokenMs: number }[];
  /** Who has typed a part of it. */
  writers: readonly string[];
  /** How many people are in the room. */
  people: number;
}

export interface TurnJudgeOptions {
  assistantName: string;
  onlyWhenAddressed: boolean;
}

/** Whoever speaks for less within another one's turn has only agreed or coughed. */
const MIN_PART_MS = 400;
/** Whoever speaks within this time after another person's turn answers that person. */
const EXCHANGE_GAP_MS = 2_000;

/** Decides which turns are answered where several people share a conversation. People who talk to each other are left alone. */
export class TurnJudge {
  /** The last turn, unless its answer was heard to the end. */
  private last: { identity: string; toMs: number; turn: number } | undefined;

  constructor(private readonly options: TurnJudgeOptions) {}

  isAnswered(heard: HeardTurn): boolean {
    const isAnswered = this.decide(heard);
    const [first] = heard.speakers;
    this.last = first && { identity: first.identity, toMs: heard.toMs, turn: heard.turn };
    return isAnswered;
  }

  /** The answer to this turn was heard to its end, so that whatever is said next may refer to it. */
  answerHeard(turn: number): void {
    if (this.last?.turn === turn) this.last = undefined;
  }

  private decide({ text, fromMs, speakers, writers, people }: HeardTurn): boolean {
    const { assistantName, onlyWhenAddressed } = this.options;
    if (isAddressed(text, assistantName)) return true;
    if (onlyWhenAddressed) return false;
    // What is written to the room is written to the assistant as well.
    if (people <= 1 || writers.length > 0) return true;
    if (speakers.filter(({ spokenMs }) => spokenMs >= MIN_PART_MS).length > 1) return false;
    const [speaker] = speakers;
    const { last } = this;
    const isReply = speaker && last && last.identity !== speaker.identity && fromMs - last.toMs < EXCHANGE_GAP_MS;
    return !isReply;
  }
}
