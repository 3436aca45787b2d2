import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { build } from 'esbuild';
import { launch } from '../../support/browser';
import type { RoomAsShown } from '../components-page/observe-room';

const SCRIPT = join(import.meta.dirname, '../components-page/observe-room.ts');
const DOCUMENT = '<!doctype html><script src="script.js"></script>';

/**
 * A page of somebody else, which has nothing of ours: LiveKit's own client and the readers of its components, as they are published. The caller
 * must close it.
 */
export class ComponentsPage {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async open(): Promise<ComponentsPage> {
    const { outputFiles } = await build({ entryPoints: [SCRIPT], bundle: true, write: false, format: 'iife', platform: 'browser' });
    const server = createServer(({ url }, response) => {
      if (url === '/script.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(outputFiles[0].text);
      else response.writeHead(200, { 'content-type': 'text/html' }).end(DOCUMENT);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launch('silent', true);
    const page = new ComponentsPage(server, browser, await browser.newPage());
    await page.page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return page;
  }

  /** Joins, and begins to observe. */
  async join({ url, token }: { url: string; token: string }): Promise<void> {
    await this.page.evaluate(([address, secret]) => window.watchRoom(address, secret), [url, token] as const);
  }

  async write(text: string): Promise<void> {
    await this.page.evaluate((message) => window.writeChat(message), text);
  }

  /** What the components would show by now. */
  shown(): Promise<RoomAsShown> {
    return this.page.evaluate(() => window.shown);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    this.server.closeAllConnections();
  }
}
