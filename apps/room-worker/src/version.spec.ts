import manifest from '../../../package.json';
import { VERSION } from './version';

it('the worker registers with the version of the product', () => {
  expect(VERSION).toBe(manifest.version);
});
