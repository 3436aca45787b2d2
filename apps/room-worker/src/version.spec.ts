import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from './version';

it('the worker registers with the version of the product', () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});
