import type { Audience, EndedTurn } from '@parley/engine';
import type { TurnVerdict } from '@parley/conversation';
import type { SpeakerTimeline } from './speaker-timeline';
import { TurnJudge, type TurnJudgeOptions } from './turn-judge';

export interface RoomAudienceOptions extends TurnJudgeOptions {
  timeline: SpeakerTimeline;
  /** Who holds the floor. */
  holder: () => string | undefined;
  /** The names of the people in the room, by identity. */
  people: () => ReadonlyMap<string, string>;
}

interface Typed {
  identity: string;
  text: string;
}

/** Who has said a turn: known when it has ended. */
export interface TurnAuthor {
  turn: number;
  /** Of those who have spoken or written, the one who did for longest. Undefined if nobody was clearly heard. */
  identity: string | undefined;
}

/** Somebody who spoke in less than this share of a turn is not named as one of its speakers. */
const NAMED_SHARE = 0.25;
const MAX_TYPED = 20;

/** The people of a room, as the conversation sees them: who speaks now, who has said a turn, and whether it is answered. */
export class RoomAudience implements Audience {
  private readonly judgeOf: TurnJudge;
  private readonly typed: Typed[] = [];
  private readonly names = new Map<string, string>();
  private author: TurnAuthor = { turn: 0, identity: undefined };
  private judgedUntilMs = 0;

  constructor(private readonly options: RoomAudienceOptions) {
    this.judgeOf = new TurnJudge(options);
  }

  /** Names are needed only where there has been more than one person. */
  get speaker(): string | undefined {
    const holder = this.options.holder();
    return holder === undefined || !this.areSeveral() ? undefined : this.nameOf(holder);
  }

  /** Another conversation begins, with an audio clock of its own. */
  restart(): void {
    this.options.timeline.restart();
    this.judgedUntilMs = 0;
  }

  /** Somebody has written this to the conversation. */
  wrote(identity: string, text: string): void {
    this.typed.push({ identity, text });
    if (this.typed.length > MAX_TYPED) this.typed.shift();
  }

  judge({ turn, text, heard }: EndedTurn): TurnVerdict {
    const writers = this.takeWriters(text);
    const { timeline } = this.options;
    const isTyped = heard === undefined && writers.length > 0;
    const toMs = heard?.toMs ?? timeline.audioMs;
    const fromMs = heard?.fromMs ?? (isTyped ? toMs : this.judgedUntilMs);
    const speakers = isTyped ? [] : timeline.speakersIn(fromMs, toMs);
    this.judgedUntilMs = toMs;
    const [longest] = speakers;
    this.author = { turn, identity: longest?.identity ?? writers[0] };
    const people = this.options.people().size;
    const isAnswered = this.judgeOf.isAnswered({ turn, text, fromMs, toMs, speakers, writers, people });
    const named = speakers.filter(({ spokenMs }) => spokenMs >= (longest?.spokenMs ?? 0) * NAMED_SHARE).map(({ identity }) => identity);
    const authors = [...new Set([...named, ...writers])];
    return { isAnswered, ...(this.areSeveral() && authors.length > 0 && { speaker: this.listed(authors) }) };
  }

  /** The answer to this turn was heard to its end. */
  answerHeard(turn: number): void {
    this.judgeOf.answerHeard(turn);
  }

  /** Who has said the words of this turn: for sure once it was judged, and before that whoever speaks. */
  authorOf(turn: number): string | undefined {
    return this.author.turn === turn ? this.author.identity : this.options.holder();
  }

  private takeWriters(text: string): string[] {
    const written = this.typed.filter((typed) => text.includes(typed.text.trim()));
    for (const typed of written) this.typed.splice(this.typed.indexOf(typed), 1);
    return [...new Set(written.map(({ identity }) => identity))];
  }

  /** Whether there has ever been more than one person. */
  private areSeveral(): boolean {
    for (const [identity, name] of this.options.people()) this.names.set(identity, name);
    return this.names.size > 1;
  }

  private nameOf(identity: string): string {
    return this.options.people().get(identity) ?? this.names.get(identity) ?? identity;
  }

  private listed(identities: readonly string[]): string {
    const names = identities.map((identity) => this.nameOf(identity));
    const last = names.pop() ?? '';
    return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
  }
}
