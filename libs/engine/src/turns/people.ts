import type { TurnVerdict } from '@parley/conversation';
import { type Connection, describeError, type EndedTurn, type EngineLogger } from '../ports';

type PeopleEvent = { type: 'speaker_changed'; speaker: string | undefined } | ({ type: 'turn_judged'; turn: number } & TurnVerdict);

export interface PeopleOptions {
  connection: Pick<Connection, 'audience' | 'options'>;
  logger: EngineLogger;
  dispatch: (event: PeopleEvent) => void;
}

/** Makes events of what the audience of a conversation says about its people. Without an audience there are none. */
export class People {
  private speaker: string | undefined;

  constructor(private readonly options: PeopleOptions) {}

  /** Looks who speaks. To be called with every frame, before the frame is heard. */
  look(): void {
    const { audience } = this.options.connection;
    if (audience === undefined || audience.speaker === this.speaker) return;
    this.speaker = audience.speaker;
    this.options.dispatch({ type: 'speaker_changed', speaker: this.speaker });
  }

  /** An audience that fails has not kept the turn from being answered. */
  judge(turn: EndedTurn): void {
    this.options.dispatch({ type: 'turn_judged', turn: turn.turn, ...this.verdictOn(turn) });
  }

  private verdictOn(turn: EndedTurn): TurnVerdict {
    const { connection, logger } = this.options;
    try {
      return connection.audience?.judge(turn) ?? { isAnswered: true };
    } catch (error) {
      logger.error('unexpected failure', { conversationId: connection.options.conversationId, error: describeError(error) });
      return { isAnswered: true };
    }
  }
}
