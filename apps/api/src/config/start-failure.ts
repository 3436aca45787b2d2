import { EnvironmentError } from './parse-environment';

/** By the system's code. */
const PLAIN: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'The port is in use. Set PORT to another one.'],
  ['EACCES', 'This user may not listen on the port. Set PORT to one above 1023.'],
  ['EADDRNOTAVAIL', 'HOST is no address of this machine.'],
  ['ENOTFOUND', 'HOST is no address of this machine.'],
  ['EAI_AGAIN', 'HOST is no address of this machine.'],
  ['EINVAL', 'HOST is no address that can be listened on.'],
]);

/** Why the server does not start: in plain words where it is for whoever runs it to change, else with the place. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const isListening = 'syscall' in error && /^(?:listen|bind|getaddrinfo)/.test(String(error.syscall));
  return (isListening && 'code' in error && PLAIN.get(error.code)) || (error.stack ?? error.message);
}
