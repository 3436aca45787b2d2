/** Prints the path of this machine's LiveKit server, for programs that cannot import ES modules of the tools; else says why there is none. */
import { findServer } from './server-program.mjs';

const found = findServer();
if (found.path !== undefined) {
  console.log(found.path);
} else {
  console.error(found.problem);
  process.exitCode = 1;
}
