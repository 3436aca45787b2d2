import { CloseCode, type EndReason } from '@parley/protocol';

/**
 * The causes after which a link tries again by itself: the server never answered, the connection broke, the server restarts, or it takes no new
 * conversation just now.
 */
export type RetryCause = 'unreachable' | 'lost' | 'draining' | 'busy';

/**
 * Why a link is over: the server ended it normally or because of a problem, refused the connection, declined the conversation, or speaks
 * another version of the protocol. Or one of the causes for trying again, if no attempt has succeeded in time.
 */
export type LinkClosure = 'ended' | 'failed' | 'refused' | 'declined' | 'mismatched' | RetryCause;

/** Translates the end of a conversation. */
export function closureFor(reason: EndReason): LinkClosure {
  switch (reason) {
    case 'client':
    case 'inactivity_timeout':
      return 'ended';
    case 'server_shutdown':
      return 'draining';
    case 'error':
      return 'failed';
  }
}

/** Translates the close codes of the protocol. Any other code means that the connection broke. */
export function closureOf(code: number): LinkClosure {
  switch (code) {
    case CloseCode.normal:
      return 'ended';
    case CloseCode.draining:
      return 'draining';
    case CloseCode.tryAgainLater:
      return 'busy';
    case CloseCode.refused:
    case CloseCode.tooBig:
      return 'refused';
    default:
      return 'lost';
  }
}

/** Whether trying again may help. */
export const isRetried = (closure: string): closure is RetryCause =>
  closure === 'unreachable' || closure === 'lost' || closure === 'draining' || closure === 'busy';
