import { VERSION, WANTED_GO } from './server-program.mjs';

/** The image for machines with Docker. */
export const IMAGE = `livekit/livekit-server:v${VERSION}`;

/**
 * How a server can be started on this machine.
 * @typedef {{ way: 'program', path: string, from: string } | { way: 'build' } | { way: 'docker' } | { way: 'none', advice: string[] }} Way
 */

/**
 * A program that is there; then Go, whose build is the one that the tests run with; then Docker.
 * @param {{ found: import('./server-program.mjs').FoundServer, isNamed: boolean, hasDocker: () => boolean, hasGo: () => boolean }} machine
 * @returns {Way}
 */
export function chooseWay({ found, isNamed, hasDocker, hasGo }) {
  if (found.path !== undefined) return { way: 'program', path: found.path, from: found.from };
  if (isNamed) return { way: 'none', advice: [found.problem] };
  if (hasGo()) return { way: 'build' };
  if (hasDocker()) return { way: 'docker' };
  return {
    way: 'none',
    advice: [
      `${found.problem}, and there is neither ${WANTED_GO} to build one nor a Docker engine that answers. One of these is enough:`,
      `  - a program livekit-server on the PATH, or LIVEKIT_SERVER_PATH=/path/to/livekit-server (https://github.com/livekit/livekit/releases)`,
      `  - ${WANTED_GO} or newer (https://go.dev/dl): npm run livekit then builds version ${VERSION}, once`,
      `  - Docker: npm run livekit then runs ${IMAGE}`,
      '  - a server elsewhere: put LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET into .env; nothing has to be started then',
    ],
  };
}
