import type { Fault } from './fault';

/** Throws a RangeError for a status or close code that cannot go over the wire, and for a place that does not exist. */
export function checkFault(fault: Fault): void {
  if (fault.kind === 'refuse' && !(fault.status >= 300 && fault.status <= 599))
    throw new RangeError(`cannot refuse with status ${fault.status}`);
  if ('upTo' in fault && fault.upTo !== undefined && fault.upTo < (fault.afterBytes ?? fault.afterFrames ?? 0))
    throw new RangeError(`a fault cannot come up to ${fault.upTo}, which is before its first place`);
  if (fault.kind === 'close' || fault.kind === 'error-then-close') {
    const code = fault.code ?? 1011;
    const sendable = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
    if (!sendable) throw new RangeError(`a close frame cannot have code ${code}; for 1006 use drop`);
  }
}
