import { randomBytes } from 'node:crypto';

/** Where a server of one's own listens unless the settings say otherwise. Both are LiveKit's usual ones. */
const HTTP_PORT = 7880;
const MEDIA_PORT = 7882;

/**
 * What the server has to be started with, so that the settings that are there already fit it.
 * @typedef {object} ServerSettings
 * @property {{ http: number, media: number }} ports
 * @property {string} apiKey
 * @property {string} apiSecret
 * @property {string[]} webhookUrls
 * @property {string[]} envLines what `.env` has to contain
 * @property {boolean} areSet whether the settings are there already
 */

/**
 * Reads LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and PORT. Throws when the URL is one of another machine: no server has to be started then.
 * @param {(name: string) => { value: string } | undefined} setting
 * @param {() => string} [newSecret]
 * @returns {ServerSettings}
 */
export function serverSettings(setting, newSecret = () => randomBytes(24).toString('base64url')) {
  const value = (/** @type {string} */ name) => setting(name)?.value;
  const url = new URL(value('LIVEKIT_URL') ?? `ws://127.0.0.1:${HTTP_PORT}`);
  if (!['127.0.0.1', 'localhost'].includes(url.hostname) || !['ws:', 'http:'].includes(url.protocol)) {
    throw new Error(`LIVEKIT_URL is ${url.origin === 'null' ? url.href : url.origin}: that server is used, none has to be started here`);
  }
  const http = Number(url.port || 80);
  const apiKey = value('LIVEKIT_API_KEY') ?? 'devkey';
  const apiSecret = value('LIVEKIT_API_SECRET') ?? newSecret();
  return {
    ports: { http, media: http === HTTP_PORT ? MEDIA_PORT : http + 2 },
    apiKey,
    apiSecret,
    webhookUrls: [`http://127.0.0.1:${value('PORT') ?? 3000}/api/livekit/webhook`],
    envLines: [`LIVEKIT_URL=ws://127.0.0.1:${http}`, `LIVEKIT_API_KEY=${apiKey}`, `LIVEKIT_API_SECRET=${apiSecret}`],
    areSet: ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'].every((name) => value(name) !== undefined),
  };
}
