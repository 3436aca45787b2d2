import { EnvironmentError } from './parse-environment';

/** The explanations by the error code of the operating system. */
const EXPLANATIONS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'The port is in use. Set PORT to another one.'],
  ['EACCES', 'This user may not listen on the port. Set PORT to one above 1023.'],
  ['EADDRNOTAVAIL', 'HOST is no address of this machine.'],
  ['ENOTFOUND', 'HOST is no address of this machine.'],
  ['EAI_AGAIN', 'HOST is no address of this machine.'],
  ['EINVAL', 'HOST is no address that can be listened on.'],
]);

/** Says why the server does not start: in plain words when whoever runs it can change that, otherwise with the stack of the error. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const isListening = 'syscall' in error && /^(?:listen|bind|getaddrinfo)/.test(String(error.syscall));
  return (isListening && 'code' in error && EXPLANATIONS.get(error.code)) || (error.stack ?? error.message);
}
