import { CloseCode, type EndReason } from '@parley/protocol';

/** What a link tries to get over by itself: the server never answered, the connection broke, or the server is being restarted. */
export type RetryCause = 'unreachable' | 'lost' | 'draining';

/**
 * Why a link is over: the server ended it normally or because of a problem, refused the connection, said why there will be no conversation, or
 * speaks another version of the protocol; or one of the causes for trying again, which did not help in time.
 */
export type LinkClosure = 'ended' | 'failed' | 'refused' | 'declined' | 'mismatched' | RetryCause;

/** The end of a conversation in the page's words. */
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

/** The close codes of the protocol in the page's words; whatever is not listed there is a broken line. */
export function closureOf(code: number): LinkClosure {
  switch (code) {
    case CloseCode.normal:
      return 'ended';
    case CloseCode.draining:
      return 'draining';
    case CloseCode.refused:
    case CloseCode.tooBig:
      return 'refused';
    default:
      return 'lost';
  }
}

/** Whether trying again may help. */
export const isRetried = (closure: LinkClosure): closure is RetryCause =>
  closure === 'unreachable' || closure === 'lost' || closure === 'draining';
