import { type ChildProcess, spawn } from 'node:child_process';

/** Its input ends when the process that holds the other end does, also when that is killed. */
const GUARD = 'read -r _; kill -KILL "$0"';

/** Makes sure that the child does not outlive this process, even if this one is killed and can do nothing about it. */
export function endWithThisProcess(child: ChildProcess): void {
  // A group of its own: what a terminal's Ctrl+C ends must not be the guard.
  const guard = spawn('/bin/sh', ['-c', GUARD, String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // It must not keep this process alive either.
  guard.unref();
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  // Another process may get the same number later.
  child.once('exit', () => guard.kill('SIGKILL'));
}
