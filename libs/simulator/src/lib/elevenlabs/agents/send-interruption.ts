import type { AgentEvents } from './agent-events';
import { audioFrame, correctionFrame, interruptionFrame } from './agent-frames';
import type { AgentReply } from './agent-reply';

/**
 * Tells the client that a reply was interrupted, and which part of its text was heard. With the fault `late-audio`, audio of that reply
 * follows the interruption, with event ids below and equal to the interruption's.
 */
export function sendInterruption(events: AgentEvents, { announced, lastAudio, scope }: AgentReply, heard: string): void {
  const late =
    scope.is('late-audio') && lastAudio !== undefined ? { audio: lastAudio, ids: [events.nextId(), events.nextId()] } : undefined;
  const eventId = events.nextId();
  events.send(interruptionFrame(eventId));
  if (late) for (const id of [...late.ids, eventId]) events.send(audioFrame(id, late.audio, undefined));
  if (announced && heard !== announced.text.trim()) {
    events.send(correctionFrame(announced.eventId, announced.text, heard === '' ? '' : `${heard}…`));
  }
}
