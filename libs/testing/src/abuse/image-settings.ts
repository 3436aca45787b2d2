import { readFileSync } from 'node:fs';
import { workspaceFile } from '../client/workspace';

/** The settings of the memory allocator that the image has. Without them, a process keeps what a flood once took. */
export function allocatorSettings(): Record<string, string> {
  const dockerfile = readFileSync(workspaceFile('deploy/Dockerfile'), 'utf8');
  return Object.fromEntries([...dockerfile.matchAll(/\b(MALLOC_\w+_)=(\d+)/g)].map(([, name, value]) => [name, value]));
}
