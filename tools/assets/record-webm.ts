/**
 * Records one of the recordings as a page does, with Chromium's MediaRecorder in chunks of 100 ms: libs/testing/recordings/<name>.webm, and the lengths of
 * the chunks beside it. Run again when a newer Chromium records otherwise: node tools/run-ts.mjs tools/assets/record-webm.ts clean-time
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';

const name = process.argv[2] ?? 'clean-time';
const target = resolve('libs/testing/recordings');
const microphone = resolve(target, `${name}.wav`);

/** Runs in the page; resolves with the chunks in base64. */
const RECORD_3_SECONDS = `(async () => {
  const unprocessed = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: unprocessed });
  const recorder = new MediaRecorder(stream, { mimeType: 'audio/webm;codecs=opus', audioBitsPerSecond: 24000 });
  const blobs = [];
  recorder.ondataavailable = ({ data }) => blobs.push(data);
  recorder.start(100);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await new Promise((resolve) => {
    recorder.onstop = resolve;
    recorder.stop();
  });
  return Promise.all(blobs.map(async (blob) => btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())))));
})()`;

/** A page needs an origin to be allowed to use a microphone. */
const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>Recorder</title>'));
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphone}%noloop`,
  ],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
const chunks = (await page.evaluate<string[]>(RECORD_3_SECONDS))
  .map((data) => Buffer.from(data, 'base64'))
  .filter(({ length }) => length > 0);
await browser.close();
server.close();

writeFileSync(resolve(target, `${name}.webm`), Buffer.concat(chunks));
writeFileSync(resolve(target, `${name}.chunks.txt`), chunks.map(({ length }) => `${length}\n`).join(''));
