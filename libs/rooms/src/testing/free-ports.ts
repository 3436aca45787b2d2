import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LiveKitPorts } from './livekit-config';

const LOOPBACK = '127.0.0.1';

/** Ports of this machine that nothing listened on a moment ago. Another program may still be faster: whoever uses them tries again then. */
export async function freePorts(): Promise<LiveKitPorts> {
  return { http: await freeTcpPort(), media: await freeUdpPort() };
}

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return address.port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
