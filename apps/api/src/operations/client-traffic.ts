import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Counter, Gauge, Registry } from 'prom-client';

type Direction = 'in' | 'out';

/** Counts for `/metrics` the bytes of all connections of clients. The sockets count them anyway, so a message costs nothing more. */
@Injectable()
export class ClientTraffic implements OnModuleInit {
  private readonly open = new Set<Socket>();
  /** The bytes of connections that are closed. */
  private readonly past: Record<Direction, number> = { in: 0, out: 0 };

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Registry) registry: Registry,
  ) {
    const totals = (): Record<Direction, number> => this.totals();
    const unsent = (): number => [...this.open].reduce((sum, { writableLength }) => sum + writableLength, 0);
    new Counter({
      name: 'parley_client_bytes_total',
      help: 'Bytes that clients sent (in) and were sent (out), over HTTP and over sockets.',
      labelNames: ['direction'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [direction, bytes] of Object.entries(totals())) this.inc({ direction }, bytes);
      },
    });
    new Gauge({
      name: 'parley_client_unsent_bytes',
      help: 'Bytes that wait for clients that read more slowly than they are sent.',
      registers: [registry],
      collect() {
        this.set(unsent());
      },
    });
  }

  onModuleInit(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => {
        this.open.delete(socket);
        this.past.in += socket.bytesRead;
        this.past.out += socket.bytesWritten;
      });
    });
  }

  private totals(): Record<Direction, number> {
    const sum = { ...this.past };
    for (const { bytesRead, bytesWritten } of this.open) {
      sum.in += bytesRead;
      sum.out += bytesWritten;
    }
    return sum;
  }
}
